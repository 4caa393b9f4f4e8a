"""What a diagram may name: the county's roles, forms, processes, decisions, operations, messages, signals and facts.

The engine does not know the county. Whoever lints hands over a `Vocabulary`; a part that is None is not checked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FACT_ROOTS: Final = frozenset({"project", "deadline", "hold", "submission", "instance", "parameter"})
"""First names of the read-only facts; a variable of one of these names can never be read."""


@dataclass(frozen=True)
class Named:
    """A Chinese and an English name."""

    zh: str
    en: str = ""


@dataclass(frozen=True)
class Form:
    """A form that a task may show: its names, and its field keys with their form-js types (`textfield`, `number` …)."""

    name: Named
    fields: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Key of a single choice → the texts that it offers, where these are a closed list."""


@dataclass(frozen=True)
class Process:
    """A process that a diagram may call: its names and the variables that it expects from its caller."""

    name: Named
    inputs: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    """Ids of the forms that its tasks record."""


@dataclass(frozen=True)
class Recorder:
    """What records a form: who may hold its task, what must have been recorded before, and which fields it needs."""

    form: str
    roles: frozenset[str] = frozenset()
    """Empty for anybody who holds the task."""
    after: tuple[str, ...] = ()
    """Ids of forms that must have been recorded before."""
    fields: frozenset[str] = frozenset()
    """Keys of the fields without which it cannot record."""


@dataclass(frozen=True)
class Operation:
    """A service operation: its names, its inputs (required or not), its outputs and the headers that it reads."""

    name: Named
    inputs: Mapping[str, bool] = field(default_factory=dict)
    """Input name → whether the diagram must map it."""
    outputs: frozenset[str] = frozenset()
    headers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Vocabulary:
    """All names that a diagram may use. None for a part means: that part is not checked."""

    roles: Mapping[str, Named] | None = None
    """Role code → names."""
    forms: Mapping[str, Form] | None = None
    """Form id → names and fields."""
    processes: Mapping[str, Process] | None = None
    decisions: Mapping[str, Named] | None = None
    outcomes: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None
    """Decision id → output name (empty: the only one) → the texts that it gives, where these are a closed list."""
    operations: Mapping[str, Operation] | None = None
    """Operation type → what it takes and gives."""
    messages: Mapping[str, frozenset[str]] | None = None
    """Message name → the variables that it brings."""
    signals: frozenset[str] | None = None
    properties: Mapping[str, Named] | None = None
    """Name of a `zeebe:property` that something reads → names."""
    records: frozenset[str] | None = None
    """Values of the property `records`."""
    deadlines: frozenset[str] | None = None
    """Kinds of deadlines, for the headers `kind` and `deadline`."""
    facts: frozenset[str] | None = None
    """Dotted facts, a `*` standing for any one name: `project.*`, `deadline.acceptance.due`.

    Facts of `submission` are those of `forms`.
    """
    recorders: Mapping[str, Recorder] | None = None
    """What records a form: under its form id, `signs:<form id>` for F-00s, or `records:<purpose>`."""
    held_roles: frozenset[str] | None = None
    """Roles that somebody with an active account holds."""
    headers: Mapping[str, tuple[str, ...]] | None = None
    """Task header → the values that it may hold, where these are a closed list."""
    given: frozenset[str] = frozenset({"project_no"})
    """Variables that every instance has from its start."""


def knows_fact(vocabulary: Vocabulary, path: str) -> bool:
    """Say whether a dotted path such as `deadline.acceptance.due` names a fact; it may go deeper than a known one."""
    if vocabulary.facts is None:
        return True
    parts = path.split(".")
    if len(parts) == 1:
        return False
    if parts[0] == "submission":
        return _knows_submission(vocabulary, parts)
    for fact in vocabulary.facts:
        pattern = fact.split(".")
        if all(want in ("*", got) for want, got in zip(pattern, parts, strict=False)):
            return True
    return False


def facts_like(vocabulary: Vocabulary, path: str) -> Sequence[str]:
    """Return the facts that a hint may offer for an unknown `path`: those of the same root."""
    root, _, rest = path.partition(".")
    if root == "submission" and vocabulary.forms is not None:
        form_id = rest.partition(".")[0]
        form = vocabulary.forms.get(form_id)
        if form is None:
            return [f"submission.{known}" for known in vocabulary.forms]
        return [f"submission.{form_id}.{name}" for name in form.fields]
    return [fact for fact in vocabulary.facts or () if fact.partition(".")[0] == root]


def _knows_submission(vocabulary: Vocabulary, parts: Sequence[str]) -> bool:
    if vocabulary.forms is None:
        return True
    _, form_id, *rest = parts
    form = vocabulary.forms.get(form_id)
    if form is None:
        return False
    return not rest or not form.fields or rest[0] in form.fields
