"""The operator's page over HTTP: what failed is seen and tried again, without a project's content."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.errors import NotFound, Sentence, failure
from app.models.documents import AuditEvent
from app.models.process import Incident, OutboxItem, ProcessInstance, TimerJob
from app.services import definitions, process_instances
from tests.integration.web_clients import NOW, OWN, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county
from tests.unit.engine import drawing

__all__ = ["_postgres_county", "_sqlite_county", "county"]

EMPTY = drawing.start() + drawing.end() + drawing.flows("s > e")
STUCK = (
    drawing.start()
    + drawing.node("callActivity", "c", extensions='<zeebe:calledElement processId="=next"/>')
    + drawing.end()
    + drawing.flows("s > c > e")
)


@pytest.fixture
def failed(county: County) -> dict[str, int]:
    """A stuck step, a timer and a mail that have given up, all of the own project."""
    with county.change() as session:
        instance = session.scalars(
            select(ProcessInstance).where(ProcessInstance.project_id == county["own.project_id"])
        ).first()
        incident = Incident(
            instance_id=instance.id, key="k", element_id="sign_item", name="单位负责人签报", error="条件没有结果。",
            created_at=NOW,
        )  # fmt: skip
        timer = TimerJob(
            instance_id=instance.id, key="gone", element_id="late", due_at=NOW, status="incident", attempt=5,
            last_error="处理这个定时器的进程多次中断。",
        )  # fmt: skip
        mail = OutboxItem(
            kind="mail", payload={"to": [], "message": "甲", "values": {}, "key": "k1"}, due_at=NOW, created_at=NOW,
            status="incident", attempt=8, last_error="MailRefused: k1",
        )  # fmt: skip
        session.add_all([incident, timer, mail])
        session.flush()
        return {"incident": incident.id, "timer": timer.id, "message": mail.id}


def acts(county: County) -> list[str]:
    with county.look() as session:
        return list(session.scalars(select(AuditEvent.act).where(AuditEvent.subject_kind == "operation")))


def test_the_operator_sees_what_failed_and_no_project(county: County, failed: dict[str, int]) -> None:
    page = county.as_("dsj.zhen").get("/operations").get_data(as_text=True)
    for said in (
        "单位计划申报",
        "单位负责人签报",
        "条件没有结果。",
        "处理这个定时器的进程多次中断。",
        "MailRefused: k1",
    ):
        assert said in page, said
    for kind, key in failed.items():
        assert f'action="/operations/{kind}s/{key}/retry"' in page
    assert OWN not in page
    assert county["own.project"] not in page
    for stranger in ("dsj.tu", "dsj.sun", "jyj.wang"):
        assert county.as_(stranger).get("/operations").status_code == 404
        assert county.as_(stranger).post(f"/operations/timers/{failed['timer']}/retry", {}).status_code == 404
    assert acts(county) == []


def test_a_timer_and_a_mail_are_tried_again(county: County, failed: dict[str, int]) -> None:
    admin = county.as_("dsj.zhen")
    assert admin.post(f"/operations/timers/{failed['timer']}/retry", {}).location == "/operations"
    assert admin.post(f"/operations/messages/{failed['message']}/retry", {}).location == "/operations"
    with county.look() as session:
        assert session.get(TimerJob, failed["timer"]) is None  # its row was stale: the instance waits for it no longer
        assert session.get(OutboxItem, failed["message"]) is None  # no channel is set up: nothing is left to send
    assert acts(county) == ["retry_timer", "retry_message"]
    page = admin.get("/operations").get_data(as_text=True)
    assert "没有放弃的定时器。" in page
    assert "没有发不出去的消息。" in page
    assert admin.post(f"/operations/timers/{failed['timer']}/retry", {}).status_code == 404


def publish(county: County, body: str, process_id: str) -> None:
    with county.change() as session:
        source = drawing.definitions(body, process_id=process_id)
        definitions.publish(session, source, kind="bpmn", now=NOW, by=None, shipped=True)


def incident_of(county: County, instance_id: int) -> int:
    with county.look() as session:
        query = select(Incident.id).where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
        return int(session.scalars(query).one())


def test_a_step_is_tried_again_until_its_cause_is_mended(county: County) -> None:
    publish(county, STUCK, "p_stuck")
    with county.change() as session:
        stuck = process_instances.start(session, "p_stuck", now=NOW, by=None, variables={"next": "p_gone"}).id
    first = incident_of(county, stuck)
    admin = county.as_("dsj.zhen")
    admin.post(f"/operations/incidents/{first}/retry", {})
    page = admin.get("/operations").get_data(as_text=True)
    assert "已重试，仍然出错，原因见下。" in page
    assert "p_gone" in page
    publish(county, EMPTY, "p_gone")
    admin.post(f"/operations/incidents/{incident_of(county, stuck)}/retry", {})
    assert "已重试，流程继续走了。" in admin.get("/operations").get_data(as_text=True)
    with county.look() as session:
        assert session.get_one(ProcessInstance, stuck).status == "completed"
    admin.post(f"/operations/incidents/{first}/retry", {})
    assert "它已经不在出错的清单里" in admin.get("/operations").get_data(as_text=True)
    assert acts(county) == ["retry_incident", "retry_incident"]


def test_a_scheduler_that_does_not_run_is_noticed(county: County) -> None:
    with county.change() as session:
        instance = session.scalars(select(ProcessInstance).where(ProcessInstance.status == "active")).first()
        session.add(TimerJob(instance_id=instance.id, key="t", element_id="t", due_at=NOW.replace(hour=1)))
    assert "1 个定时器过点未触发" in county.as_("dsj.zhen").get("/operations").get_data(as_text=True)


def test_a_failure_is_told_in_the_readers_language(county: County) -> None:
    publish(county, STUCK, "p_stuck")
    with county.change() as session:
        stuck = process_instances.start(session, "p_stuck", now=NOW, by=None, variables={"next": "p_gone"}).id
        incident = session.scalars(select(Incident).where(Incident.instance_id == stuck)).one()
        missing = Sentence.read(Sentence.read(incident.error).values["reason"].values["message"])
        assert missing == "没有正在使用的流程“p_gone”。"
        session.add(
            TimerJob(
                instance_id=stuck, key="k", element_id="c", due_at=NOW, status="incident", attempt=5,
                last_error=failure(NotFound("没有用户名为“%(name)s”的账号。", name="甲")),
            )
        )  # fmt: skip
    admin = county.as_("dsj.zhen")
    assert "没有用户名为“甲”的账号。" in admin.get("/operations").get_data(as_text=True)
    assert admin.post("/language", {"language": "en"}).status_code == 302
    page = admin.get("/operations").get_data(as_text=True)
    assert "There is no account with the user name “甲”." in page
    assert "没有正在使用" not in page
    assert "被调用的流程" not in page
    assert "&#34;message" not in page  # as it is stored
