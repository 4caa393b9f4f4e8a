"""Gates of filing and review: G-02, G-04, G-05, G-09, G-32, G-34."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import conflicts, holds
from app.domain.articles import Article, implements
from app.domain.reasons import Refusals, favourable, refuse
from app.domain.terms import CONFORMITY_ITEMS, SIX_CONTENTS, Conclusion, Conformity, Endorsement, FundType

if TYPE_CHECKING:
    from app.domain.acts import Act
    from app.domain.facts import ExpertForm, Panel, ProjectFacts

PRINCIPLES = Article(3, "充分利用现有信息化基础设施,避免盲目投资和重复建设")
PLATFORM = Article(4, "各单位政务信息系统必须接入焦作市大数据平台")
SHARED = Article(5, "对不符合共建共享要求的政务信息化项目,不予审批,不安排建设、运维和购买服务资金")
SIX = Article(10, "对项目建设的必要性、项目需求的合理性、项目建设方案、资源共享方案、项目预算和绩效目标等内容进行评审")
SHARING_CHAPTER = Article(26, "应包括：信息资源目录、数据共享清单、数据共享交换机制和模式")
ACCESS = Article(28, "不符合接入规定和要求的项目不予审核立项")

PASSED = (Conclusion.PASSED.value, Conclusion.PASSED_REVISED.value)


@implements(PRINCIPLES, PLATFORM, ids=("G-02",))
def g02(facts: ProjectFacts, act: Act) -> Refusals:
    """G-02: each of the eight conformity items must be answered; any 不符合 forbids the conclusion 通过."""
    filing = act.filing or facts.filing
    if filing is None:
        return
    answers = dict(filing.conformity)
    open_items = tuple(CONFORMITY_ITEMS[key] for key in CONFORMITY_ITEMS if key not in answers)
    if open_items:
        yield refuse(
            "G-02", PRINCIPLES, "符合性自查还有%(count)s项未填写。", "逐项填写符合性自查。",
            link=("form", "f03"), missing=open_items, count=len(open_items),
        )  # fmt: skip
    failed = tuple(CONFORMITY_ITEMS[key] for key in CONFORMITY_ITEMS if answers.get(key) == Conformity.NO)
    if failed and act.form_id in {"f06", "f05g"} and favourable(act, *PASSED):
        yield refuse(
            "G-02", PRINCIPLES, "符合性自查有%(count)s项不符合，审核意见不能为通过。",
            "退回项目单位修改，或者结论改为不通过。",
            holder="bur_clerk", link=("form", "f03"), missing=failed, count=len(failed),
        )  # fmt: skip


@implements(PLATFORM, ids=("G-04",))
def g04(facts: ProjectFacts, act: Act) -> Refusals:
    """G-04: the filing holds a plan for access to the city's platform; 验收核准 needs access status 已接入."""
    filing = act.filing or facts.filing
    if act.form_id == "f03" and filing is not None and not filing.access_plan:
        yield refuse(
            "G-04", PLATFORM, "申报材料缺少接入大数据平台的方案。", "补充接入大数据平台方案。",
            link=("form", "f03"), missing=("接入大数据平台方案",),
        )  # fmt: skip
    if act.form_id == "f16a" and not facts.access_no:
        yield refuse(
            "G-04", PLATFORM, "尚未登记大数据平台接入编号。", "完成接入后填写接入编号。",
            link=("form", "f16a"), missing=("大数据平台接入编号",),
        )  # fmt: skip
    if act.form_id == "f16h" and favourable(act, Endorsement.ENDORSED) and not facts.access_verified:
        yield refuse(
            "G-04", PLATFORM, "系统尚未接入大数据平台，不能出具验收核准意见。", "接入后请数据资源股核验（F-16s）。",
            holder="bur_share", link=("form", "f16s"),
        )  # fmt: skip


@implements(SHARED, ids=("G-05",))
def g05(facts: ProjectFacts, act: Act) -> Refusals:
    """G-05: a project that fails the 共建 or 共享 check gets no approval and no construction, O&M or service funds."""
    yield from holds.blocking_code(facts, act, "H-SHARE")


@implements(SIX, ids=("G-09",))
def g09(facts: ProjectFacts, act: Act) -> Refusals:
    """G-09: all six contents scored and reasoned by each expert.

    The panel has at least 3 members, odd, without conflict.
    """
    panel = act.panel or facts.panel
    if act.form_id == "f05e":
        if act.expert_form is not None:
            yield from _expert_form(facts, act.expert_form)
        return
    if panel is None:
        yield refuse("G-09", SIX, "尚未组成专家组。", "组成专家组。", holder="bur_section", link=("form", "f05"))
        return
    yield from _members(facts, panel)
    if act.form_id == "f05g":
        yield from _all_forms(facts, panel)


def _members(facts: ProjectFacts, panel: Panel) -> Refusals:
    minimum, size = facts.parameters.panel_minimum, len(panel.members)
    even = facts.parameters.panel_must_be_odd and size % 2 == 0
    if size < minimum or even:
        message = "专家组现有%(size)s人，应不少于%(minimum)s人且为单数。"
        if not facts.parameters.panel_must_be_odd:
            message = "专家组现有%(size)s人，应不少于%(minimum)s人。"
        yield refuse(
            "G-09", SIX, message, "增补或者减少专家。",
            holder="bur_section", link=("form", "f05"), size=size, minimum=minimum,
        )  # fmt: skip
    yield from conflicts.panel_conflicts(facts, panel)


def _all_forms(facts: ProjectFacts, panel: Panel) -> Refusals:
    by_expert = {form.expert: form for form in panel.forms}
    waiting = tuple(m.name or m.person for m in panel.members if m.person not in by_expert)
    if waiting:
        yield refuse(
            "G-09", SIX, "还有%(count)s位专家未提交评审意见。", "请专家填写评审意见。",
            holder="expert", link=("form", "f05e"), missing=waiting, count=len(waiting),
        )  # fmt: skip
    for member in panel.members:
        if member.person in by_expert:
            yield from _expert_form(facts, by_expert[member.person])


def _expert_form(facts: ProjectFacts, form: ExpertForm) -> Refusals:
    least = facts.parameters.expert_comment_minimum
    pairs = zip(SIX_CONTENTS.values(), form.scores, form.comments, strict=True)
    lacking = tuple(name for name, score, comment in pairs if score is None or len(comment.strip()) < least)
    if lacking:
        yield refuse(
            "G-09", SIX, "六项评审内容中有%(count)s项未评分或者理由不足%(least)s字。", "逐项评分并写明理由。",
            holder="expert", link=("form", "f05e"), missing=lacking, count=len(lacking), least=least,
        )  # fmt: skip


@implements(SHARING_CHAPTER, ids=("G-32",))
def g32(facts: ProjectFacts, act: Act) -> Refusals:
    """G-32: F-03 needs a resource catalogue, a sharing list and an exchange mode ("无数据资源" only if agreed)."""
    filing = act.filing or facts.filing
    if filing is None:
        return
    missing = []
    if not filing.no_data_agreed:
        missing += [] if filing.resource_items else ["信息资源目录"]
        missing += [] if filing.share_items else ["数据共享清单"]
    missing += [] if filing.exchange_mode else ["数据共享交换机制和模式"]
    if missing:
        yield refuse(
            "G-32", SHARING_CHAPTER, "申报材料缺少第二十六条要求的共享内容，共%(count)s项。", "补充所缺内容。",
            link=("form", "f03"), missing=tuple(missing), count=len(missing),
        )  # fmt: skip


@implements(ACCESS, ids=("G-34",))
def g34(facts: ProjectFacts, act: Act) -> Refusals:
    """G-34: access check failed ⇒ the review can only conclude 不通过.

    No construction funds and no O&M funds (H-SHARE).
    """
    om = act.form_id == "f20a" or (act.form_id == "f18" and holds.fund_of(facts, act) is FundType.OM)
    if om and holds.sharing_fails(facts):
        yield refuse(
            "G-34", ACCESS, "系统不符合大数据平台接入要求，不安排运维经费。", "整改后请数据资源股复查。",
            holder="bur_share", link=("form", "f04s"),
        )  # fmt: skip
    else:
        yield from holds.blocking_code(facts, act, "H-SHARE")
