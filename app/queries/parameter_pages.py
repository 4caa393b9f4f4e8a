"""Open values and interpretations as pages show them: what is in force, since when, why, by whom; and what is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from app.domain import interpretations, parameter_values
from app.domain.gates import GATES
from app.domain.interpretations import Subject
from app.domain.parameters import Parameters, notes
from app.domain.readings import READINGS
from app.models.accounts import Person
from app.models.parameters import ParameterChange, ParameterDecision


@dataclass(frozen=True)
class Change:
    """One proposal and what was decided on it."""

    id: int
    key: str
    label: str
    old: str
    new: str
    """Stored values; empty where the value stays."""
    interpretation: str
    reason: str
    effective_on: date
    proposed_by: str
    proposed_by_id: int
    proposed_at: datetime
    decision: str = ""
    """accepted, refused, withdrawn; empty while it waits."""
    decided_by: str = ""
    decided_at: datetime | None = None
    decision_reason: str = ""
    version: int = 0
    """Of the interpretation that it brought, counted from 1."""


@dataclass(frozen=True)
class ParameterRow:
    """One parameter, gate or reading with what holds today."""

    subject: Subject
    unit: str = ""
    value: str = ""
    default: str = ""
    limits: tuple[int, int] | None = None
    text: str = ""
    """What a reading says."""
    interpretation: Change | None = None
    waiting: Change | None = None
    history: tuple[Change, ...] = field(default_factory=tuple)

    @property
    def is_money(self) -> bool:
        """Whether the value is an amount."""
        return self.unit == "分"

    @property
    def is_day(self) -> bool:
        """Whether the value is a date."""
        return self.unit == "日期"

    @property
    def changed(self) -> bool:
        """Whether the value in force is another than the shipped one."""
        return self.value != self.default


@dataclass(frozen=True)
class ParameterList:
    """Everything that the bureau may interpret."""

    day: date
    parameters: tuple[ParameterRow, ...]
    readings: tuple[ParameterRow, ...]
    gates: tuple[ParameterRow, ...]
    waiting: tuple[Change, ...]


def load(session: Session, in_force: Parameters, *, day: date) -> ParameterList:
    """Return what holds on `day`, article by article, with every proposal that waits; one statement."""
    by_key = _changes(session)
    rows = {key: _row(key, by_key.get(key, ()), in_force, day) for key in [*notes(), *READINGS, *GATES]}
    return ParameterList(
        day=day,
        parameters=tuple(sorted((rows[key] for key in notes()), key=lambda row: row.subject.article)),
        readings=tuple(sorted((rows[key] for key in READINGS), key=lambda row: row.subject.article)),
        gates=tuple(rows[key] for key in GATES),
        waiting=tuple(row.waiting for row in rows.values() if row.waiting is not None),
    )


def one(session: Session, in_force: Parameters, key: str, *, day: date) -> ParameterRow | None:
    """Return one parameter, gate or reading with its whole history; None for an unknown key."""
    if interpretations.subject(key) is None:
        return None
    return _row(key, _changes(session, [key]).get(key, ()), in_force, day)


def interpreted(session: Session, keys: Iterable[str], *, day: date) -> Mapping[str, Change]:
    """Return key → the interpretation in force on `day`, for those keys that have one; one statement, or none."""
    wanted = frozenset(keys)
    if not wanted:
        return {}
    found = {key: _interpretation(changes, day) for key, changes in _changes(session, wanted).items()}
    return {key: change for key, change in found.items() if change is not None}


def _row(key: str, changes: tuple[Change, ...], in_force: Parameters, day: date) -> ParameterRow:
    subject = interpretations.subject(key)
    assert subject is not None  # noqa: S101 -- only keys that are known
    note, reading = notes().get(key), READINGS.get(key)
    waiting = next((change for change in changes if not change.decision), None)
    return ParameterRow(
        subject=subject,
        unit=note.unit if note else "",
        value=parameter_values.stored(getattr(in_force, key)) if note else "",
        default=parameter_values.stored(getattr(parameter_values.DEFAULTS, key)) if note else "",
        limits=note.limits if note else None,
        text=reading.text if reading else "",
        interpretation=_interpretation(changes, day),
        waiting=waiting,
        history=tuple(reversed(changes)),
    )


def _interpretation(changes: tuple[Change, ...], day: date) -> Change | None:
    known = [one for one in changes if one.version and one.effective_on <= day]
    return max(known, key=lambda one: (one.effective_on, one.version), default=None)


def _changes(session: Session, keys: Collection[str] = ()) -> dict[str, tuple[Change, ...]]:
    proposer, decider = aliased(Person), aliased(Person)
    query = (
        select(ParameterChange, ParameterDecision, proposer.name, decider.name)
        .outerjoin(ParameterDecision, ParameterDecision.change_id == ParameterChange.id)
        .join(proposer, proposer.id == ParameterChange.proposed_by)
        .outerjoin(decider, decider.id == ParameterDecision.decided_by)
        .order_by(ParameterChange.id)
    )
    if keys:
        query = query.where(ParameterChange.key.in_(sorted(keys)))
    found: dict[str, list[Change]] = {}
    for row in session.execute(query):
        before = found.setdefault(row[0].key, [])
        before.append(_change(row, version=1 + sum(bool(one.version) for one in before)))
    return {key: tuple(changes) for key, changes in found.items()}


def _change(row: Row[ParameterChange, ParameterDecision, str, str], *, version: int) -> Change:
    asked, decided, proposer, decider = row
    subject = interpretations.subject(asked.key)
    counts = decided is not None and decided.decision == "accepted" and asked.interpretation != ""
    return Change(
        id=asked.id, key=asked.key, label=subject.label if subject else asked.key, old=asked.old, new=asked.new,
        interpretation=asked.interpretation, reason=asked.reason, effective_on=asked.effective_on,
        proposed_by=proposer, proposed_by_id=asked.proposed_by, proposed_at=asked.proposed_at,
        decision=decided.decision if decided else "", decided_by=decider or "",
        decided_at=decided.decided_at if decided else None, decision_reason=decided.reason if decided else "",
        version=version if counts else 0,
    )  # fmt: skip
