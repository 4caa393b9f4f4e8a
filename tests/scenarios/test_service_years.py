"""购买服务 over two years (path G): each service year is delivered, accepted and paid on its own while it runs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from app.models import business
from tests.scenarios import road
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from app.queries.open_tasks import OpenTask
    from tests.scenarios.site import Site

CLERK, LEAD, HEAD = "mzj.zhou", "mzj.ma", "mzj.miao"
NODES = ("首年验收款", "次年验收款")


def test_a_service_of_two_years_is_accepted_and_paid_twice(site: Site) -> None:
    plan = site.county.plan("XWXX-2026-G-013")
    tale = Tale(site, replace(plan, state="OPERATING", row={**plan.row, "contract": "35.00"}))
    _contracted(tale)
    _delivered(tale, "2026-03-01", "2027-02-28")
    assert (tale.project.state, str(tale.project.completed_on)) == ("COMPLETED", "2027-02-28")
    _resources_are_registered(tale)
    road.walks(tale, until="p07_construction.order_start")
    assert tale.project.state == "OPERATING", "accepted, in the catalogue, and running on"
    assert [row.conclusion for row in tale.rows(business.AcceptanceAttempt)] == ["通过"]
    online = tale.project.online_on
    _what_is_left_is_carried_over(tale)
    _is_paid(tale, NODES[0])
    _is_not_paid(tale, NODES[1])

    _delivered(tale, "2027-03-01", "2028-02-29")
    assert (tale.project.state, str(tale.project.completed_on)) == ("OPERATING", "2028-02-29")
    due = [row.due for row in tale.rows(business.DeadlineRow, kind="acceptance")]
    assert [str(day) for day in due] == ["2028-08-29"], "six months from the end of the second year (第二十条)"
    _is_not_paid(tale, NODES[1])
    while waiting := [task for task in tale.tasks() if task.process == "p09_acceptance"]:
        tale.hands_in(waiting[0], road.holder(tale, waiting[0]))
    assert [row.conclusion for row in tale.rows(business.AcceptanceAttempt)] == ["通过", "通过"]
    assert (tale.project.state, tale.project.online_on) == ("OPERATING", online)
    assert not [key for key in tale.open_keys() if key.startswith(("p07", "p09"))], "the contract is over"
    _what_is_left_is_carried_over(tale)
    _is_paid(tale, NODES[1])


def _contracted(tale: Tale) -> None:
    tale.go("2025-12-08")
    road.files(tale, CLERK, fy=2026)
    tale.does(HEAD, "p01u_unit_plan.sign_item")
    road.batch(tale, late_reason="县政府交办", reason="县政府交办，列入增补。")
    assert tale.project.path == "G"
    road.walks(tale, until="p04_budget.suggest")
    tale.go("2026-01-12")
    road.walks(tale, until="p06_procurement.sign_contract")
    total = Decimal(str(tale.answers(tale.task("p06_procurement.sign_contract"), CLERK)["amount"]))
    half = total / 2
    nodes = [
        {"name": name, "kind": "验收", "percent": 50, "amount": float(half), "after_acceptance": True} for name in NODES
    ]
    tale.does(CLERK, "p06_procurement.sign_contract", start_on="2026-03-01", end_on="2028-02-29", pay_nodes=nodes)
    road.walks(tale, until="p07_construction.order_start")
    tale.notes["half"] = half


def _delivered(tale: Tale, begins: str, ends: str) -> None:
    tale.go(max("2026-03-02", begins))
    tale.does(LEAD, "p07_construction.order_start", start_on=begins, plan_end=ends)
    tale.go(ends)
    tale.does(LEAD, "p07_construction.certify_service", completed_on=ends)
    tale.does(LEAD, "p07_construction.confirm_date")


def _resources_are_registered(tale: Tale) -> None:
    for index, _resource in enumerate(tale.rows(business.ResourceItem)):
        task = tale.desk.start("p12b_resources", CLERK, project_no=tale.no)
        tale.notes.setdefault("resource_of", {})[str(task.instance_id)] = index
        tale.hands_in(task, CLERK)
        for key in ("check", "assign_number"):
            (waiting,) = tale.tasks(f"p12b_resources.{key}")
            tale.hands_in(waiting, "dsj.hou")


def _what_is_left_is_carried_over(tale: Tale) -> None:
    task = tale.desk.start("p04c_carry_over", "czj.shen", project_no=tale.no)
    tale.hands_in(task, "czj.shen")
    for key in ("sign_line", "record_result"):
        waiting = tale.task(f"p04c_carry_over.{key}")
        tale.hands_in(waiting, road.holder(tale, waiting))


def _is_paid(tale: Tale, node: str) -> None:
    asked = _asked(tale, node)
    tale.hands_in(asked, CLERK)
    for key in ("sign", "review", "approve", "pay"):
        (task,) = tale.tasks(f"p11_payment.{key}")
        tale.hands_in(task, road.holder(tale, task))
    assert "paid" in [row.status for row in tale.rows(business.Payment)]


def _is_not_paid(tale: Tale, node: str) -> None:
    asked = _asked(tale, node)
    before = tale.snapshot()
    answer = tale.desk.post(asked, CLERK, tale.answers(asked, CLERK))
    assert answer.status_code == 422
    assert "第二十条" in str(answer.get_json())
    assert tale.snapshot() == before


def _asked(tale: Tale, node: str) -> OpenTask:
    asked = tale.desk.start("p11_payment", CLERK, project_no=tale.no)
    tale.notes.setdefault("payments", {})[asked.instance_id] = (node, tale.notes["half"])
    return asked
