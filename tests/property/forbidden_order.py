"""What must not happen before something else: each function yields a sentence for each fact out of its order."""

# ruff: noqa: C901, PLR0912 -- each function is a list of facts, one after the other

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.states import TRANSITIONS
from tests.property.forbidden_people import meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.property.forbidden import Between, Picture

    Rule = Callable[[Between], Iterable[str]]

Row = Any
PASSED = ("通过", "修改后通过")
BUILT = ("建设", "购买服务")
SUPERVISED = ("T", "L")
FOUR_PLANS = {"quality", "operation", "security", "emergency"}
FOUR_MATERIALS = {"acceptance_report", "summary", "catalogue", "sharing_report"}
NEEDS_REPORT = ("改建", "扩建", "报废")
YEAR = timedelta(days=366)


# -- what stands -------------------------------------------------------------------------------------------------------


def binding(now: Picture, project: Row, version: int) -> bool:
    """Whether what was said of a scope version still holds: nothing but agreed changes came after it."""
    later = [row for row in now.of(project.id, "scope_version") if version < row.number <= project.scope_version]
    return version <= project.scope_version and all(row.by_change for row in later)


def _signed(now: Picture, project: Row, kind: str, part: str = "") -> Row | None:
    """Return the last opinion of a kind that counts."""
    found = [row for row in now.of(project.id, "opinion", kind=kind, part=part, void=False) if row.signed_on]
    own = _is_bureaus(now, project) and kind != "industry"
    found = [row for row in found if not own or row.content.get("countersigned_by")]
    return found[-1] if found else None


def _is_bureaus(now: Picture, project: Row) -> bool:
    return any(
        someone.organisation_id == project.unit_id and someone.kind == "bureau" for someone in now.people.values()
    )


def reviewed(now: Picture, project: Row) -> bool:
    """Whether a signed 审核意见 has passed what the project is now."""
    opinion = _signed(now, project, "review")
    return opinion is not None and opinion.conclusion in PASSED and binding(now, project, opinion.scope_version)


def approved(now: Picture, project: Row, *kinds: str) -> int | None:
    """Return the amount that was approved in a signed paper; None without one."""
    found = [
        row.amount_fen
        for row in now.of(project.id, "approval")
        if row.kind in kinds and row.signed_on and row.decision in {"批准", "核定", "核准"}
        and binding(now, project, row.scope_version)
    ]  # fmt: skip
    return found[-1] if found else None


def accepted(now: Picture, project: Row) -> bool:
    """Whether an acceptance has passed."""
    return any(row.conclusion == "通过" for row in now.of(project.id, "acceptance_attempt"))


def overdue(now: Picture, project: Row) -> bool:
    """Whether the last day for acceptance has gone by without one."""
    due = [row.due for row in now.of(project.id, "deadline", kind="acceptance")]
    return bool(due) and now.today > due[-1] and not accepted(now, project)


def _below_standard(now: Picture, project: Row) -> bool:
    signed = [row for row in now.of(project.id, "evaluation") if row.signed_on]
    return bool(signed) and not signed[-1].passed and signed[-1].rectified_on is None


def _catalogued(now: Picture, project: Row) -> bool:
    return any(
        row.status == "active" and (row.project_id == project.id or row.id == project.parent_system_id)
        for row in now.rows["system_entry"]
    )


def _four_plans(now: Picture, project: Row) -> bool:
    fresh = {row.kind for row in now.of(project.id, "om_plan") if row.accepted_on and now.today - row.filed_on <= YEAR}
    return fresh >= FOUR_PLANS


def _shares(now: Picture, project: Row) -> bool:
    checks = now.of(project.id, "sharing_check")
    return (not checks or checks[-1].conforms) and not project.access_failed


def _measure(now: Picture, project: Row, *kinds: str) -> bool:
    return any(row.decided_on and not row.lifted_on and row.kind in kinds for row in now.of(project.id, "measure"))


# -- plan and review ---------------------------------------------------------------------------------------------------


def plan(between: Between) -> Iterator[str]:
    """第二条, 第四条, 第九条: who files what, and until when."""
    now = between.after
    for row in (*between.newly("plan_item"), *(row for _old, row in between.changed("plan_item", "content"))):
        project = now.by_id["project"][row.project_id]
        content = row.content
        if project.nature in NEEDS_REPORT and not content.get("assess_report"):
            yield f"{project.no} 为{project.nature}而无测评报告（第九条）"
        if (content.get("has_room") or content.get("has_private_net")) and not content.get("exemption_confirmed_by"):
            yield f"{project.no} 计划新建机房或者专网（第四条）"
    for row in between.newly("plan_item", lambda row: row.result == "同意"):
        late = row.submitted_on is not None and row.plan_due is not None and row.submitted_on > row.plan_due
        if row.submitted_on is None:
            yield f"计划项 {row.id} 未报送而县政府同意（第九条）"
        elif late and not (row.supplement_approved_by and row.supplement_reason):
            yield f"计划项 {row.id} 逾期而未经批准增补（第九条）"
    for row in between.newly("plan_item", lambda row: row.suggestion == "纳入"):
        late = row.submitted_on is not None and row.plan_due is not None and row.submitted_on > row.plan_due
        if late and not row.supplement_reason:
            yield f"计划项 {row.id} 逾期而无理由纳入（第九条）"
        if row.submitted_on is None:
            yield f"计划项 {row.id} 未报送而纳入（第九条）"
    for old, row in between.changed("plan_item", "result"):
        if old.result and _state(between, row.project_id) not in {"PLAN_SUBMITTED", "ALTERNATE", "DRAFT"}:
            yield f"计划项 {row.id} 的县政府意见被改写（第九条）"


def filing(between: Between) -> Iterator[str]:
    """第九条, 第二十六条: no filing before the county's consent, none without what it must hold."""
    now = between.after
    for row in between.newly("filing"):
        items = now.of(row.project_id, "plan_item")
        if not items or items[-1].result != "同意" or not items[-1].consent_doc_no:
            yield f"申报材料 {row.id} 在县政府同意之前（第九条）"
        yield from _incomplete(row)
    for row in between.newly("filing", lambda row: row.signed_on is not None):
        yield from _incomplete(row)
    for _old, row in between.changed("filing", "content"):
        yield from _incomplete(row)
    for row in between.newly("submission", lambda row: row.form_id == "f04" and row.answers.get("complete") is True):
        if not [one for one in now.of(row.project_id, "filing") if one.signed_on]:
            yield f"申报材料未经签报而受理（提交 {row.id}）"
    for row in between.newly("filing", lambda row: row.accepted_on is not None):
        if row.signed_on is None:
            yield f"申报材料 {row.id} 未经签报而受理"


def _incomplete(row: Row) -> Iterator[str]:
    content = row.content
    lacks_data = not content["no_data"] and not (content["resource_items"] and content["share_items"])
    if lacks_data or not content["exchange_mode"]:
        yield f"申报材料 {row.id} 缺共享内容（第二十六条）"
    if not content["access_plan"]:
        yield f"申报材料 {row.id} 缺接入方案（第四条）"
    if any(line["kind"] in {"机房", "专网"} and line["amount_fen"] > 0 for line in content["budget_items"]):
        yield f"申报材料 {row.id} 含机房或者专网（第四条）"
    if len(content["conformity"]) < 8:
        yield f"申报材料 {row.id} 符合性自查不全（第三条）"


def review(between: Between) -> Iterator[str]:
    """第五条, 第十条: six contents by a panel without interests, and conformity, before a passing opinion."""
    now = between.after
    for row in between.newly("opinion", lambda row: row.kind == "review" and row.conclusion in PASSED):
        project = now.by_id["project"][row.project_id]
        filings = now.of(project.id, "filing")
        if not filings or filings[-1].accepted_on is None or "不符合" in filings[-1].content["conformity"].values():
            yield f"{project.no} 材料未受理或者不符合而审核通过（第三条）"
        if not _shares(now, project):
            yield f"{project.no} 不符合共建共享而审核通过（第五条、第二十八条）"
        if project.path != "G":
            yield from _panel(now, project)
    for row in between.newly("panel_member", lambda row: not row.replaced and row.purpose == "review"):
        if row.interest_declared:
            yield f"有利害关系的专家 {row.person_id} 在组内（COI-07）"
        if now.people[row.person_id].organisation_id == now.by_id["project"][row.project_id].unit_id:
            yield f"项目单位的人 {row.person_id} 任专家（COI-01）"
        seats = now.of(row.project_id, "panel_member", purpose="review", round=row.round, replaced=False)
        if len(seats) < 3 or len(seats) % 2 == 0:
            yield f"专家组 {len(seats)} 人（第十条）"
    for row in between.newly("submission", lambda row: row.form_id in {"f05d", "f05e", "f05g"}):
        seats = now.of(row.project_id, "panel_member", person_id=row.by_id)
        if not seats or (row.form_id != "f05d" and seats[-1].interest_declared is not False):
            yield f"不在专家组内的人办理了 {row.form_id}（第十条）"
        elif row.form_id == "f05g":
            waiting = list(_panel(now, now.by_id["project"][row.project_id]))
            if waiting or not seats[-1].leader:
                yield f"专家未评完或者不是组长而出具组意见 {row.id}（第十条）"
    for row in between.newly("submission", lambda row: row.form_id == "f16e"):
        if not now.of(row.project_id, "panel_member", purpose="acceptance", person_id=row.by_id, replaced=False):
            yield f"未经指派的人 {row.by_id} 评价验收（第二十条）"
    for row in between.newly("expert_form", lambda row: row.purpose == "review"):
        seats = now.of(row.project_id, "panel_member", purpose="review", person_id=row.person_id, replaced=False)
        if not seats or seats[-1].interest_declared is not False:
            yield f"未声明利害关系的人 {row.person_id} 评审（COI-07）"
        comments = [value for key, value in row.content.items() if key.endswith("_comment")]
        scores = [value for key, value in row.content.items() if key.endswith("_score")]
        if len(comments) < 6 or min(map(len, comments)) < 10 or None in scores:
            yield f"专家意见 {row.id} 六项不全（第十条）"


def _panel(now: Picture, project: Row) -> Iterator[str]:
    seats = [row for row in now.of(project.id, "panel_member", purpose="review") if not row.replaced]
    seats = [row for row in seats if row.round == max(seat.round for seat in seats)]
    wrote = {row.person_id for row in now.of(project.id, "expert_form", purpose="review")}
    if len(seats) < 3 or any(row.person_id not in wrote for row in seats):
        yield f"{project.no} 专家评审不全而审核通过（第十条）"


# -- approval, money, procurement --------------------------------------------------------------------------------------


def approval(between: Between) -> Iterator[str]:
    """第十一条, 第十三条: no decision without review, none without the industry opinion of the same version."""
    now = between.after
    for row in between.newly("deadline", lambda row: row.kind == "industry_opinion"):
        if not reviewed(now, now.by_id["project"][row.project_id]):
            yield f"未经审核而评估论证 {row.project_id}（第十三条）"
    for row in between.newly("submission", lambda row: meaning(row, now) == "major_project"):
        if not reviewed(now, now.by_id["project"][row.project_id]) and row.answers.get("result") == "同意":
            yield f"未经审核而县政府研究同意重大项目 {row.project_id}（第十三条）"
    for row in between.newly("approval", lambda row: row.decision != "退回补充"):
        project = now.by_id["project"][row.project_id]
        if not reviewed(now, project):
            yield f"{project.no} 未经审核而{row.decision}（第十三条）"
        if row.kind == "service_funds" and project.path not in {"G", "L"}:
            yield f"{project.no} 购买服务资金审核不适用于政府投资项目（第十条）"
    for row in between.newly("approval", lambda row: row.kind == "drc" and row.decision != "退回补充"):
        project = now.by_id["project"][row.project_id]
        opinion = _signed(now, project, "industry")
        if opinion is None or not binding(now, project, opinion.scope_version):
            yield f"{project.no} 未征求行业审查意见而{row.decision}（第十一条）"
        elif opinion.conclusion == "不同意" and row.decision == "批准":
            yield f"{project.no} 行业审查意见不同意而批准（第五条、第十一条）"
        if row.decision == "批准" and not _shares(now, project):
            yield f"{project.no} 不符合共建共享而批准（第五条）"
    for row in between.newly("opinion", lambda row: row.kind == "industry" and row.conclusion != "不同意"):
        if not _shares(now, now.by_id["project"][row.project_id]):
            yield f"不符合共建共享而出具行业审查意见 {row.id}（第五条）"


def money(between: Between) -> Iterator[str]:
    """第五条, 第十二条, 第十三条, 第十九条, 第二十一条 … 第二十三条: no line without what it rests on."""
    now = between.after
    for row in between.newly("budget_line", lambda row: bool(row.drafted_by)):
        asked = [one.answers.get("arranged") or 0 for one in now.of(row.project_id, "submission", form_id="f09")]
        yield from _line(between, row, asked[-1] if asked else 0)
    for row in now.rows["budget_line"]:
        old = between.before.by_id["budget_line"].get(row.id)
        was = (old.arranged_fen or 0) + old.carried_fen if old is not None and old.approved_on else 0
        if row.approved_on and (row.arranged_fen or 0) + row.carried_fen > was:
            if row.signed_on is None:
                yield f"预算行 {row.id} 未经签批而安排（第十二条）"
            yield from _line(between, row, (row.arranged_fen or 0) + row.carried_fen)


def _line(between: Between, row: Row, amount: int) -> Iterator[str]:
    now = between.after
    project = now.by_id["project"][row.project_id]
    name = f"{project.no} {row.fy} 年{row.fund_type}"
    if amount <= 0:
        return
    if row.fund_type in BUILT:
        if not reviewed(now, project):
            yield f"{name}未经审核而安排（第十二条、第十三条）"
        if project.path == "T" and approved(now, project, "drc") is None:
            yield f"{name}未经立项批复而安排（第十二条）"
        if project.path == "G" and approved(now, project, "service_funds") is None:
            yield f"{name}未经核定而安排（第十条）"
        if _measure(now, project, "暂停建设", "终止"):
            yield f"{name}在暂停、终止之后安排（第三十一条）"
    else:
        yield from _upkeep(now, project, name)
    if not _shares(now, project):
        yield f"{name}不符合共建共享而安排（第五条、第二十八条）"
    if overdue(now, project) and row.fund_type != "购买服务":
        yield f"{name}逾期未验收而安排（第二十一条）"


def _upkeep(now: Picture, project: Row, name: str) -> Iterator[str]:
    if not _catalogued(now, project):
        yield f"{name}未纳入目录而安排运维（第十九条）"
    if not _four_plans(now, project):
        yield f"{name}四项方案不全而安排运维（第二十二条）"
    if _below_standard(now, project):
        yield f"{name}评价未达标而安排运维（第二十三条）"


def upkeep(between: Between) -> Iterator[str]:
    """第十九条, 第二十一条 … 第二十三条, 第二十八条: no application for O&M funds."""
    now = between.after
    for row in between.newly("om_application"):
        project = now.by_id["project"][row.project_id]
        if project.path == "Y":
            continue
        name = f"{project.no} {row.fy} 年运维申请"
        if project.online_on is not None and not _catalogued(now, project):
            yield f"{name}未纳入目录（第十九条）"
        if not _four_plans(now, project):
            yield f"{name}四项方案不全（第二十二条）"
        if _below_standard(now, project):
            yield f"{name}评价未达标（第二十三条）"
        if overdue(now, project):
            yield f"{name}逾期未验收（第二十一条）"
        if not _shares(now, project):
            yield f"{name}不符合接入要求（第二十八条）"


def procurement(between: Between) -> Iterator[str]:
    """第十四条 … 第十六条: no package before both plans, a lead and rules."""
    now = between.after
    for row in between.newly("procurement_package"):
        project = now.by_id["project"][row.project_id]
        for part in ("exchange", "infrastructure"):
            if not _endorsed(now, project, part):
                yield f"{project.no} 两方案未核准（{part}）而采购（第十四条）"
        if project.lead_id is None or not project.management_rules:
            yield f"{project.no} 未定负责人或者制度而采购（第十五条）"
    for row in between.newly("opinion", lambda row: row.kind == "preprocurement" and row.conclusion == "核准"):
        answers = [one.answers for one in now.of(row.project_id, "submission", form_id="f11")]
        if answers and "不符合" in answers[-1].values():
            yield f"要点不符合而核准两方案 {row.id}（第十四条）"
    for row in between.newly("contract"):
        if not now.of(row.project_id, "procurement_package"):
            yield f"合同 {row.no} 没有采购（第十四条）"
        elif not row.supplement_to and not now.of(row.project_id, "procurement_package", winner=row.supplier):
            yield f"合同 {row.no} 不是与成交供应商所签（第十六条）"


def _endorsed(now: Picture, project: Row, part: str) -> bool:
    opinion = _signed(now, project, "preprocurement", part)
    if opinion is None or opinion.conclusion != "核准":
        return False
    later = [row for row in now.of(project.id, "scope_version") if row.number > opinion.scope_version]
    touched = "interface_changed" if part == "exchange" else "infrastructure_changed"
    return not any(not row.by_change or getattr(row, touched) for row in later)


# -- building ----------------------------------------------------------------------------------------------------------


def building(between: Between) -> Iterator[str]:
    """第十七条, 第二十条: no start without an independent supervisor, no completion without its certificate."""
    now = between.after
    for row in between.newly("supervision", lambda row: not row.void):
        builders = {contract.supplier for contract in now.of(row.project_id, "contract")}
        if row.supervisor in builders or not row.evidence or not row.unaffiliated_declared or row.signed_on is None:
            yield f"监理 {row.supervisor} 不独立或者无证明（第十七条）"
    started = lambda row: row.start_order_on is not None or row.service_start_on is not None  # noqa: E731
    for row in between.newly("project", started):
        supervised = now.of(row.id, "supervision", void=False)
        if row.path in SUPERVISED and not supervised:
            yield f"{row.no} 没有监理而开工（第十七条）"
        if not [one for one in now.of(row.id, "contract") if one.confirmed_by]:
            yield f"{row.no} 没有合同而开工（第十六条）"
        if _measure(now, row, "暂停建设", "终止"):
            yield f"{row.no} 在暂停、终止之后开工（第三十一条）"
    for row in between.newly("project", lambda row: row.completed_on is not None):
        if _measure(now, row, "暂停建设", "终止"):
            yield f"{row.no} 在暂停、终止之后竣工（第三十一条）"
        certified = {str(one.answers.get("completed_on")) for one in now.of(row.id, "submission", form_id="f15c")}
        if row.completed_on.isoformat() not in certified:
            yield f"{row.no} 没有竣工证明而竣工（第二十条）"
    for row in between.newly("submission", lambda row: row.form_id == "f15c" and row.project_id is not None):
        project = now.by_id["project"][row.project_id]
        start, said = project.start_order_on or project.service_start_on, row.answers.get("completed_on")
        if start is None or said is None or not start <= date.fromisoformat(said) <= now.today:
            yield f"{project.no} 的竣工证明早于开工或者晚于今天（第二十条）"
    for row in between.newly("supervision_log"):
        logs = now.of(row.project_id, "supervision_log")
        if any(one.progress > row.progress for one in logs if one.id < row.id):
            yield f"进度 {row.id} 低于上次"
        if _measure(now, now.by_id["project"][row.project_id], "暂停建设", "终止"):
            yield f"进度 {row.id} 在暂停、终止之后（第三十一条）"


def change(between: Between) -> Iterator[str]:
    """第十七条: nothing relies on a change before consent, and before the follow-up of any raise."""
    now = between.after
    for row in between.newly("change"):
        if _measure(now, now.by_id["project"][row.project_id], "暂停建设", "终止"):
            yield f"变更 {row.number} 在暂停、终止之后（第三十一条）"
    for row in between.newly("change", lambda row: row.reapproved):
        signers = [one.by_id for one in now.of(row.project_id, "submission", form_id="f00s")
                   if meaning(one, now) == "approved_estimate"]  # fmt: skip
        drc = [one for one in signers if now.people[one].kind == "drc"]
        if now.by_id["project"][row.project_id].path == "T" and not drc:
            yield f"变更 {row.number} 的概算不是发改委批复的（第十七条）"
    for row in between.newly("change", lambda row: row.status in {"agreed", "filed"}):
        major = row.delta_fen > 0 or row.objective_changed or row.main_module_changed
        signed = [
            one for one in now.of(row.project_id, "opinion", kind="change", part=str(row.number)) if one.signed_on
        ]
        if major and (row.status != "agreed" or not signed):
            yield f"重大变更 {row.number} 未经大数据局同意（第十七条）"
    for row in between.newly("scope_version", lambda row: row.by_change):
        agreed = now.of(row.project_id, "change", status="agreed")
        versions = now.of(row.project_id, "scope_version", by_change=True)
        if len(agreed) < len(versions):
            yield f"内容版本 {row.number} 没有同意的变更（第十七条）"
        elif agreed[-1].delta_fen > 0 and not _followed_up(now, agreed[-1]):
            yield f"内容版本 {row.number} 增加投资而未重新批复（第十七条）"
    for row in between.newly("contract", lambda row: bool(row.supplement_to)):
        found = [one for one in now.of(row.project_id, "change") if one.number == row.change_number]
        if not found or found[-1].status not in {"agreed", "filed"}:
            yield f"补充合同 {row.no} 没有同意的变更（第十七条）"
        elif found[-1].delta_fen > 0 and not _followed_up(now, found[-1]):
            yield f"补充合同 {row.no} 的增资未重新批复（第十七条）"


def _followed_up(now: Picture, row: Row) -> bool:
    investment = now.by_id["project"][row.project_id].path == "T"
    return bool(row.source_named and (row.reapproved or not investment))


# -- acceptance and after ----------------------------------------------------------------------------------------------


def acceptance(between: Between) -> Iterator[str]:
    """第四条, 第二十条, 第二十一条, 第二十七条: who must have attended, what must have been consented to and closed."""
    now = between.after
    for row in between.newly("acceptance_attempt"):
        yield from _attempt(now, row)
    for row in between.newly("acceptance_attempt", lambda row: row.held_on is not None):
        if not _designated(now, row):
            yield f"验收会 {row.id} 没有指派专家签到（第二十条）"
    for row in between.newly("acceptance_attempt", lambda row: row.conclusion == "通过"):
        if not _designated(now, row):
            yield f"验收 {row.id} 没有指派专家而通过（第二十条）"
        part = str(row.number)
        consents = [one for one in now.of(row.project_id, "opinion", kind="acceptance", part=part) if one.signed_on]
        if row.consent != "核准" or not consents or consents[-1].conclusion != "核准":
            yield f"验收 {row.id} 没有核准意见而通过（第二十条）"
    for old, row in between.changed("acceptance_attempt", "conclusion"):
        if old.conclusion is not None:
            yield f"验收 {row.id} 的结论“{old.conclusion}”被改写（第二十条）"
        elif row.held_on is None:
            yield f"验收 {row.id} 没有开会而有结论（第二十条）"
    for row in between.newly("opinion", lambda row: row.kind == "acceptance" and row.conclusion == "核准"):
        if not now.by_id["project"][row.project_id].access_verified:
            yield f"未接入大数据平台而核准验收 {row.id}（第四条）"
    for row in between.newly("panel_member", lambda row: row.purpose == "acceptance" and not row.replaced):
        reviewers = {one.person_id for one in now.of(row.project_id, "panel_member", purpose="review", replaced=False)}
        seats = now.of(row.project_id, "panel_member", purpose="acceptance", round=row.round, replaced=False)
        if all(one.person_id in reviewers for one in seats):
            yield f"只指派了评审过的专家 {row.person_id}（COI-03）"
        if now.people[row.person_id].organisation_id == now.by_id["project"][row.project_id].unit_id:
            yield f"指派了项目单位的人 {row.person_id}（COI-01）"


def _attempt(now: Picture, row: Row) -> Iterator[str]:
    project = now.by_id["project"][row.project_id]
    if not project.access_no:
        yield f"{project.no} 没有接入编号而申请验收（第四条）"
    if [one for one in now.of(project.id, "resource_item") if not one.platform_no]:
        yield f"{project.no} 信息资源未登记而申请验收（第二十七条）"
    failed = [one for one in now.of(project.id, "acceptance_attempt", conclusion="不合格") if one.id < row.id]
    if failed:
        items = now.of(project.id, "rectification_item", cause="acceptance", cause_id=failed[-1].id)
        if not items or any(not one.confirmed for one in items):
            yield f"{project.no} 整改未确认而再次申请验收（第二十一条）"
        if len(failed) > 1 and not failed[-1].third_allowed_by:
            yield f"{project.no} 未经批准第三次验收（第二十一条）"


def _designated(now: Picture, row: Row) -> bool:
    seats = {
        one.person_id
        for one in now.of(row.project_id, "panel_member", purpose="acceptance", round=row.number, replaced=False)
        if one.designated
    }
    came = [one for one in now.of(row.project_id, "participant", attempt_id=row.id) if one.signed_in]
    return any(one.person_id in seats for one in came)


def after_acceptance(between: Between) -> Iterator[str]:
    """第二十条, 第二十三条, 第二十七条: materials, catalogue, operation and evaluation come after."""
    now = between.after
    for row in between.newly("acceptance_filing", lambda row: not row.returned):
        if not accepted(now, now.by_id["project"][row.project_id]):
            yield f"验收材料 {row.id} 在验收通过之前（第二十条）"
    for row in between.newly("acceptance_filing", lambda row: row.confirmed_on is not None):
        if [one for one in now.of(row.project_id, "resource_item") if not one.platform_no]:
            yield f"信息资源未登记而确认验收材料 {row.id}（第二十七条）"
    for row in between.newly("project", lambda row: row.online_on is not None):
        said = [one.answers.get("reason") for one in now.of(row.id, "submission", form_id="f16o")]
        if row.path != "Y" and not accepted(now, row):
            yield f"{row.no} 未验收而投入运行（第二十三条）"
        elif row.path != "Y" and row.online_on < row.accepted_on and not (said and said[-1]):
            yield f"{row.no} 早于验收投入运行而不说明理由（第二十三条）"
    for row in between.newly("system_entry", lambda row: row.status == "active" and row.legacy):
        if not row.content.get("checked_by"):
            yield f"存量系统 {row.code} 未经核对而生效（第十九条）"
    for row in between.newly("system_entry", lambda row: row.status == "active" and row.project_id is not None):
        project = now.by_id["project"][row.project_id]
        if project.path != "Y" and not accepted(now, project):
            yield f"{project.no} 未验收而目录生效（第十九条）"
        if not row.content.get("checked_by"):
            yield f"{project.no} 的系统目录未经核对而生效（第十九条）"
    for row in between.newly("evaluation"):
        project = now.by_id["project"][row.project_id]
        if project.online_on is None or now.today < project.online_on + timedelta(days=365):
            yield f"{project.no} 运行未满一年而评价（第二十三条）"
        involved = {one.supplier for one in now.of(project.id, "contract")}
        involved |= {one.supervisor for one in now.of(project.id, "supervision", void=False)}
        if row.evaluator in involved:
            yield f"{project.no} 由承建或者监理单位评价（COI-06）"
    for row in between.newly("evaluation", lambda row: row.signed_on is not None):
        if row.total_centi is None:
            yield f"评价 {row.id} 没有评分而签发（第二十三条）"
    for row in between.newly("evaluation", lambda row: row.rectified_on is not None):
        if row.signed_on is None or row.passed:
            yield f"评价 {row.id} 没有不达标而整改（第二十三条）"


def delay(between: Between) -> Iterator[str]:
    """第二十一条: the last day for acceptance moves only by a registered report."""
    now = between.after
    for row in between.newly("extension", lambda row: row.registered_on is not None):
        if not row.signed_by:
            yield f"延期报告 {row.id} 未经签批而登记（第二十一条）"
    for row in between.newly("submission", lambda row: row.form_id == "f19" and "new_date" in row.answers):
        if row.answers["new_date"] <= now.today.isoformat():
            yield f"延期报告的新时间不晚于报告之日（提交 {row.id}，第二十一条）"
    for row in between.newly("extension"):
        if row.new_date <= row.filed_on:
            yield f"延期报告 {row.id} 的新时间不晚于报告之日（第二十一条）"
        if not now.of(row.project_id, "deadline", kind="acceptance"):
            yield f"延期报告 {row.id} 没有期限可延（第二十一条）"
    for old, row in between.changed("deadline", "due"):
        moved = [one for one in now.of(row.project_id, "extension") if one.registered_on and one.filed_on <= old.due]
        if row.kind == "acceptance" and row.start == old.start and row.due > old.due and not moved:
            yield f"验收期限 {row.id} 未经登记而延长（第二十一条）"


def inspection(between: Between) -> Iterator[str]:
    """第三十一条, 第三十二条: the ladder, rung by rung, and its end."""
    now = between.after
    for row in between.newly("measure", lambda row: row.kind != "不采取措施"):
        orders = [one for one in now.of(row.project_id, "rectification_order") if one.id == row.order_id]
        if not orders or not (orders[0].rechecked is False or (orders[0].due and now.today > orders[0].due)):
            yield f"措施 {row.id} 在整改期满之前（第三十一条）"
    for row in between.newly("measure", lambda row: row.decided_on is not None):
        yield from _cosigned(now, row)
        silent = row.statement_due is not None and row.stated_on is None and row.decided_on <= row.statement_due
        if silent and row.kind != "不采取措施":
            yield f"措施 {row.id} 在听取陈述申辩之前采取措施（第三十一条）"
    for row in between.newly("rectification_order", lambda row: row.closed_on is not None):
        if not row.rechecked:
            yield f"整改通知 {row.number} 未经复查而办结（第三十一条）"
    for row in between.newly("audit_case", lambda row: row.confirmed_on is not None):
        if row.passed is not False:
            yield f"审计 {row.number} 没有不达标而确认整改（第三十二条）"
    for row in between.newly("rectification_item", lambda row: row.confirmed):
        if row.done_on is None and row.cause == "acceptance":
            yield f"整改事项 {row.id} 未完成而确认（第二十一条）"
        checks = [one.answers.get("items") or [] for one in now.of(row.project_id, "submission", form_id="f17c")]
        passed = [item for item in (checks[-1] if checks else []) if item.get("result") == "通过"]
        siblings = now.of(row.project_id, "rectification_item", cause=row.cause, cause_id=row.cause_id)
        if len(passed) < len([one for one in siblings if one.confirmed and one.confirmed_on == row.confirmed_on]):
            yield f"整改事项 {row.id} 未经复查而确认（第三十一条）"


def _cosigned(now: Picture, row: Row) -> Iterator[str]:
    needed = {"bur_head"}
    if row.kind in {"暂缓拨付", "暂停建设", "终止"}:
        needed.add("fin_head")
    if row.kind in {"暂停建设", "终止"} and now.by_id["project"][row.project_id].path == "T":
        needed.add("drc_head")
    if needed - set(row.cosigned_by):
        yield f"措施 {row.id} 会签不全（第三十一条）"


# -- the machine -------------------------------------------------------------------------------------------------------


def states(between: Between) -> Iterator[str]:
    """规格 §3.1: a state changes along the machine, and each state rests on its fact."""
    now = between.after
    for old, row in between.changed("project", "state"):
        if row.state not in _reachable(old.state):
            yield f"{row.no} 由 {old.state} 变为 {row.state}，状态机不允许（规格 §3.1）"
        missing = _rests_on(now, row)
        if missing:
            yield f"{row.no} 进入 {row.state} 而{missing}（规格 §3.1）"


def _reachable(state: str) -> set[str]:
    """Return the states that one form can lead to: by one event, or by two in a row."""
    steps = {state: {str(after) for ways in TRANSITIONS.values() for before, after in ways.items() if before == state}}
    found = set(steps[state])
    for middle in steps[state]:
        found |= {str(after) for ways in TRANSITIONS.values() for before, after in ways.items() if before == middle}
    return found


def _rests_on(now: Picture, row: Row) -> str:
    funded = any(line.approved_on and (line.arranged_fen or 0) > 0 for line in now.of(row.id, "budget_line"))
    asked: dict[str, tuple[bool, str]] = {
        "PLAN_SUBMITTED": (any(one.submitted_on for one in now.of(row.id, "plan_item")), "计划项未报送"),
        "PLAN_APPROVED": (any(one.result == "同意" for one in now.of(row.id, "plan_item")), "县政府未同意"),
        "REVIEW": (any(one.signed_on for one in now.of(row.id, "filing")), "材料未签报"),
        "IN_LIBRARY": (reviewed(now, row), "未经审核通过"),
        "APPROVAL": (reviewed(now, row), "未经审核通过"),
        "PRE_PROC": (funded, "未安排资金"),
        "SCRAPPED": (_agreed_to_scrap(now, row), "未经同意报废"),
        "APPROVED": (approved(now, row, *approval_kinds(row.path)) is not None, "未获批复"),
        "BUDGETED": (funded, "未安排资金"),
        "PROCUREMENT": (bool(now.of(row.id, "procurement_package")), "没有采购包"),
        "CONTRACTED": (any(one.confirmed_by for one in now.of(row.id, "contract")), "没有合同"),
        "BUILDING": (bool(row.start_order_on or row.service_start_on), "未开工"),
        "COMPLETED": (row.completed_on is not None, "没有竣工日期"),
        "ACCEPTANCE": (bool(now.of(row.id, "acceptance_attempt")), "未申请验收"),
        "ACCEPTED": (accepted(now, row) and _filed(now, row), "验收或者材料未完成"),
        "OPERATING": (row.online_on is not None and _catalogued(now, row), "未投入运行或者目录未生效"),
        "EVALUATING": (bool(now.of(row.id, "evaluation")), "没有评价"),
        "DECOMMISSIONING": (_assessed(now, row), "没有测评报告"),
        "TERMINATED": (_measure(now, row, "终止"), "没有终止决定"),
        "SUSPENDED": (_measure(now, row, "暂停建设"), "没有暂停决定"),
    }
    holds, why = asked.get(row.state, (True, ""))
    return "" if holds else why


def approval_kinds(path: str) -> tuple[str, ...]:
    """Return the kinds of approval that a path knows: the commission's, finance's, or on path L any of the three."""
    return {"T": ("drc",), "G": ("service_funds",)}.get(path, ("drc", "service_funds", "joint"))


def _agreed_to_scrap(now: Picture, row: Row) -> bool:
    signed = [
        one.answers.get("result") for one in now.of(row.id, "submission", form_id="f00s")
        if meaning(one, now) == "signs f29" and "bur_head" in now.people[one.by_id].roles
    ]  # fmt: skip
    return bool(signed) and signed[-1] == "同意"


def library(between: Between) -> Iterator[str]:
    """第十八条, 第十九条: nothing unreviewed enters, no year counts early, nothing is cancelled."""
    now = between.after
    for row in between.newly("library_entry"):
        if not reviewed(now, now.by_id["project"][row.project_id]):
            yield f"{row.project_id} 未经审核而入库（第十条）"
    for row in between.newly("library_entry", lambda row: any(fy >= now.today.year for fy in row.closed_fys)):
        yield f"{row.project_id} 的年度未结束而计入（第十八条）"
    for row in between.newly("library_entry", lambda row: row.status == "剔除"):
        if row.streak_closed < 3:
            yield f"{row.project_id} 未满三年而剔除（第十八条）"
    for row in between.newly("system_entry", lambda row: row.status == "cancelled"):
        users = [one for one in now.rows["project"] if row.project_id == one.id or one.parent_system_id == row.id]
        if not any(_agreed_to_scrap(now, one) for one in users):
            yield f"系统 {row.code} 未经同意而注销（第九条）"
    for row in between.newly("submission", lambda row: meaning(row, now) == "platform_no"):
        if not row.answers.get("platform_no"):
            yield f"未填登记编号而登记 {row.id}（第二十七条）"
    for old, row in between.changed("deadline", "start"):
        project = now.by_id["project"].get(row.project_id)
        if row.kind == "acceptance" and project is not None and row.start != project.completed_on:
            yield f"{project.no} 的验收期限不从竣工之日起算（第二十条，原起算日 {old.start}）"


def _filed(now: Picture, row: Row) -> bool:
    return any(set(one.materials) >= FOUR_MATERIALS and one.confirmed_on for one in now.of(row.id, "acceptance_filing"))


def _assessed(now: Picture, row: Row) -> bool:
    asked = now.of(row.id, "submission", form_id="f29")
    return bool(asked and asked[-1].answers.get("report"))


def _state(between: Between, project_id: int) -> str:
    row = between.before.by_id["project"].get(project_id)
    return "" if row is None else str(row.state)


def aftercare(between: Between) -> Iterator[str]:
    """第四条, 第七条, 第二十九条: assets within contracts, systems to the cloud, incidents that have happened."""
    now = between.after
    for row in between.newly("asset"):
        contracted = sum(one.amount_fen for one in now.of(row.project_id, "contract"))
        if sum(one.value_fen for one in now.of(row.project_id, "asset")) > contracted:
            yield f"{row.project_id} 的资产合计超过合同（第七条）"
    for row in between.newly("cloud_migration"):
        if "政务云" not in row.to_place:
            yield f"{row.system} 不迁往政务云（第四条）"
    for row in between.newly("security_incident"):
        if row.happened_at > now.now:
            yield f"安全事件 {row.id} 尚未发生（第二十九条）"
    for row in between.newly("correction"):
        if row.what == "completed_on" and row.new > now.today.isoformat():
            yield f"更正 {row.id} 的竣工日期晚于今天（第二十条）"


def secret(between: Between) -> Iterator[str]:
    """第三十四条: a secret item leaves nothing but unit, clause, day and handler."""
    for row in between.newly("project", lambda row: row.path == "X"):
        if row.name or row.total_fen or between.after.of(row.id, "plan_item"):
            yield f"{row.no} 涉密而留下内容（第三十四条）"
    for row in between.newly("submission", lambda row: row.form_id == "f01"):
        said = {key for key, value in row.answers.items() if value not in (None, "", [], False)}
        if {"secret", "other_rule"} & said and said - {"secret", "other_rule", "clause"}:
            yield f"涉密申报 {row.id} 留下内容（第三十四条）"


RULES: tuple[Rule, ...] = (
    plan, filing, review, approval, money, upkeep, procurement, building, change, acceptance, after_acceptance, delay,
    inspection, states, library, aftercare, secret,
)  # fmt: skip
