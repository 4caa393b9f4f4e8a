"""Collecting the plan: a unit with nothing to file, one that is late (G-06), items merged, postponed and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.models import business
from app.models.documents import Notice, Submission
from app.models.process import UserTask
from tests.scenarios import road
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from app.queries.open_tasks import OpenTask
    from tests.scenarios.site import Site

SUGGEST, DECIDE = "p01_annual_plan.suggest", "p01_annual_plan.county_decision"
FARMS, WATER, ROADS = "XWXX-2026-T-002", "XWXX-2026-T-005", "XWXX-2026-L-008"


def called(site: Site) -> Tale:
    """The call of 9 October 2025, and the tale of the unit that will file in time."""
    tale = Tale(site, site.county.plan(FARMS))
    tale.go("2025-10-09")
    (call,) = tale.desk.open(process="p01_annual_plan")
    tale.hands_in(call, "dsj.cheng")
    return tale


def asked(tale: Tale, unit: str) -> OpenTask:
    number = tale.site.staff.units[unit]
    (found,) = (one for one in tale.desk.open(process="p01u_unit_plan") if one.unit_id == number)
    return found


def in_time(tale: Tale, unit: str, clerk: str, head: str) -> None:
    mine = asked(tale, unit)
    tale.hands_in(mine, clerk)
    (filing,) = tale.desk.open(instance_id=mine.instance_id)
    tale.hands_in(filing, clerk)
    with tale.site.look() as session:
        tale.no = session.scalars(select(business.Project.no).order_by(business.Project.id.desc()).limit(1)).one()
    tale.does(head, "p01u_unit_plan.sign_item")


def in_plan(tale: Tale) -> Any:
    return tale.rows(business.PlanItem)[-1]


def reminded(site: Site, username: str) -> int:
    person = site.staff.actors[username].id
    with site.look() as session:
        found = select(Notice.id).where(
            Notice.person_id == person, Notice.message.like("%报送下一年度建设或者采购计划%")
        )
        return len(session.scalars(found).all())


def test_a_nil_return_ends_the_asking(site: Site) -> None:
    tale = called(site)
    mine = asked(tale, "sfj")
    tale.desk.complete(mine, "sfj.sun", {"nothing_to_file": True})
    assert tale.desk.open(instance_id=mine.instance_id) == ()
    with site.look() as session:
        kept = session.scalars(select(Submission).where(Submission.task_id == mine.id)).one()
        assert kept.answers["nothing_to_file"] is True
        assert session.scalars(select(business.Project)).all() == []
    before = reminded(site, "sfj.sun")
    tale.go("2025-12-01", 9)
    assert reminded(site, "sfj.sun") == before == 0, "who has nothing to file is not reminded"
    assert reminded(site, "slj.feng") > 0


def test_a_late_item_needs_the_head_and_a_reason(site: Site) -> None:
    tale = called(site)
    in_time(tale, "nyj", "nyj.he", "nyj.qiu")
    late = Tale(site, site.county.plan(WATER))
    late.go("2025-12-02", 9)
    mine = asked(late, "slj")
    late.hands_in(mine, "slj.feng")
    (filing,) = late.desk.open(instance_id=mine.instance_id)
    late.hands_in(filing, "slj.feng")
    with site.look() as session:
        late.no = session.scalars(select(business.Project.no).order_by(business.Project.id.desc()).limit(1)).one()
    late.does("slj.tang", "p01u_unit_plan.sign_item")
    item = in_plan(late)
    assert item.submitted_on > item.plan_due, "marked late (G-06)"
    assert late.open_keys() == [], "the annual list was closed at T-01"
    assert tale.open_keys() == [SUGGEST]
    started = late.desk.start("p01_annual_plan", "dsj.qi")
    (task,) = (one for one in late.tasks(SUGGEST) if one.instance_id == started.instance_id)
    told = late.is_refused("dsj.qi", task, "第九条", bureau_suggestion="纳入", reason="", late_reason="")
    assert "增补" in told or "逾期" in told
    late.hands_in(task, "dsj.qi", bureau_suggestion="纳入", reason="县政府年中交办", late_reason="县政府年中交办")
    assert in_plan(late).supplement is True
    assert in_plan(late).supplement_approved_by == ""
    for _ in range(3):
        for one in late.desk.open(instance_id=started.instance_id):
            late.hands_in(one, road.holder(late, one))
    item = in_plan(late)
    assert (item.supplement, item.supplement_approved_by, item.result) == (True, "dsj.yue", "同意")
    assert late.project.state == "PLAN_APPROVED"


def test_merged_items_end_with_a_link_and_a_postponed_one_waits(site: Site) -> None:
    kept = called(site)
    in_time(kept, "nyj", "nyj.he", "nyj.qiu")
    merged, postponed = Tale(site, site.county.plan(WATER)), Tale(site, site.county.plan(ROADS))
    in_time(merged, "slj", "slj.feng", "slj.tang")
    in_time(postponed, "zjj", "zjj.du", "zjj.cui")
    kept.go("2025-12-02")
    task = merged.task(SUGGEST)
    for wrong in (merged.no, "XWXX-2026-T-999"):
        told = merged.desk.post(
            task, "dsj.qi", merged.answers(task, "dsj.qi") | {"bureau_suggestion": "合并", "merge_into": wrong}
        )
        assert told.status_code == 422, "not into itself, nor into what does not exist"
    merged.hands_in(task, "dsj.qi", bureau_suggestion="合并", merge_into=kept.no, reason="同属涉农数据平台")
    kept.does("dsj.qi", SUGGEST)
    postponed.does("dsj.qi", SUGGEST)
    for username in ("czj.shen", "dsj.yue"):
        (task,) = kept.desk.open(process="p01_annual_plan")
        kept.hands_in(task, username)
    kept.does("xzf.zhai", DECIDE)
    merged.does("xzf.zhai", DECIDE)
    assert merged.project.state == "WITHDRAWN"
    postponed.does("xzf.zhai", DECIDE, result="暂缓")
    assert kept.project.state == "PLAN_APPROVED"
    assert (postponed.project.state, in_plan(postponed).fy, in_plan(postponed).result) == ("PLAN_SUBMITTED", 2027, "")
    page = merged.page("slj.feng")
    assert f'href="/projects/{kept.no}"' not in page or "已合并到" in page
    assert "已合并到" in page
    assert merged.open_keys() == postponed.open_keys() == []
    assert kept.open_keys() == ["p02_review.file_materials"]


def test_the_head_takes_back_what_the_bureau_has_on_its_table(site: Site) -> None:
    tale = called(site)
    in_time(tale, "nyj", "nyj.he", "nyj.qiu")
    other = Tale(site, site.county.plan(WATER))
    in_time(other, "slj", "slj.feng", "slj.tang")
    tale.go("2025-12-02")
    assert tale.open_keys() == other.open_keys() == [SUGGEST]
    address, reason = f"/projects/{tale.no}/withdraw", {"reason": "省级统一建设，不再单独建设。"}
    for stranger, status in (("slj.tang", 404), ("nyj.he", 403), ("dsj.yue", 404), ("dsj.zhen", 404)):
        assert site.as_(stranger).post(address, reason).status_code == status, stranger
    assert tale.project.state == "PLAN_SUBMITTED"
    assert site.as_("nyj.qiu").post(address, reason).status_code == 302
    assert (tale.project.state, tale.open_keys()) == ("WITHDRAWN", [])
    assert other.open_keys() == [SUGGEST], "the plan goes on without it"
    other.does("dsj.qi", SUGGEST)
    for username in ("czj.shen", "dsj.yue"):
        (task,) = tale.desk.open(process="p01_annual_plan")
        other.hands_in(task, username)
    other.does("xzf.zhai", DECIDE)
    assert other.project.state == "PLAN_APPROVED"
    with site.look() as session:
        open_ones = session.scalars(
            select(UserTask.id).where(UserTask.project_id == tale.project.id, UserTask.status == "open")
        )
        assert open_ones.all() == []
