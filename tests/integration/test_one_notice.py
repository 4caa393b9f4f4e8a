"""One event, one notice: whoever announces a hold, each person hears of it once; and one hold is followed up once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app import dispatch
from app.clock import frozen
from app.domain.deadline_kinds import KINDS
from app.engine.step import Thrown
from app.models.business import DeadlineRow, FundHold, MeasureTaken, Order
from app.models.documents import Notice
from app.models.process import ProcessInstance
from app.services import lapses
from app.services.operation_rooms import notices
from app.services.process_instances import Run
from app.unit_of_work import Database
from tests.integration.county import HEARD, County
from tests.integration.desk import county, session, to_the_contract
from tests.integration.office import NOW, Office, a_project, furnish, task
from tests.unit.engine import drawing

__all__ = ["county", "session"]

NO = "XWXX-2026-T-001"
HELD = "%(unit)s“%(project)s”的%(deadline)s期限已于 %(due)s 届满，资金自即日起冻结。"


def test_an_overdue_acceptance_is_told_to_each_person_once(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.complete(county.today)
    due = county.session.scalars(select(DeadlineRow).where(DeadlineRow.kind == "acceptance")).one()
    county.wait((due.due - county.today).days + 1)
    before = county.session.scalar(select(func.count(Notice.id)))
    assert before is not None
    county.run("notice.send", template="acceptance_overdue", roles="unit_head,bur_head,fin_budget,fin_pay")
    lapses.draw_consequence(county.session, due.id, now=county.now)
    county.run("notice.send", {"subject_id": "H-ACC"}, template="hold_set", roles="unit_clerk,unit_lead,fin_pay")
    county.run("notice.send", template="acceptance_reminder", roles="unit_clerk,unit_lead,unit_head,bur_insp")
    told = county.session.scalars(select(Notice).order_by(Notice.id)).all()[before:]
    assert {notice.message for notice in told} == {HELD}
    assert {notice.values["due"] for notice in told} == {due.due.isoformat()}
    heard = [notice.person_id for notice in told]
    roles = ("unit_head", "bur_head", "fin_budget", "fin_pay", "bur_insp", "unit_lead", "unit_clerk")
    assert sorted(heard) == sorted(county.actors[role].id for role in roles)


def test_the_ladder_says_afterwards_when_the_date_was(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.complete(county.today)
    due = county.session.scalars(select(DeadlineRow).where(DeadlineRow.kind == "acceptance")).one()
    county.wait((due.due - county.today).days + 8)
    county.run("notice.send", template="acceptance_reminder", roles="unit_lead")
    said = county.session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    assert said is not None
    assert said.message == notices.OVERDUE["acceptance_reminder"]
    assert (said.values["due"], said.values["days"]) == (due.due.isoformat(), 8)


@pytest.mark.parametrize("template", [name for name, said in notices.TEMPLATES.items() if "%(due)s" in said])
def test_every_notice_with_a_date_knows_whose_date_it_is(template: str) -> None:
    assert notices.kind_of(template) in KINDS


def test_a_later_order_takes_the_place_of_the_earlier(county: County) -> None:
    to_the_contract(county)
    county.build()
    items = [{"fact": "擅自改设主体内容", "requirement": "恢复"}]
    for days in (21, 30):
        limit = county.today + timedelta(days=days)
        county.fill("bur_head", "f31", {"items": items, "basis": "第三十一条", "limit": limit})
        county.wait(40)
        if days == 21:
            county.fill("bur_insp", "f26", {"kind": "暂缓拨付", "facts": "拒不整改", "skipped": True,
                                            "skip_reason": "情节严重"})  # fmt: skip
            county.fill("unit_lead", "f26s", HEARD)
            county.sign("bur_head", "f26")
            county.sign("fin_head", "f26")
    first, second = county.session.scalars(select(Order).order_by(Order.id)).all()
    status = dict(
        county.session.execute(select(DeadlineRow.subject, DeadlineRow.status).where(DeadlineRow.kind == "order")).all()
    )
    assert status == {first.number: "void", second.number: "open"}
    checked = {"problem": items[0]["fact"], "result": "通过"}  # of both orders, since neither item is closed yet
    county.fill("bur_insp", "f17c", {"items": [checked, checked]})
    county.session.expire_all()
    assert [first.closed_on, second.closed_on] == [county.today, county.today]
    assert county.session.scalars(select(MeasureTaken.lifted_on)).all() == [county.today]
    hold = county.session.scalars(select(FundHold).where(FundHold.code == "H-INSP")).one_or_none()
    assert hold is None or hold.lifted_on == county.today


@pytest.fixture
def office(database: Database) -> Office:
    return furnish(database)


FOLLOWED = (
    drawing.start(inside='<bpmn:messageEventDefinition id="heard" messageRef="m"/>')
    + task("wait_for_evidence") + drawing.end() + drawing.flows("s > wait_for_evidence > e")
)  # fmt: skip
MESSAGE = (
    '<bpmn:message id="m" name="hold.set"><bpmn:extensionElements><zeebe:subscription correlationKey="=project_no"/>'
    "</bpmn:extensionElements></bpmn:message>"
)


def say(office: Office, cause: str, code: str = "H-ACC") -> None:
    with office.database.unit_of_work() as session:
        Run(session, office.now).throw(
            None, Thrown("message", "hold.set", NO, {"hold_code": code, "cause": cause}, element_id="")
        )
    with frozen(office.now):
        dispatch.settle_outbox()


def running(office: Office) -> int:
    with office.look() as session:
        return int(
            session.scalar(select(func.count(ProcessInstance.id)).where(ProcessInstance.status == "active")) or 0
        )


def test_one_hold_is_followed_up_once_whatever_its_cause_is_called(office: Office) -> None:
    project = a_project(office, NO)
    with office.database.unit_of_work() as session:
        for code, cause in (("H-ACC", "2026-02-27"), ("H-INSP", "WT-2026-0001"), ("H-INSP", "WT-2026-0002")):
            session.add(
                FundHold(project_id=project, code=code, cause=cause, since=date(2026, 2, 28), set_at=NOW, articles=[])
            )
    office.publish(FOLLOWED, process_id="p20_hold", outside=MESSAGE)
    say(office, "2026-02-27")
    say(office, "逾期未验收")
    assert running(office) == 1
    say(office, "WT-2026-0001", "H-INSP")
    say(office, "WT-2026-0002", "H-INSP")
    say(office, "WT-2026-0001", "H-INSP")
    assert running(office) == 3
    office.complete("wait_for_evidence")
    say(office, "2026-02-27")
    assert running(office) == 3  # once it has ended, the hold may come again


def test_a_unit_that_has_filed_is_not_reminded_of_the_plan(county: County) -> None:
    county.instance.project_id, county.instance.unit_id = None, county.actors["unit_clerk"].organisation_id
    clerk, head = county.actors["unit_clerk"].id, county.actors["unit_head"].id
    county.run("notice.send", template="plan_reminder", roles="unit_clerk,unit_head")
    assert sorted(county.session.scalars(select(Notice.person_id))) == sorted((clerk, head))
    county.fill("unit_clerk", "f01", {"nothing_to_file": True, "secret": False, "other_rule": False})
    county.wait(1)
    county.run("notice.send", template="plan_reminder", roles="unit_clerk,unit_head")
    assert county.session.scalar(select(func.count(Notice.id))) == 2
