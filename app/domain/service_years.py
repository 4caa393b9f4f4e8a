"""Years of a purchased service: each is delivered, accepted and paid on its own (第十条第二款, 第二十条) [C]."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.domain.articles import Article, implements
from app.domain.calendar import last_day
from app.domain.numbers import Path
from app.domain.states import State
from app.domain.terms import AcceptanceConclusion, PayNodeKind

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import ProjectFacts

PURCHASED = Article(10, "项目单位依据核定内容组织采购所需的服务")
PER_YEAR = Article(20, "按照合同约定向县财政局(国资委)申请支付建设资金")
RUNNING = frozenset({State.OPERATING, State.EVALUATING, State.EVAL_RECTIFY})
MONTHS = 12
LEAST = timedelta(days=30)
"""What is left of a contract for less than this is no service year of its own [C]."""


@implements(PURCHASED, ids=("P-00",))
def years(facts: ProjectFacts) -> int:
    """Return how many service years the contracts of a purchased service run, at least one; 1 on every other path."""
    spans = [(one.start_on, one.end_on) for one in facts.contracts if one.start_on is not None and one.end_on]
    if facts.path is not Path.SERVICE or not spans:
        return 1
    begin, end = min(start for start, _ in spans), max(end for _, end in spans)
    count = 1
    while _anniversary(begin, count) + LEAST <= end:
        count += 1
    return count


def _anniversary(begin: date, count: int) -> date:
    return last_day(begin, months=MONTHS * count)


def passed(facts: ProjectFacts) -> int:
    """Return how many acceptances have concluded 通过: one a service year."""
    return sum(attempt.conclusion is AcceptanceConclusion.PASSED for attempt in facts.attempts)


@implements(PURCHASED, ids=("P-00",))
def continues(facts: ProjectFacts) -> bool:
    """Whether another service year of the contract is still to be delivered and accepted after one that was."""
    return 0 < passed(facts) < years(facts)


def later_year(facts: ProjectFacts) -> bool:
    """Whether what is recorded belongs to a later service year: the service runs on and no state moves (§3.1) [C]."""
    return years(facts) > 1 and passed(facts) > 0 and State(facts.state) in RUNNING


@implements(PER_YEAR, ids=("G-26",))
def acceptances_needed(facts: ProjectFacts, act: Act) -> int:
    """Return how many acceptances a payment node after acceptance waits for: its own service year's, the last for all.

    The acceptance nodes of a contract stand for its service years in their order; a warranty waits for the last year.
    """
    whole = years(facts)
    if whole == 1 or act.node is None or act.contract is None or act.node.kind is not PayNodeKind.ACCEPTANCE:
        return whole
    own = [node.id for node in act.contract.nodes if node.kind is PayNodeKind.ACCEPTANCE]
    return min(own.index(act.node.id) + 1, whole) if act.node.id in own else whole
