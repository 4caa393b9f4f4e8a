"""Gates of the project library: G-19 and G-20 (第十八条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import standing
from app.domain.articles import Article, implements
from app.domain.library import REMOVAL
from app.domain.reasons import Refusals, refuse

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import ProjectFacts

NO_SECOND_REVIEW = Article(18, "备选项目无需重复审核")


@implements(NO_SECOND_REVIEW, ids=("G-19",))
def g19(facts: ProjectFacts, act: Act) -> Refusals:
    """G-19: an alternate with an unchanged fingerprint skips the review; a changed one is reviewed again first [C]."""
    again = facts.parameters.changed_alternate_reviewed_again
    if act.amount_fen == 0 or not again or not standing.fingerprint_changed(facts):
        return
    if standing.passed_review(facts) is not None and standing.versions_after(facts, 0)[-1].by_change:
        return
    yield refuse(
        "G-19", NO_SECOND_REVIEW, "备选项目的目标、主要内容或者总投资已经变化，需要重新审核。",
        "重新申报并取得审核意见。",
        link=("form", "f03"),
    )  # fmt: skip


@implements(REMOVAL, ids=("G-20",))
def g20(facts: ProjectFacts, act: Act) -> Refusals:
    """G-20: a removed project takes no further act; it comes back only as a new filing linked to the old one."""
    del act
    if facts.state == "REMOVED":
        yield refuse(
            "G-20", REMOVAL, "项目连续三年未安排资金，已剔除出库。", "重新申报，并在新项目中关联原编号。",
            link=("form", "f02"),
        )  # fmt: skip
