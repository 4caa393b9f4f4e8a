"""交接班 over HTTP: a leaving clerk's tasks, drafts and projects pass to a colleague, on one list that both see."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.models.accounts import PersonRole
from app.models.business import Project
from app.models.documents import AuditEvent, Draft, Notice
from app.models.process import TaskAudience, UserTask
from app.services import audit
from tests.integration.web_clients import FOREIGN, NOW, OWN, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]

LEAVING, TO, HEAD, ADMIN = "jyj.wang", "jyj.zhao", "jyj.li", "dsj.zhen"


@pytest.fixture
def leaving(county: County) -> dict[str, str]:
    """Both lead projects may; the leaving clerk has claimed a task, typed into it, and leads the own project."""
    with county.change() as session:
        for name in (LEAVING, TO):
            session.add(PersonRole(person_id=county.people[name], role="unit_lead", granted_at=NOW))
        session.get_one(Project, county["own.project_id"]).lead_id = county.people[LEAVING]
    clerk, task = county.as_(LEAVING), county["own.task"]
    assert clerk.post(f"/tasks/{task}/claim", {}).status_code == 302
    assert clerk.post(f"/tasks/{task}/draft", json={"values": {"name": "学生体质监测平台"}}).status_code == 200
    return {"from": str(county.people[LEAVING]), "to": str(county.people[TO])}


def lists(county: County) -> list[AuditEvent]:
    with county.look() as session:
        found = list(session.scalars(select(AuditEvent).where(AuditEvent.act == "hand_over").order_by(AuditEvent.id)))
        session.expunge_all()
        return found


def test_the_list_is_shown_before_anything_passes(county: County, leaving: dict[str, str]) -> None:
    page = county.as_(HEAD).get("/handovers", query_string=leaving).get_data(as_text=True)
    for said in (
        "移交的任务",
        "填报计划项",
        "移交的草稿",
        "移交的项目（项目负责人）",
        OWN,
        "随项目移交的时限",
        "竣工验收",
    ):
        assert said in page, said
    assert FOREIGN not in page
    assert lists(county) == []
    assert county.task(county["own.task"]).assignee_id == county.people[LEAVING]


def test_everything_passes_at_once_and_the_successor_signs(county: County, leaving: dict[str, str]) -> None:
    answer = county.as_(HEAD).post("/handovers", leaving)
    (event,) = lists(county)
    assert answer.location == f"/handovers/{event.id}"
    task = county["own.task"]
    with county.look() as session:
        assert session.get_one(UserTask, task).assignee_id == county.people[TO]
        heard = set(session.scalars(select(TaskAudience.audience).where(TaskAudience.task_id == task)))
        taker = county.people[TO]
        assert heard == {f"p:{taker}", f"s:{taker}:r:unit_clerk@{county.bodies['jyj']}"}, "and who stands in for her"
        assert session.get(Draft, (task, county.people[LEAVING])) is None
        assert session.get_one(Draft, (task, county.people[TO])).values == {"name": "学生体质监测平台"}
        assert session.get_one(Project, county["own.project_id"]).lead_id == county.people[TO]
        told = session.scalars(
            select(Notice.person_id).where(Notice.dedupe_key == f"handover:{event.id}").order_by(Notice.person_id)
        ).all()
        assert list(told) == sorted((county.people[LEAVING], county.people[TO]))
        assert audit.altered(session) == []
    assert event.detail["to"] == county.people[TO]
    assert (event.detail["tasks"], event.detail["drafts"], event.detail["projects"]) == (
        [task], [task], [county["own.project_id"]],
    )  # fmt: skip
    taker = county.as_(TO)
    assert taker.task_page(task)["data"]["name"] == "学生体质监测平台"
    assert "尚未签收" in taker.get(f"/handovers/{event.id}").get_data(as_text=True)
    assert taker.post(f"/handovers/{event.id}/receive", {}).location == f"/handovers/{event.id}"
    page = county.as_(HEAD).get(f"/handovers/{event.id}").get_data(as_text=True)
    assert "王芳移交给赵敏，由李强发起。" in page
    assert "已签收" in page
    taker.post(f"/handovers/{event.id}/receive", {})
    with county.look() as session:
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.act == "receive_handover")).all()) == 1
    assert f"/tasks/{task}" not in county.as_(LEAVING).get("/inbox").get_data(as_text=True)
    assert county.as_(LEAVING).post(f"/handovers/{event.id}/receive", {}).status_code == 404


def test_the_administrator_starts_it_without_seeing_what_it_is_about(county: County, leaving: dict[str, str]) -> None:
    admin = county.as_(ADMIN)
    page = admin.get("/handovers", query_string=leaving).get_data(as_text=True)
    assert "任务 1 件，草稿 1 份，负责的项目 1 个，时限 1 个。" in page
    assert OWN not in page
    assert admin.post("/handovers", leaving).status_code == 302
    (event,) = lists(county)
    shown = admin.get(f"/handovers/{event.id}").get_data(as_text=True)
    assert "任务 1 件" in shown
    assert OWN not in shown


def test_who_may_not_start_it_changes_nothing(county: County, leaving: dict[str, str]) -> None:
    for stranger, status in ((LEAVING, 403), ("wjw.xu", 403), ("dsj.chen", 403)):
        assert county.as_(stranger).post("/handovers", leaving).status_code == status, stranger
    other = leaving | {"to": str(county.people["wjw.zhou"])}
    assert county.as_(HEAD).post("/handovers", other).status_code == 404
    assert county.as_(HEAD).post("/handovers", leaving | {"to": leaving["from"]}).status_code == 404
    assert lists(county) == []
    assert county.task(county["own.task"]).assignee_id == county.people[LEAVING]


def test_projects_go_to_nobody_who_may_not_lead_them(county: County, leaving: dict[str, str]) -> None:
    head = county.as_(HEAD)
    with county.change() as session:
        session.delete(session.get_one(PersonRole, (county.people[TO], "unit_lead")))
    assert head.post("/handovers", leaving).status_code == 302
    assert "没有“项目负责人”角色" in head.get("/handovers").get_data(as_text=True)
    assert lists(county) == []
    with county.look() as session:
        assert session.get_one(Project, county["own.project_id"]).lead_id == county.people[LEAVING]


def test_a_list_concerns_only_its_own_people(county: County, leaving: dict[str, str]) -> None:
    county.as_(HEAD).post("/handovers", leaving)
    (event,) = lists(county)
    seen = {name: county.as_(name).get(f"/handovers/{event.id}").status_code
            for name in (LEAVING, TO, HEAD, ADMIN, "wjw.xu", "dsj.sun", "daxue.ouyang")}  # fmt: skip
    assert seen == {LEAVING: 200, TO: 200, HEAD: 200, ADMIN: 200, "wjw.xu": 404, "dsj.sun": 404, "daxue.ouyang": 404}
