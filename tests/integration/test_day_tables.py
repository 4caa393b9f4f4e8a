"""Tables of the day against their registers: who stands in the plan, what was paid, what counts before a signature."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from app import unit_of_work
from app.domain.papers import EMPTY, LAYOUTS
from app.domain.parameters import Parameters
from app.models.business import Approval, BudgetLine, Contract, ContractNode, Payment, PlanItem, Project
from app.queries import day_tables, register_sheets
from app.queries.register_sheets import REGISTERS, Asked
from tests.integration.register_rows import settle
from tests.integration.test_registers import BUREAU, _somebody
from tests.integration.web_clients import NOW, OWN_FEN, TODAY, County


def lines(county: County, kind: str, fy: int = 2026) -> list[dict[str, object]]:
    day = day_tables.Day(fy, TODAY, Parameters())
    with unit_of_work.read_only() as session:
        values = day_tables.table(session, _somebody(county, BUREAU), kind, day).values
    items = values["items"]
    assert isinstance(items, list)
    return items


def own(county: County, kind: str, fy: int = 2026) -> list[dict[str, object]]:
    key = "name" if kind == "D-17" else "no"
    wanted = county["own.project"]
    with county.look() as session:
        name = session.scalars(select(Project.name).where(Project.no == wanted)).one()
    return [line for line in lines(county, kind, fy) if line[key] == (name if kind == "D-17" else wanted)]


@pytest.mark.parametrize("state", ["REJECTED", "WITHDRAWN", "REMOVED", "TERMINATED"])
def test_a_project_that_has_left_stands_only_in_the_plan_of_a_year_that_gave_it_funds(
    county: County, state: str
) -> None:
    settle(county)
    key = int(county["own.project_id"])
    with county.change() as session:
        session.execute(update(Project).where(Project.id == key).values(state=state))
    assert len(own(county, "D-07")) == 1  # funds of 2026 were arranged and stay a fact
    with county.change() as session:
        session.execute(
            update(BudgetLine).where(BudgetLine.project_id == key, BudgetLine.fy == 2026).values(approved_on=None)
        )
    assert own(county, "D-07") == []
    assert len(own(county, "D-07", 2025)) == 1
    with unit_of_work.read_only() as session:
        page = register_sheets.page(
            session, REGISTERS["annual-plan"], _somebody(county, BUREAU), Asked(year=2026), today=TODAY
        )
    assert [row.project_no for row in page.rows] == [county["foreign.project"]]
    foreign, total = lines(county, "D-07")
    assert total["name"] == "合计（1个）"
    assert (total["total"], total["fy_amount"]) == (foreign["total"], foreign["fy_amount"])


def test_what_the_county_has_not_agreed_to_is_in_no_plan(county: County) -> None:
    settle(county)
    key = int(county["own.project_id"])
    with county.change() as session:
        session.query(BudgetLine).filter_by(project_id=key).delete()
        session.execute(update(PlanItem).where(PlanItem.project_id == key).values(result="暂缓"))
    assert own(county, "D-07") == []


def test_the_payments_mark_small_enterprises_and_add_up_what_was_paid_in_parts(county: County) -> None:
    settle(county)
    key = int(county["own.project_id"])
    with county.change() as session:
        contract = session.scalars(select(Contract).where(Contract.project_id == key)).first()
        assert contract is not None
        contract.is_sme = True
        node = session.scalars(select(ContractNode).where(ContractNode.contract_id == contract.id)).first()
        assert node is not None
        session.query(Payment).filter_by(node_id=node.id).delete()
        for fy, voucher, fen in ((2025, "P-1", 100_000), (2026, "P-2", 250_000)):
            session.add(
                Payment(
                    project_id=key, node_id=node.id, contract_id=contract.id, fy=fy, amount_fen=fen, status="paid",
                    paid_on=date(fy, 5, 6), voucher=voucher, requested_by="a", requested_on=date(fy, 5, 1),
                    fund_type="建设",
                )
            )  # fmt: skip
        named = node.name
    line = next(one for one in own(county, "D-17") if one["node"] == named)
    assert (line["sme"], line["paid"]) == ("是", {"fen": 350_000, "as": "wan"})
    assert (line["paid_on"], line["voucher"]) == ("2026-05-06", "P-1、P-2")
    with county.change() as session:
        session.execute(update(Contract).where(Contract.project_id == key).values(confirmed_by="", is_sme=False))
    assert own(county, "D-17") == []  # one signature on a contract is none
    assert {line["sme"] for line in lines(county, "D-17") if not line.get("sum")} == {"否"}


def test_an_unsigned_or_refused_approval_and_an_undecided_budget_are_not_told_as_facts(county: County) -> None:
    settle(county)
    key = int(county["own.project_id"])
    (before,) = own(county, "D-19")
    assert before["approved"] == {"fen": OWN_FEN - 2, "as": "wan"}
    with county.change() as session:
        session.execute(update(Approval).where(Approval.project_id == key).values(signed_on=None))
        session.add(
            Approval(
                project_id=key, kind="drc", decision="不予批准", scope_version=1, amount_fen=7,
                doc_no="修发改〔2026〕99号", drafted_by="a", signed_by="b", signed_on=TODAY,
            )
        )  # fmt: skip
        session.execute(update(BudgetLine).where(BudgetLine.project_id == key).values(approved_on=None))
    (after,) = own(county, "D-19")
    assert (after["approved"], after["approval_no"], after["arranged"]) == (EMPTY, EMPTY, EMPTY)
    assert {(line["arranged"], line["last"]) for line in own(county, "D-08")} == {(EMPTY, EMPTY)}


def test_paper_and_register_of_all_projects_have_the_same_thirty_columns_and_values(county: County) -> None:
    settle(county)
    with county.change() as session:
        session.add(
            Project(
                no="XWXX-2027-X-901", name="", unit_id=county.bodies["jyj"], path="X", state="EXEMPT",
                state_since=NOW, fy=2027, fy_entered=2027, created_at=NOW, exempt_clause="第三十四条",
            )
        )  # fmt: skip
    sheet = REGISTERS["projects"].draw(_somebody(county, BUREAU), TODAY, 2026)
    table = next(part for part in LAYOUTS["D-19"] if part.kind == "table")
    assert [(one.label, one.key) for one in table.columns] == [(one.label, one.key) for one in sheet.columns]
    found = [line["no"] for line in lines(county, "D-19")]
    assert sorted(map(str, found[:-1])) == sorted([county["own.project"], county["foreign.project"]])
