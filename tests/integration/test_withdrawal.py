"""A unit takes its project back over HTTP: at each stage before funds, never after, and nothing of it stays open."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from app import dispatch
from app.engine.step import Thrown
from app.models.business import BudgetLine, DeadlineRow, PlanItem, Project
from app.models.documents import AuditEvent, Draft, Notice
from app.models.process import ProcessInstance, TaskAudience, UserTask
from app.services import ledger, process_instances
from app.services.process_instances import Run
from tests.integration.web_clients import NOT_SECRET, NOW, PDF, REPORT, TODAY, County, plan_item
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]

CLERK, COLLEAGUE, HEAD = "jyj.wang", "jyj.zhao", "jyj.li"
REASON = "省级统一建设，本县不再单独建设。"


@pytest.fixture
def filed(county: County) -> dict[str, Any]:
    """An item that the clerk has filed and the head has not signed yet."""
    browser = county.as_(CLERK)
    place = browser.post("/start/p01u_unit_plan", {}).location
    asked = int(re.findall(r"/tasks/(\d+)", place)[0])
    assert browser.complete(asked, NOT_SECRET).status_code == 200
    instance = county.task(asked).instance_id
    task = county.open_task(instance)
    report = browser.upload(task, REPORT, PDF).get_json()["id"]
    answers = plan_item("学生体质监测平台", 86.5, system="XX-JYJ-001", report=report)
    assert browser.complete(task, answers).status_code == 200
    with county.look() as session:
        project = session.get_one(Project, session.get_one(ProcessInstance, instance).project_id)
        return {"instance": instance, "id": project.id, "no": project.no, "sign": county.open_task(instance)}


def state(county: County, filed: dict[str, Any]) -> str:
    with county.look() as session:
        return str(session.get_one(Project, filed["id"]).state)


def open_tasks(county: County, project_id: int) -> int:
    with county.look() as session:
        return int(
            session.scalar(select(func.count()).where(UserTask.project_id == project_id, UserTask.status == "open"))
        )


def approve(county: County, filed: dict[str, Any]) -> int:
    """Let the county agree and the lifecycle begin; return the running root."""
    with county.change() as session:
        project = session.get_one(Project, filed["id"])
        project.state = "PLAN_APPROVED"
        for instance in session.scalars(select(ProcessInstance).where(ProcessInstance.id == filed["instance"])):
            instance.status = "completed"
        session.get_one(UserTask, filed["sign"]).status = "cancelled"
        ledger.enter(session, "materials", TODAY, project_id=project.id, now=NOW)
        session.add(BudgetLine(project_id=project.id, fy=2027, fund_type="建设", requested_fen=1))
        Run(session, NOW).throw(
            None, Thrown("message", "plan.item.approved", project.no, {"project_no": project.no}, element_id="")
        )
    dispatch.settle_outbox()
    with county.look() as session:
        return int(
            session.scalars(select(ProcessInstance.id).where(ProcessInstance.process_key == "p00_lifecycle")).one()
        )


def test_the_page_says_what_will_end_before_anything_does(county: County, filed: dict[str, Any]) -> None:
    head = county.as_(HEAD)
    assert f"/projects/{filed['no']}/withdraw" in head.get(f"/projects/{filed['no']}").get_data(as_text=True)
    text = head.get(f"/projects/{filed['no']}/withdraw").get_data(as_text=True)
    assert "1 项未办的任务撤销" in text
    assert "单位负责人签报" in text
    assert f"编号 {filed['no']} 保留" in text
    assert state(county, filed) == "DRAFT"


def test_a_clerk_reads_who_decides_and_cannot_decide(county: County, filed: dict[str, Any]) -> None:
    clerk = county.as_(CLERK)
    text = clerk.get(f"/projects/{filed['no']}/withdraw").get_data(as_text=True)
    assert "撤回由单位负责人办理：李强。" in text
    assert '<button class="btn btn-grave">' not in text
    assert clerk.post(f"/projects/{filed['no']}/withdraw", {"reason": REASON}).status_code == 403
    assert (state(county, filed), open_tasks(county, filed["id"])) == ("DRAFT", 1)


@pytest.mark.parametrize("stranger", ["wjw.xu", "dsj.sun", "dsj.zhen", "daxue.ouyang"])
def test_other_bodies_have_no_such_page(county: County, filed: dict[str, Any], stranger: str) -> None:
    browser = county.as_(stranger)
    assert browser.get(f"/projects/{filed['no']}/withdraw").status_code == 404
    assert browser.post(f"/projects/{filed['no']}/withdraw", {"reason": REASON}).status_code == 404
    assert state(county, filed) == "DRAFT"


def test_without_a_reason_nothing_happens(county: County, filed: dict[str, Any]) -> None:
    answer = county.as_(HEAD).post(f"/projects/{filed['no']}/withdraw", {"reason": "  "})
    assert answer.status_code == 422
    assert "请写明撤回的理由。" in answer.get_data(as_text=True)
    assert (state(county, filed), open_tasks(county, filed["id"])) == ("DRAFT", 1)


def test_a_draft_item_goes_back_with_its_task_and_its_people_are_told(county: County, filed: dict[str, Any]) -> None:
    head = county.as_(HEAD)
    answer = head.post(f"/projects/{filed['no']}/withdraw", {"reason": REASON})
    assert (answer.status_code, answer.location) == (302, f"/projects/{filed['no']}")
    assert (state(county, filed), open_tasks(county, filed["id"])) == ("WITHDRAWN", 0)
    with county.look() as session:
        assert session.get_one(ProcessInstance, filed["instance"]).status == "terminated"
        assert session.get_one(UserTask, filed["sign"]).status == "cancelled"
        assert session.scalars(select(TaskAudience).where(TaskAudience.task_id == filed["sign"])).all() == []
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "withdraw_project")).one()
        assert (event.subject_id, event.detail) == (str(filed["id"]), {"reason": REASON})
        told = session.scalars(
            select(Notice.person_id).where(Notice.dedupe_key == f"withdrawn:{filed['id']}").order_by(Notice.person_id)
        ).all()
        assert list(told) == sorted(county.people[name] for name in (CLERK, COLLEAGUE))
    page = county.as_(CLERK).get(f"/projects/{filed['no']}").get_data(as_text=True)
    assert f"2026-11-23 10:00 由李强撤回。理由：{REASON}" in page
    assert "/withdraw" not in page
    again = head.post(f"/projects/{filed['no']}/withdraw", {"reason": REASON})
    assert again.status_code == 422
    assert "项目已经结束，现处于“撤回”" in again.get_data(as_text=True)


def test_a_running_lifecycle_ends_with_its_phase_deadline_and_line(county: County, filed: dict[str, Any]) -> None:
    root = approve(county, filed)
    assert open_tasks(county, filed["id"]) == 1
    clerk = county.as_(CLERK)
    with county.look() as session:
        task = session.scalars(
            select(UserTask).where(UserTask.project_id == filed["id"], UserTask.status == "open")
        ).one()
        assert task.form_id == "f03"
        number = task.id
    assert clerk.post(f"/tasks/{number}/draft", json={"values": {"crypto_required": True}}).status_code == 200
    assert county.as_(HEAD).post(f"/projects/{filed['no']}/withdraw", {"reason": REASON}).status_code == 302
    assert (state(county, filed), open_tasks(county, filed["id"])) == ("WITHDRAWN", 0)
    with county.look() as session:
        instance = session.get_one(ProcessInstance, root)
        assert (instance.status, instance.end_event_id) == ("completed", "end_withdrawn")
        phases = session.scalars(select(ProcessInstance.status).where(ProcessInstance.root_id == root)).all()
        assert phases == ["completed"]  # P-02 hears the message itself
        deadline = session.scalars(select(DeadlineRow).where(DeadlineRow.project_id == filed["id"])).one()
        assert (deadline.kind, deadline.status) == ("materials", "void")
        assert session.scalars(select(BudgetLine).where(BudgetLine.project_id == filed["id"])).all() == []
        assert session.get(Draft, (number, county.people[CLERK])) is not None  # nothing typed is lost
    assert "/tasks/" + str(number) not in clerk.get("/inbox").get_data(as_text=True)


def test_what_no_diagram_ends_ends_all_the_same_and_inspection_goes_on(county: County, filed: dict[str, Any]) -> None:
    approve(county, filed)
    with county.change() as session:
        for key in ("p12b_resources", "p15_inspection"):
            process_instances.start(
                session, key, now=NOW, by=None, variables={"project_no": filed["no"]}, project_id=filed["id"],
                unit_id=county.bodies["jyj"],
            )  # fmt: skip
    assert open_tasks(county, filed["id"]) == 3
    assert county.as_(HEAD).post(f"/projects/{filed['no']}/withdraw", {"reason": REASON}).status_code == 302
    with county.look() as session:
        status = dict(
            session.execute(
                select(ProcessInstance.process_key, ProcessInstance.status).where(
                    ProcessInstance.project_id == filed["id"]
                )
            ).all()
        )
        left = session.scalars(
            select(UserTask.form_id).where(UserTask.project_id == filed["id"], UserTask.status == "open")
        ).all()
    assert status["p12b_resources"] == "terminated"
    assert status["p15_inspection"] == "active"
    assert left == ["f21i"]


def test_the_yearly_plan_goes_on_without_the_item(county: County, filed: dict[str, Any]) -> None:
    with county.change() as session:
        session.get_one(Project, filed["id"]).state = "PLAN_SUBMITTED"
        session.scalars(select(PlanItem).where(PlanItem.project_id == filed["id"])).one().submitted_on = TODAY
        plan = process_instances.start(
            session, "p01_annual_plan", now=NOW, by=None, variables={"fy": 2027}, start_event_id="supplement"
        ).id
    with county.look() as session:
        waiting = session.scalars(select(UserTask).where(UserTask.instance_id == plan, UserTask.status == "open")).all()
        assert filed["id"] in {task.project_id for task in waiting}
        before = len(waiting)
    assert county.as_(HEAD).post(f"/projects/{filed['no']}/withdraw", {"reason": REASON}).status_code == 302
    with county.look() as session:
        left = session.scalars(select(UserTask).where(UserTask.instance_id == plan, UserTask.status == "open")).all()
        assert filed["id"] not in {task.project_id for task in left}
        assert session.get_one(ProcessInstance, plan).status == "active"
    assert before == 1
    assert [task.form_id for task in left] == ["f00c"]  # finance comments on what is left


def test_once_there_is_money_the_page_says_which_way_is_left(county: County) -> None:
    number, project = county["own.project"], county["own.project_id"]
    with county.change() as session:
        session.get_one(Project, project).state = "BUDGETED"
    head = county.as_(HEAD)
    text = head.get(f"/projects/{number}/withdraw").get_data(as_text=True)
    assert "项目已经安排资金，现处于“已安排资金”，单位不能再撤回。" in text
    assert "第三十一条" in text
    assert f"/start?project={number}&amp;form=f14" in text
    before = open_tasks(county, project)
    assert head.post(f"/projects/{number}/withdraw", {"reason": REASON}).status_code == 422
    with county.look() as session:
        assert session.get_one(Project, project).state == "BUDGETED"
        assert session.scalars(select(AuditEvent).where(AuditEvent.act == "withdraw_project")).all() == []
    assert open_tasks(county, project) == before
