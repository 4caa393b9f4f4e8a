"""The end of a project: which processes may still run of one that has left, and that nothing else does (§4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.articles import Article, implements
from app.domain.refusals import Link, Refusal
from app.domain.states import FINAL, LABELS, State

REMOVED = Article(18, "自动剔除出库")
TERMINATED = Article(31, "直至终止项目")
OTHERWISE = Article(34, "按照相关规定执行")

_LOOKS_BACK = frozenset({"p15_inspection", "p16_audit", "p20_hold"})
"""Supervision, audit and the record of holds look at what has happened."""
GOES_ON: Mapping[State, frozenset[str]] = MappingProxyType(
    {
        State.WITHDRAWN: _LOOKS_BACK,
        State.REJECTED: _LOOKS_BACK,
        State.SCRAPPED: _LOOKS_BACK | {"p11_payment"},
        State.TERMINATED: _LOOKS_BACK | {"p11_payment"},
        State.REMOVED: frozenset(),
        State.EXEMPT: frozenset(),
    }
)
"""Final state → processes that go on: of a removed or exempt project none, of a terminated one settlement, audit and
the order that led to it (specification §4.5)."""
DEADLINES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"p15_inspection": ("order", "documents"), "p16_audit": ("audit", "documents"), "p11_payment": ("payment",)}
)
"""Process that may go on → the deadlines that run on with it."""


def states_of(process: str) -> tuple[State, ...]:
    """Return the final states in which this process may still run."""
    return tuple(state for state, processes in GOES_ON.items() if process in processes)


def kept_deadlines(state: State) -> frozenset[str]:
    """Return the kinds of deadlines that run on after a project has ended in this state."""
    return frozenset(kind for process in GOES_ON[state] for kind in DEADLINES.get(process, ()))


@implements(REMOVED, TERMINATED, OTHERWISE, ids=("§4.5",))
def refusals(state: State, process: str) -> tuple[Refusal, ...]:
    """Return why this process cannot be begun for a project in this state; nothing while the project has not ended."""
    if state not in FINAL or process in GOES_ON[state]:
        return ()
    article = {State.REMOVED: REMOVED, State.EXEMPT: OTHERWISE}.get(state, TERMINATED)
    return (
        Refusal(
            gate="STATE",
            articles=(article.number,),
            message="项目已经结束，现处于“%(state)s”，不能再发起这项办理。",
            remedy="需要再办的，请作为新项目申报，并关联原项目。",
            holder_role="unit_clerk",
            link=Link("form", "f02"),
            values={"state": LABELS[state].zh},
        ),
    )
