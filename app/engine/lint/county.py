"""The vocabulary of this county: what `domain` declares, with the forms and definitions that are published."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.domain import parameters
from app.domain import vocabulary as declared
from app.domain.deadline_kinds import KINDS
from app.domain.gates import GATES
from app.domain.roles import PROJECT_ROLES, ROLES
from app.domain.terms import Action, FundType
from app.engine.lint.vocabulary import Form, Named, Operation, Process, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GIVEN: Final = frozenset({"project_no", "instance_key", "fy"})
"""Variables that the application sets when it starts an instance."""


def county_vocabulary(
    forms: Mapping[str, Form] | None = None,
    *,
    processes: Iterable[tuple[str, str]] = (),
    decisions: Iterable[tuple[str, str]] = (),
    inputs: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> Vocabulary:
    """Return all names that a diagram of this county may use.

    `forms` are the published forms (None: forms are not checked); `processes` and `decisions` are published ids with
    their names, beside the shipped ones; `inputs` says what callers hand over to each process (`callers.handed_over`).
    """
    names = {key: Named(item.zh, item.en) for key, item in declared.PROCESSES.items()}
    names |= {key: Named(name) for key, name in processes if key not in names}
    tables = {key: Named(zh, en) for key, (zh, en) in declared.DECISIONS.items()}
    drawn = PROJECT_ROLES | {"system"}
    return Vocabulary(
        roles={code: Named(role.zh, role.en) for code, role in ROLES.items() if code in drawn},
        forms=forms,
        processes={key: Process(name, inputs.get(key, frozenset())) for key, name in names.items()},
        decisions=tables | {key: Named(name) for key, name in decisions if key not in tables},
        operations={key: _operation(item) for key, item in declared.OPERATIONS.items()},
        messages={key: frozenset(item.payload) for key, item in declared.MESSAGES.items()},
        signals=None,
        properties={key: Named(zh, en) for key, (zh, en) in declared.PROPERTIES.items()},
        records=frozenset(declared.RECORDS),
        deadlines=frozenset(KINDS),
        headers={
            "gates": tuple(GATES),
            "action": tuple(action.value for action in Action),
            "fund_type": tuple(kind.value for kind in FundType),
        },
        facts=frozenset(_facts()),
        given=GIVEN,
    )


def _operation(item: declared.Operation) -> Operation:
    return Operation(
        Named(item.zh, item.en),
        inputs=dict.fromkeys(item.inputs, False) | {"project_no": False},
        outputs=frozenset(item.outputs),
        headers=frozenset(item.headers),
    )


def _facts() -> Iterable[str]:
    """Yield every fact that is no submission, kinds of deadlines and holds filled in."""
    for name in declared.FACTS:
        if name.startswith("deadline."):
            yield from (name.replace("<kind>", kind) for kind in KINDS)
        elif "<hold>" in name:
            yield from (name.replace("<hold>", hold) for hold in declared.HOLDS)
        elif name.startswith("parameter."):
            yield from (f"parameter.{key}" for key in parameters.notes())
        elif not name.startswith("submission."):
            yield name
