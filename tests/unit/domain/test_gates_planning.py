"""Gates of the annual plan: G-01, G-03, G-06, G-07, G-08, G-38."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.facts import Assessment, BudgetItem, Consent, OtherRule, PlanItem, ProjectFacts, SystemStanding, Unit
from app.domain.gates import GATES, check
from tests.unit.domain.a_project import WAN, a_filing, a_project, act, an_item


def said(gate: str, facts: ProjectFacts, **changes: object) -> list[str]:
    form = str(changes.pop("form", "f02"))
    return [refusal.text for refusal in check([gate], facts, act(form, **changes))]


def test_an_unknown_gate_is_an_error() -> None:
    with pytest.raises(KeyError, match="G-99"):
        check(["G-99"], a_project(), act("f02"))


def test_every_gate_of_the_specification_is_there() -> None:
    assert set(GATES) == {f"G-{number:02}" for number in range(1, 39)} | {"M-01", "M-02"}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (an_item(), []),
        (an_item(funding_form="摊派"), ["资金形式不在四种之内。"]),
        (an_item(category="游戏"), ["系统类别不在六类之内。"]),
        (an_item(category="其他", category_reason=" "), ["系统类别选“其他”，但未说明理由。"]),
        (an_item(category="其他", category_reason="跨类"), []),
        (None, []),
    ],
)
def test_g01_takes_four_funding_forms_and_six_categories(item: PlanItem | None, expected: list[str]) -> None:
    assert said("G-01", a_project(item=item)) == expected


def test_g01_refuses_a_unit_that_is_not_a_department_and_reads_the_proposal_first() -> None:
    facts = a_project(unit=Unit("xz", "某镇", eligible=False))
    assert said("G-01", facts, item=an_item(funding_form="")) == [
        "某镇不在项目单位名录内，不能申报。",
        "资金形式不在四种之内。",
    ]


ROOM = "计划项含新建业务机房或者专网。"


@pytest.mark.parametrize(
    ("item", "lines", "expected"),
    [
        (an_item(), (), []),
        (an_item(has_room=True), (), [ROOM]),
        (an_item(has_private_net=True), (), [ROOM]),
        (an_item(), (BudgetItem("机房", "机房装修", 1),), ["预算明细“机房装修”属于机房，不得新建。"]),
        (an_item(), (BudgetItem("专网", "专线", 5 * WAN),), ["预算明细“专线”属于专网，不得新建。"]),
        (an_item(), (BudgetItem("机房", "空行", 0), BudgetItem("软件", "软件", 9)), []),
        (an_item(has_room=True, other_rule=OtherRule("文件", confirmed_by_head=True)), (), []),
        (None, (), []),
    ],
)
def test_g03_permits_no_new_room_or_private_network(
    item: PlanItem | None, lines: tuple[BudgetItem, ...], expected: list[str]
) -> None:
    assert said("G-03", a_project(item=item, filing=a_filing(budget_items=lines))) == expected


def test_g03_names_who_holds_the_way_out() -> None:
    plain = check(["G-03"], a_project(item=an_item(has_room=True), filing=None), act("f02"))[0]
    assert (plain.holder_role, plain.citation) == ("unit_clerk", "第四条")
    attached = an_item(has_room=True, other_rule=OtherRule("文件"))
    waiting = check(["G-03"], a_project(item=attached), act("f02"))[0]
    assert (waiting.holder_role, waiting.remedy) == ("bur_head", "另有规定的文件已附，请大数据局领导确认。")


LATE = an_item(submitted_on=date(2025, 12, 2))
NO_REASON = "计划项于2025-12-02报送，已过2025-12-01的期限，未说明增补理由。"
NOT_APPROVED = "计划项逾期报送，大数据局领导尚未批准增补。"


@pytest.mark.parametrize(
    ("item", "form", "changes", "expected"),
    [
        (an_item(submitted_on=date(2025, 12, 1)), "f02s", {}, []),
        (LATE, "f02s", {"outcome": "纳入"}, [NO_REASON]),
        (LATE, "f02s", {"outcome": "不纳入"}, []),
        (LATE, "f02s", {"outcome": "纳入", "reason": "上级文件下达晚"}, []),
        (LATE, "f02g", {"outcome": "同意", "reason": "上级文件下达晚"}, [NOT_APPROVED]),
        (replace(LATE, late_reason="急需"), "f02g", {}, [NOT_APPROVED]),
        (replace(LATE, late_reason="急需", supplement_approved_by="yue"), "f02g", {}, []),
        (an_item(submitted_on=None), "f02s", {}, []),
        (None, "f02s", {}, []),
    ],
)
def test_g06_takes_a_late_item_only_as_a_supplement(
    item: PlanItem | None, form: str, changes: dict[str, object], expected: list[str]
) -> None:
    assert said("G-06", a_project(item=item), form=form, **changes) == expected


@pytest.mark.parametrize(
    ("consent", "expected"),
    [
        (Consent("同意", "修政〔2025〕8号", date(2025, 12, 20)), []),
        (None, ["县政府尚未同意该计划项，不能编制申报材料。"]),
        (Consent("暂缓", "修政〔2025〕8号", date(2025, 12, 20)), ["县政府尚未同意该计划项，不能编制申报材料。"]),
        (Consent("同意", " ", date(2025, 12, 20)), ["县政府同意的文号或者日期未登记。"]),
        (Consent("同意", "修政〔2025〕8号", None), ["县政府同意的文号或者日期未登记。"]),
    ],
)
def test_g07_locks_the_filing_until_the_county_has_agreed(consent: Consent | None, expected: list[str]) -> None:
    assert said("G-07", a_project(item=an_item(consent=consent)), form="f03") == expected


def test_g07_holds_without_an_item() -> None:
    assert said("G-07", a_project(item=None), form="f03") == ["县政府尚未同意该计划项，不能编制申报材料。"]


OLD = SystemStanding("XWXT-0001", builder="云台数科", operator="宁邑软件")


@pytest.mark.parametrize(
    ("nature", "report", "expected"),
    [
        ("新建", None, []),
        ("扩建", None, ["项目性质为扩建，未提交系统测评报告。"]),
        ("报废", Assessment("怀川测评", date(2026, 1, 1)), []),
        ("改建", Assessment("云台数科", date(2026, 1, 1)), ["测评机构云台数科是原系统的承建或者运维单位。"]),
        ("改建", Assessment("宁邑软件", None), ["测评机构宁邑软件是原系统的承建或者运维单位。"]),
        ("改建", Assessment("怀川测评", date(2025, 11, 23)), []),
        ("改建", Assessment("怀川测评", date(2025, 11, 22)), ["测评报告出具于2025-11-22，已超过12个月。"]),
        ("改建", Assessment(), []),
    ],
)
def test_g08_wants_a_fresh_report_by_a_stranger(nature: str, report: Assessment | None, expected: list[str]) -> None:
    facts = a_project(item=an_item(nature=nature, assessment=report), parent=OLD)
    assert said("G-08", facts) == expected


def test_g08_judges_by_the_projects_nature_where_there_is_no_item() -> None:
    assert said("G-08", a_project(item=None, nature="报废"), form="f29") == ["项目性质为报废，未提交系统测评报告。"]
    assert said("G-08", a_project(item=an_item(nature="改建", assessment=Assessment("云台数科")))) == []


def test_g38_keeps_nothing_of_a_secret_project() -> None:
    facts = a_project(state="DRAFT")
    assert said("G-38", facts, form="f01", secret=True, content_given=False) == []
    assert said("G-38", facts, form="f01", secret=False, content_given=True) == []
    assert said("G-38", facts, form="f01", secret=True, content_given=True) == [
        "涉密项目不得在本系统登记名称、金额和附件。"
    ]
    assert said("G-38", a_project(state="EXEMPT"), form="f03") == ["该项目按另行规定管理，本系统不再登记任何内容。"]
