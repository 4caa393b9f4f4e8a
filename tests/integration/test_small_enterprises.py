"""Payments to small enterprises: the term runs from acceptance, and a hold that stops one is told to who must pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app.domain import holds
from app.models.accounts import Person
from app.models.business import Contract, Payment, SystemEntry
from app.models.documents import Notice
from app.models.process import UserTask
from app.services import ledger, refused_attempts
from tests.integration.county import RESOURCE, WAN, County
from tests.integration.desk import county, session, to_the_contract
from tests.integration.test_checks_matter import measure

__all__ = ["county", "session"]

ADVANCE = {"contract": "HT-1", "node": "首付款", "amount": WAN, "invoice_no": "1", "payee_account": "2"}


def asked_in_vain(county: County) -> None:
    """The unit asks for money and is refused; the attempt is logged as the pages do."""
    refusals = county.refused("unit_clerk", "f18", ADVANCE)
    assert [refusal.hold for refusal in refusals] == ["H-INSP"]
    assert county.session.scalars(select(Payment)).all() == []
    count = county.session.query(UserTask).count()
    task = UserTask(
        instance_id=county.instance.id, key=f"again{count}", element_id="apply", name="付款", form_id="f18",
        project_id=county.project.id, created_at=county.now, properties={}, inputs={},
    )  # fmt: skip
    county.session.add(task)
    county.session.flush()
    refused_attempts.record(county.session, task.id, refusals, by=county.actors["unit_clerk"], now=county.now)


def told(county: County) -> dict[str, str]:
    query = select(Person.username, Notice).join(Notice, Notice.person_id == Person.id).order_by(Person.username)
    return {who: row.message % row.values for who, row in county.session.execute(query) if "中小企业" in row.message}


def test_a_hold_does_not_extend_the_term_of_a_small_enterprise(county: County) -> None:
    to_the_contract(county)
    county.build()
    contract = county.session.scalars(select(Contract)).one()
    contract.is_sme = False
    measure(county, "暂缓拨付")
    asked_in_vain(county)
    assert told(county) == {}
    contract.is_sme = True
    asked_in_vain(county)
    sentence = (
        "“智慧农业产业园数据平台”合同HT-1的付款被冻结。收款方云台数科是中小企业，冻结不延长付款期限，"
        "交付或者验收后应当按期支付（保障中小企业款项支付条例），请尽快消除冻结原因。"
    )
    assert told(county) == dict.fromkeys(("fin_pay", "unit_clerk", "unit_head"), sentence)


def test_the_term_runs_from_acceptance_not_from_the_filing(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.complete(county.today)
    county.fill("bur_share", "f23", RESOURCE, records="platform_no")
    assert ledger.find(county.session, "payment", project_id=county.project.id) is None
    county.accept("不合格")
    assert ledger.find(county.session, "payment", project_id=county.project.id) is None
    done = [{"no": str(n), "problem": f"问题{n}", "measure": "已改", "done_on": county.today} for n in (1, 2, 3)]
    county.fill("unit_lead", "f17", {"items": done})
    closed = [{"no": str(n), "problem": f"问题{n}", "result": "通过"} for n in (1, 2, 3)]
    county.fill("bur_section", "f17c", {"items": closed})
    county.wait(3)
    county.accept()
    row = ledger.find(county.session, "payment", project_id=county.project.id)
    assert row is not None
    assert (row.start, row.raw, row.status) == (county.today, county.today + timedelta(days=30), "open")
    measure(county, "暂缓拨付")
    asked_in_vain(county)
    assert f"应于{row.due.isoformat()}前支付" in told(county)["fin_pay"]


def test_an_entry_that_nobody_checked_is_never_active(county: County) -> None:
    to_the_contract(county)
    county.build()
    county.complete(county.today)
    county.fill("bur_share", "f23", RESOURCE, records="platform_no")
    county.accept()
    assert county.run("catalogue.activate") == {"catalogue_active": False}
    assert county.session.scalars(select(SystemEntry)).all() == []
    entry = {"name": "产业园平台", "deploy": "政务云", "network": "电子政务外网", "mlps_level": 2}
    county.fill("unit_clerk", "f22", entry)
    assert county.run("catalogue.activate") == {"catalogue_active": False}
    county.confirm("bur_share", "catalogue_check")
    county.actors["fin_asset"] = replace(county.actors["fin_pay"], roles=frozenset({"fin_asset"}))
    county.confirm("fin_asset", "catalogue_assets", "补正")
    assert county.run("catalogue.activate") == {"catalogue_active": False}
    county.confirm("bur_share", "catalogue_check")
    county.confirm("fin_asset", "catalogue_assets")
    assert county.run("catalogue.activate") == {"catalogue_active": True}
    row = county.session.scalars(select(SystemEntry)).one()
    assert (row.status, row.content["checked_by"], row.content["assets_by"]) == ("active", "bur_share", "fin_pay")
    assert [hold.code for hold in holds.in_force(county.facts)] == []
