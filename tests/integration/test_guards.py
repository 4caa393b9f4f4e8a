"""What the database refuses by itself, on both databases: money without review, payment and contract out of bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models.business import Approval, BudgetLine, Contract, Opinion, Package, Payment, Project
from app.services import audit
from app.unit_of_work import Database
from tests.integration.county import WAN, County
from tests.integration.desk import to_the_contract, to_the_library

TODAY = date(2026, 3, 2)


@pytest.fixture
def opened(database: Database) -> Iterator[Session]:
    audit.configure(b"key of the tests")
    with database.engine.connect() as connection, Session(connection, autoflush=False) as session:
        yield session
        session.rollback()


def county_of(session: Session) -> County:
    return County(session, date(2025, 11, 20))


def refused(session: Session, name: str, *rows: Any) -> None:
    """Expect the database to refuse these rows by the rule of this name, and to keep none of them."""
    tables = {type(row) for row in rows}
    before = {table: len(session.scalars(select(table)).all()) for table in tables}
    with pytest.raises(IntegrityError, match=name):
        _kept(session, rows)
    session.expire_all()
    assert {table: len(session.scalars(select(table)).all()) for table in tables} == before


def _kept(session: Session, rows: Iterable[Any]) -> None:
    with session.begin_nested():
        session.add_all(rows)
        session.flush()


def a_line(project: Project, **changes: Any) -> BudgetLine:
    told = {"fund_type": "建设", "arranged_fen": WAN, "approved_on": TODAY, "approval_doc_no": "1"} | changes
    return BudgetLine(project_id=project.id, fy=2026, **told)


def test_construction_money_names_the_opinion_on_which_it_rests(opened: Session) -> None:
    county = county_of(opened)
    county.plan()
    refused(opened, "funded_needs_review", a_line(county.project))
    refused(opened, "funded_needs_review", a_line(county.project, arranged_fen=0, carried_fen=1))
    opened.add_all([a_line(county.project, arranged_fen=0), a_line(county.project, fund_type="运维")])
    opened.flush()


def test_the_opinion_is_the_projects_own_signed_and_passed(opened: Session) -> None:
    county = county_of(opened)
    to_the_library(county)
    opinion = opened.scalars(select(Opinion).where(Opinion.kind == "review")).one()
    opened.add(a_line(county.project, review_opinion_id=opinion.id))
    opened.flush()
    for wrong in ({"void": True}, {"conclusion": "不通过"}, {"kind": "change"}):
        with opened.begin_nested() as inner:
            opened.execute(update(Opinion).where(Opinion.id == opinion.id).values(**wrong))
            refused(opened, "funded_on_a_passed_review", a_line(county.project, fund_type="购买服务",
                                                                 review_opinion_id=opinion.id))  # fmt: skip
            inner.rollback()


def test_the_commission_decides_nothing_without_the_review(opened: Session) -> None:
    county = county_of(opened)
    county.plan()

    def decision(text: str) -> Approval:
        return Approval(
            project_id=county.project.id, kind="drc", decision=text, scope_version=1, amount_fen=WAN, drafted_by="a",
            signed_by="b", signed_on=TODAY,
        )  # fmt: skip

    refused(opened, "decided_on_a_passed_review", decision("批准"))
    refused(opened, "decided_on_a_passed_review", decision("不予批准"))
    opened.add(decision("退回补充"))
    opened.flush()


def test_contract_and_payments_stay_within_award_and_contract(opened: Session) -> None:
    county = county_of(opened)
    to_the_contract(county)
    contract = opened.scalars(select(Contract)).one()
    with pytest.raises(IntegrityError, match="contracted_within_the_award"), opened.begin_nested():
        opened.execute(update(Contract).values(amount_fen=opened.scalars(select(Package)).one().award_fen + 1))
    assert opened.scalars(select(Payment)).all() == []

    def payment(amount_fen: int, **changes: Any) -> Payment:
        told = {
            "project_id": county.project.id, "contract_id": contract.id, "node_id": 1, "amount_fen": amount_fen,
            "fy": 2026, "fund_type": "建设", "requested_on": TODAY, "requested_by": "a",
        }  # fmt: skip
        return Payment(**(told | changes))

    refused(opened, "paid_within_the_contract", payment(contract.amount_fen + 1))
    opened.add(payment(contract.amount_fen - 1))
    opened.flush()
    refused(opened, "paid_within_the_contract", payment(2))
    opened.add_all([payment(2, status="refused"), payment(1)])
    opened.flush()
    assert sum(row.amount_fen for row in opened.scalars(select(Payment)) if row.status != "refused") == 226_300_000
