"""The gates G-01 … G-38: every blocking rule as a pure function of facts and act, and which form asks which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain import holds
from app.domain.gates import (
    acceptance,
    approval,
    construction,
    funds,
    inspection,
    library,
    planning,
    procurement,
    review,
)
from app.domain.refusals import Refusal, distinct

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import ProjectFacts

Gate = Callable[["ProjectFacts", "Act"], Iterator[Refusal]]

GATES: Mapping[str, Gate] = MappingProxyType(
    {
        "G-01": planning.g01,
        "G-02": review.g02,
        "G-03": planning.g03,
        "G-04": review.g04,
        "G-05": review.g05,
        "G-06": planning.g06,
        "G-07": planning.g07,
        "G-08": planning.g08,
        "G-09": review.g09,
        "G-10": funds.g10,
        "G-11": approval.g11,
        "G-12": funds.g12,
        "G-13": approval.g13,
        "G-14": procurement.g14,
        "G-15": procurement.g15,
        "G-16": procurement.g16,
        "G-17": construction.g17,
        "G-18": construction.g18,
        "G-19": library.g19,
        "G-20": library.g20,
        "G-21": funds.g21,
        "G-22": funds.g22,
        "G-23": funds.g23,
        "G-24": acceptance.g24,
        "G-25": acceptance.g25,
        "G-26": acceptance.g26,
        "G-27": acceptance.g27,
        "G-28": funds.g28,
        "G-29": funds.g29,
        "G-30": funds.g30,
        "G-31": funds.g31,
        "G-32": review.g32,
        "G-33": acceptance.g33,
        "G-34": review.g34,
        "G-35": inspection.g35,
        "G-36": inspection.g36,
        "G-37": funds.g37,
        "G-38": planning.g38,
        "M-01": funds.m01,
        "M-02": approval.m02,
    }
)
"""Gate id → its function. M-01 is the sum rule of specification §4.3 for payments, M-02 that of P-03A for estimates."""

GATES_OF_FORM: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "f01": ("G-38",),
        "f02": ("G-38", "G-01", "G-03", "G-08", "G-30"),
        "f02s": ("G-01", "G-03", "G-06"),
        "f02g": ("G-06",),
        "f03": ("G-38", "G-20", "G-07", "G-02", "G-03", "G-04", "G-32"),
        "f05": ("G-09",),
        "f05e": ("G-09",),
        "f05g": ("G-09", "G-02"),
        "f06": ("G-02", "G-05", "G-34"),
        "f07": ("G-20", "G-13"),
        "f08": ("G-13", "G-11", "G-05", "M-02"),
        "f09": ("G-20", "G-12", "G-13", "G-19", "G-21", "G-22", "G-23", "G-28", "G-29", "G-30", "G-31"),
        "f10": ("G-20",),
        "f12": ("G-14", "G-15", "G-10", "G-16"),
        "f12r": ("G-14", "G-16"),
        "f13": ("G-14", "G-16", "G-18"),
        "f15k": ("G-17",),
        "f16a": ("G-27", "G-04", "G-33"),
        "f16h": ("G-04",),
        "f16m": ("G-24",),
        "f16g": ("G-24", "G-25"),
        "f18": ("G-26", "G-28", "G-18", "G-21", "G-29", "G-34", "G-37", "M-01"),
        "f18p": ("G-26", "G-28", "G-37"),
        "f20a": ("G-21", "G-28", "G-29", "G-30", "G-34"),
        "f26": ("G-36",),
        "f29": ("G-08",),
    }
)
"""Form id → the gates that its recorder asks.

Holds are asked besides. F-00c confirming a filing asks G-33 by its task.
"""

EVERYWHERE = ("G-38", "G-20")
"""Gates of which every recorder of a project's form asks: an exempt or removed project takes no further act."""


def check(gates: Iterable[str], facts: ProjectFacts, act: Act) -> tuple[Refusal, ...]:
    """Return the refusals of these gates, each reason once. Raises KeyError for a gate that does not exist."""
    return distinct(refusal for gate in gates for refusal in GATES[gate](facts, act))


def check_form(facts: ProjectFacts, act: Act) -> tuple[Refusal, ...]:
    """Return everything that forbids recording this form: its gates and the holds in force, all at once."""
    named = (*EVERYWHERE, *GATES_OF_FORM.get(act.form_id, ()))
    refusals = [refusal for gate in dict.fromkeys(named) for refusal in GATES[gate](facts, act)]
    return distinct((*refusals, *_not_said(holds.blocking(facts, act), refusals)))


def _not_said(blocking: Iterable[Refusal], said: Iterable[Refusal]) -> Iterator[Refusal]:
    """Yield the holds that no gate has named already (G-23 and G-34 speak for their holds in words of their own)."""
    gates = {refusal.gate for refusal in said}
    for refusal in blocking:
        spoken = {"G-34"} if refusal.hold == "H-SHARE" else {refusal.gate} if refusal.hold == "H-NOSTART" else set()
        if not spoken & gates:
            yield refusal
