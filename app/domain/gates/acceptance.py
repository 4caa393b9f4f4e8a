"""Gates of acceptance and of payment after it: G-24 … G-27 and G-33 (第二十条, 第二十一条, 第二十七条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import service_years, standing
from app.domain.articles import Article, implements
from app.domain.reasons import Refusals, favourable, refuse
from app.domain.terms import AcceptanceConclusion, Endorsement

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import AcceptanceAttempt, ProjectFacts

DESIGNATED = Article(20, "项目验收时须有县政务服务和大数据管理局指派的专家参加")
CONSENT = Article(20, "将县政务服务和大数据管理局的核准意见作为项目验收条件之一")
MATERIALS = Article(20, "应当将验收报告、项目总结、政务信息资源目录和数据资源共享情况等材料报县政务服务和大数据管理局")
SECOND = Article(21, "完成整改后可申请第二次验收")
REGISTERED = Article(27, "应当将项目信息资源目录纳入大数据平台目录管理系统")

FOUR_MATERIALS = {
    "acceptance_report": "验收报告",
    "summary": "项目总结",
    "catalogue": "政务信息资源目录",
    "sharing_report": "数据资源共享情况",
}
"""Key in F-16f → the material of 第二十条."""


@implements(DESIGNATED, ids=("G-24",))
def g24(facts: ProjectFacts, act: Act) -> Refusals:
    """G-24: at least one expert who signed in at the meeting was designated by the bureau."""
    if act.form_id == "f16g" and not favourable(act, AcceptanceConclusion.PASSED):
        return
    attempt = act.attempt or _current(facts)
    if attempt is None or not attempt.designated:
        yield refuse(
            "G-24", DESIGNATED, "县大数据局尚未指派验收专家。", "请县大数据局指派专家。",
            holder="bur_section", link=("form", "f05z"), missing=("专家指派",),
        )  # fmt: skip
    elif not any(p.signed_in and p.designated and p.person in attempt.designated for p in attempt.participants):
        yield refuse(
            "G-24", DESIGNATED, "县大数据局指派的专家没有签到，验收会无效。", "由指派的专家到会签到，或者重新指派。",
            holder="unit_lead", link=("form", "f16m"), missing=("指派专家签到",),
        )  # fmt: skip


@implements(CONSENT, ids=("G-25",))
def g25(facts: ProjectFacts, act: Act) -> Refusals:
    """G-25: the conclusion 通过 needs the bureau's 验收核准意见 = 核准 for this attempt."""
    attempt = act.attempt or _current(facts)
    if favourable(act, AcceptanceConclusion.PASSED) and (attempt is None or attempt.consent != Endorsement.ENDORSED):
        yield refuse(
            "G-25", CONSENT, "没有县大数据局的验收核准意见，结论不能为通过。", "请县大数据局出具验收核准意见。",
            holder="bur_head", link=("form", "f16h"), missing=("验收核准意见",),
        )  # fmt: skip


@implements(MATERIALS, ids=("G-26",))
def g26(facts: ProjectFacts, act: Act) -> Refusals:
    """G-26: a node after acceptance needs acceptance 通过 and the four materials filed.

    Five working days' silence confirms.
    """
    if act.node is None or not act.node.after_acceptance:
        return
    if service_years.passed(facts) < service_years.acceptances_needed(facts, act):
        yield refuse(
            "G-26", MATERIALS, "付款节点“%(node)s”以验收通过为条件，项目尚未通过验收。", "先通过验收。",
            holder="unit_lead", link=("deadline", "acceptance"), node=act.node.name,
        )  # fmt: skip
    filing = facts.acceptance_filing
    filed = filing.materials if filing is not None else frozenset[str]()
    missing = tuple(name for key, name in FOUR_MATERIALS.items() if key not in filed)
    if missing:
        yield refuse(
            "G-26", MATERIALS, "验收材料缺少%(count)s项。", "向县大数据局报送四项验收材料。",
            link=("form", "f16f"), missing=missing, count=len(missing),
        )  # fmt: skip
    elif filing is not None and not _confirmed(facts):
        yield refuse(
            "G-26", MATERIALS, "验收材料尚待县大数据局确认，%(deemed)s起未答复视为确认。", "请县大数据局确认材料。",
            holder="bur_clerk", link=("form", "f00c"), deemed=filing.deemed_confirmed_from,
        )  # fmt: skip


def _confirmed(facts: ProjectFacts) -> bool:
    filing = facts.acceptance_filing
    if filing is None or filing.returned:
        return False
    return filing.confirmed_on is not None or facts.today >= filing.deemed_confirmed_from


@implements(SECOND, ids=("G-27",))
def g27(facts: ProjectFacts, act: Act) -> Refusals:
    """G-27: a further acceptance needs every item of the last one confirmed closed.

    A third also the bureau head [C].
    """
    del act
    failed = [attempt for attempt in standing.open_attempts(facts) if attempt.conclusion is AcceptanceConclusion.FAILED]
    if not failed:
        return
    still_open = tuple(item.problem for item in failed[-1].items if not item.confirmed)
    if still_open or not failed[-1].items:
        yield refuse(
            "G-27", SECOND, "上次验收不合格，还有%(count)s项整改未确认。", "完成整改，并由监理和县大数据局确认。",
            holder="unit_lead", link=("form", "f17"), missing=still_open, count=len(still_open),
        )  # fmt: skip
    if len(failed) >= facts.parameters.acceptance_attempts_free and not failed[-1].third_allowed_by:
        yield refuse(
            "G-27", SECOND, "已%(failed)s次验收不合格，再次验收须经县大数据局领导决定。", "请县大数据局领导决定。",
            holder="bur_head", link=("form", "f00s"), failed=len(failed),
        )  # fmt: skip


@implements(REGISTERED, ids=("G-33",))
def g33(facts: ProjectFacts, act: Act) -> Refusals:
    """G-33: each catalogue item carries the platform's registration number before the materials are confirmed."""
    del act
    without = tuple(item.name for item in facts.resources if not item.platform_no.strip())
    if without:
        yield refuse(
            "G-33", REGISTERED, "还有%(count)s项信息资源没有大数据平台登记编号。", "在大数据平台登记后填写编号。",
            link=("form", "f23"), missing=without, count=len(without),
        )  # fmt: skip


def _current(facts: ProjectFacts) -> AcceptanceAttempt | None:
    return facts.attempts[-1] if facts.attempts else None
