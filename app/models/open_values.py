"""The open values in force on a day: read once per revision, and asked by services and pages alike."""

from __future__ import annotations

from datetime import date
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.domain import parameter_values
from app.domain.parameter_values import InForce
from app.domain.parameters import Parameters
from app.models.parameters import ParameterChange, ParameterDecision

DECIDED_HERE: Final = "parameters_decided"
"""In a session's info: it has decided on a parameter itself."""
_cache: WeakKeyDictionary[Engine, tuple[int, tuple[InForce, ...]]] = WeakKeyDictionary()


def revision() -> ScalarSelect[int]:
    """Return the number of the last decision as part of another statement, so that reading it costs none of its own."""
    return select(func.coalesce(func.max(ParameterDecision.id), 0)).scalar_subquery()


def current(session: Session, day: date, *, at: int | None = None) -> Parameters:
    """Return the parameters in force on `day`; one statement, or none where the revision `at` is known already."""
    number = at if at is not None else session.scalar(select(revision())) or 0
    return parameter_values.on(day, _decided(session, number))


def _decided(session: Session, number: int) -> tuple[InForce, ...]:
    """Return every value ever put in force; read once per revision, and anew where this session has decided itself.

    What this session decided may still be rolled back, and its number be given out again.
    """
    if number == 0:
        return ()
    engine = session.get_bind().engine
    known = _cache.get(engine)
    if known is not None and known[0] == number and not session.info.get(DECIDED_HERE):
        return known[1]
    found = tuple(
        InForce(key, new, effective_on, decided)
        for key, new, effective_on, decided in session.execute(
            select(ParameterChange.key, ParameterChange.new, ParameterChange.effective_on, ParameterDecision.id)
            .join(ParameterDecision, ParameterDecision.change_id == ParameterChange.id)
            .where(ParameterDecision.decision == "accepted", ParameterChange.new != "")
            .order_by(ParameterDecision.id)
        )
    )
    if not session.info.get(DECIDED_HERE):
        _cache[engine] = (number, found)
    return found
