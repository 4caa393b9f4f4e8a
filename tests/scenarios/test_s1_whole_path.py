"""S1: 农业农村局's platform goes from the yearly plan to its start of work; every skip on the way is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import clock
from app.domain.terms import SIX_CONTENTS
from app.models import business
from app.services import serials
from tests.scenarios import shortcut
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from tests.scenarios.site import Site

NUMBER = "XWXX-2026-T-002"
CLERK, LEAD, HEAD = "nyj.he", "nyj.xu", "nyj.qiu"
TOTAL, PRICE = 233_000_000, 226_300_000
"""Approved total and contract price in 分."""


def test_whole_path(site: Site) -> None:
    tale = Tale(site, site.county.plan(NUMBER))
    with site.database.unit_of_work() as session:
        serials.continue_after(session, "project", 2026, 1)  # 001 was given out on paper before the system came
    _plan(tale)
    _review(tale)
    _approve(tale)
    _fund(tale)
    _endorse(tale)
    _procure(tale)
    _start(tale)
    _all_opinions_carry_numbers(tale)


def _plan(tale: Tale) -> None:
    """1 October: the call; the unit files; the bureau consolidates; the county government consents."""
    tale.go("2025-10-09")
    call = tale.desk.open(process="p01_annual_plan")
    assert [task.element for task in call] == ["issue_call"]
    tale.hands_in(call[0], "dsj.cheng")
    asked = tale.desk.open(process="p01u_unit_plan")
    assert len(asked) == 20
    mine = next(task for task in asked if task.unit_id == tale.site.staff.units["nyj"])
    tale.hands_in(mine, CLERK)
    filing = next(task for task in tale.desk.open(instance_id=mine.instance_id))
    assert filing.element == "file_item"
    tale.hands_in(filing, CLERK)
    tale.no = NUMBER
    assert tale.project.state == "DRAFT"
    tale.tells((HEAD, "p01u_unit_plan.sign_item"))
    assert tale.project.state == "PLAN_SUBMITTED"
    tale.go("2025-12-02")
    tale.tells(("dsj.qi", "p01_annual_plan.suggest"))
    for username, element in (("czj.shen", "finance_comment"), ("dsj.yue", "sign_submission")):
        of_all = tale.desk.open(process="p01_annual_plan")
        assert [task.element for task in of_all] == [element]
        tale.hands_in(of_all[0], username)
    tale.go("2025-12-10")
    tale.tells(("xzf.zhai", "p01_annual_plan.county_decision"))
    assert tale.project.state == "PLAN_APPROVED"


def _review(tale: Tale) -> None:
    """The five materials, the sharing check, five experts, the 审核意见; nobody gets past it."""
    tale.go("2025-12-15")
    tale.tells((CLERK, "p02_review.file_materials"))
    assert tale.project.state == "MATERIALS"
    tale.tells((HEAD, "p02_review.sign_filing"))
    assert tale.project.state == "REVIEW"
    _money_before_review_is_refused(tale)
    tale.tells(
        ("dsj.cheng", "p02_review.check_formally"),
        ("dsj.hou", "p02_review.check_sharing"),
        ("dsj.qi", "p02_review.form_panel"),
    )
    tale.after(1)
    for element in ("declare", "score"):
        assert tale.open_keys() == [f"p02_review.{element}"]
        assert tale.all_do(f"p02_review.{element}") == 5
    forms = tale.rows(business.ExpertForm, purpose="review")
    assert len(forms) == 5
    assert min(int(form.content[f"{key}_score"]) for form in forms for key in SIX_CONTENTS) >= 80
    leader = tale.notes["reviewers"][0]
    tale.tells((leader, "p02_review.conclude"), ("dsj.cheng", "p02_review.draft_opinion"))
    assert tale.project.state == "REVIEW"
    tale.tells(("dsj.yue", "p02_review.sign_opinion"))
    assert tale.project.state == "IN_LIBRARY"

    opinion = tale.rows(business.Opinion, kind="review")[0]
    assert (opinion.conclusion, opinion.doc_no, opinion.signed_by) == ("通过", "修数审〔2025〕1号", "dsj.yue")


def _money_before_review_is_refused(tale: Tale) -> None:
    """S5: neither the commission nor finance acts before the 审核意见 (第十三条)."""
    for username, role, form_id in (("fgw.qin", "drc_clerk", "f08"), ("czj.shen", "fin_budget", "f09")):
        told = tale.is_refused(username, shortcut.draw(tale, form_id, role), "第十三条")
        assert "审核意见" in told
    assert tale.project.state == "REVIEW"


def _approve(tale: Tale) -> None:
    """The commission asks the bureau, and approves only after its answer (第十一条)."""
    tale.go("2026-01-12")
    tale.tells((CLERK, "p03a_investment.apply"))
    assert tale.project.state == "APPROVAL"
    tale.tells(("fgw.qin", "p03a_investment.appraise"))
    too_early = tale.is_refused("fgw.qin", shortcut.draw(tale, "f08", "drc_clerk"), "第十一条")
    assert "行业审查意见" in too_early
    tale.go("2026-01-15")
    tale.tells(
        ("dsj.qi", "p03a_opinion.draft"),
        ("dsj.yue", "p03a_opinion.sign"),
        ("fgw.qin", "p03a_investment.draft_decision"),
        ("fgw.gao", "p03a_investment.sign_decision"),
    )
    assert tale.project.state == "APPROVED"
    approval = tale.rows(business.Approval)[-1]
    assert (approval.decision, approval.amount_fen, approval.signed_by) == ("批准", TOTAL, "fgw.gao")


def _fund(tale: Tale) -> None:
    """Finance arranges 233.00 万元."""
    tale.go("2026-02-02")
    tale.tells(
        ("dsj.qi", "p04_budget.suggest"),
        ("dsj.yue", "p04_budget.sign_suggestion"),
        ("czj.shen", "p04_budget.review_line"),
        ("czj.niu", "p04_budget.sign_line"),
        ("czj.shen", "p04_budget.record_result"),
    )
    assert tale.project.state == "BUDGETED"
    assert [(line.fy, line.arranged_fen) for line in tale.rows(business.BudgetLine)] == [(2026, TOTAL)]


def _endorse(tale: Tale) -> None:
    """Both plans of Art. 14; a tender before them is refused."""
    tale.go("2026-03-02")
    told = tale.is_refused(LEAD, shortcut.draw(tale, "f12", "unit_lead"), "第十四条")
    assert "方案" in told
    assert tale.rows(business.Package) == []
    tale.tells((CLERK, "p05_preprocurement.file_plans"))
    assert tale.project.state == "PRE_PROC"
    tale.tells(("dsj.hou", "p05_preprocurement.check_plans"), ("dsj.yue", "p05_preprocurement.sign"))


def _procure(tale: Tale) -> None:
    """Open tender, and the contract of 226.30 万元."""
    tale.go("2026-03-16")
    tale.tells((LEAD, "p06_procurement.plan_packages"))
    assert tale.project.state == "PROCUREMENT"
    tale.tells(("czj.lu", "p06_procurement.approve_method"), (CLERK, "p06_procurement.publish_notice"))
    tale.go("2026-05-06")
    tale.tells((CLERK, "p06_procurement.record_result"))
    tale.go("2026-05-12")
    tale.tells((CLERK, "p06_procurement.sign_contract"), (HEAD, "p06_procurement.approve_contract"))
    assert tale.project.state == "CONTRACTED"
    assert [contract.amount_fen for contract in tale.rows(business.Contract)] == [PRICE]
    tale.tells((CLERK, "p06_procurement.publish_contract"))


def _start(tale: Tale) -> None:
    """河朔信息监理 supervises; a start order without it is refused (第十七条)."""
    tale.go("2026-05-18")
    told = tale.is_refused(LEAD, shortcut.draw(tale, "f15k", "unit_lead"), "第十七条")
    assert "监理" in told
    assert tale.project.start_order_on is None
    tale.tells(
        (LEAD, "p07_construction.register_supervision"),
        ("hsjl.lei", "p07_construction.plan_supervision"),
        (LEAD, "p07_construction.order_start"),
    )
    assert [row.supervisor for row in tale.rows(business.Supervision)] == ["河朔信息监理有限公司"]
    project = tale.project
    assert (project.state, project.start_order_on) == ("BUILDING", clock.today())
    assert tale.open_keys() == ["p07_construction.certify"]


def _all_opinions_carry_numbers(tale: Tale) -> None:
    """The papers of the way are signed and numbered, and the project's page shows them to its unit."""
    opinions = {row.kind: row.doc_no for row in tale.rows(business.Opinion)}
    assert all(opinions.values())
    page = tale.page(CLERK)
    assert "建设中" in page
    assert "226.30" in page
    assert tale.site.as_("wjw.li").get(f"/projects/{NUMBER}").status_code == 404
