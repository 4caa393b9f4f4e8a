"""When a system is evaluated again after its first full year: never, or every year where the parameter says so."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.domain.articles import Article, implements
from app.domain.states import State

if TYPE_CHECKING:
    from app.domain.facts import Deadline, ProjectFacts

FULL_YEAR = Article(23, "投入运行满一年后")


def _opening(facts: ProjectFacts) -> Deadline | None:
    return next((one for one in facts.deadlines if one.kind == "evaluation_opens"), None)


def _evaluated(facts: ProjectFacts) -> bool:
    """Whether the last evaluation is signed and nothing of it is left to be rectified."""
    if facts.state != State.OPERATING or not facts.evaluations:
        return False
    last = facts.evaluations[-1]
    return last.signed_on is not None and (last.passed or last.rectified_on is not None)


@implements(FULL_YEAR)
def next_year_from(facts: ProjectFacts) -> date | None:
    """Return the day from which the next full year runs: the end of the last one; None where none is asked for [C]."""
    opening = _opening(facts)
    if not facts.parameters.yearly_evaluation or opening is None or opening.status == "open" or not _evaluated(facts):
        return None
    return opening.due


def opens_again(facts: ProjectFacts) -> bool:
    """Whether a further full year is over and the next evaluation may begin."""
    opening = _opening(facts)
    due = opening is not None and opening.status == "open" and facts.now >= opening.fires_at
    return facts.parameters.yearly_evaluation and due and _evaluated(facts)
