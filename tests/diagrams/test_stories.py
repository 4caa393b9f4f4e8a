"""Every shipped process is told through the engine, along one story per end event."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pytest

from tests.diagrams.story import Story

NO = "XWXX-2026-T-001"
OWN_NOT = {"unit_is_bureau": False}


def a_lifecycle(path: str = "T", **project: object) -> Story:
    facts = {"path": path, "state": "PLAN_APPROVED", "approval_valid": False, "started": False} | {
        "service_continues": False,
        **project,
    }
    deadlines = {"evaluation_opens": date(2027, 12, 1)}
    return Story("p00_lifecycle", project=facts, deadlines=deadlines, start="start")


class TestLifecycle:
    def test_a_project_of_path_t_passes_through_every_phase_to_its_end(self) -> None:
        story = a_lifecycle()
        assert story.calls == ["p02_review"]
        story.returned("p02_review", state="IN_LIBRARY")
        assert story.calls == ["p03a_investment"]
        story.returned("p03a_investment", state="APPROVED", approval_valid=True)
        assert story.calls == ["p04_budget"]
        story.returned("p04_budget", state="BUDGETED", arranged_fen=100)
        story.returned("p05_preprocurement", state="PRE_PROC")
        story.returned("p06_procurement", state="CONTRACTED", started=True)
        story.returned("p07_construction", state="COMPLETED")
        story.returned("p09_acceptance", state="OPERATING")
        story.returned("p12_catalogue")
        assert story.calls == ["p13_om"]
        story.wait_for("year_over")
        assert story.calls == ["p13_om", "p14_evaluation"]
        story.returned("p13_om")
        story.returned("p14_evaluation").hear("evaluation.again")
        assert "p14_evaluation" in story.calls
        story.returned("p14_evaluation").hear("decommission.approved")
        assert story.end == "end_scrapped"

    @pytest.mark.parametrize(("path", "called"), [("G", "p03b_service"), ("L", "p03c_joint"), ("T", "p03a_investment")])
    def test_the_path_decides_who_approves(self, path: str, called: str) -> None:
        assert a_lifecycle(path).returned("p02_review", state="IN_LIBRARY").calls == [called]

    def test_a_service_is_delivered_and_accepted_year_by_year_while_it_runs(self) -> None:
        story = a_lifecycle("G").returned("p02_review", state="IN_LIBRARY")
        story.returned("p03b_service", state="APPROVED", approval_valid=True)
        story.returned("p04_budget", state="BUDGETED").returned("p05_preprocurement", state="PRE_PROC")
        story.returned("p06_procurement", state="CONTRACTED", started=True)
        story.returned("p07_construction", state="COMPLETED").returned("p09_acceptance", state="ACCEPTED")
        story.returned("p12_catalogue", state="OPERATING", service_continues=True)
        assert story.calls == ["p07_construction", "p13_om"]
        story.wait_for("year_over").returned("p07_construction")
        assert story.calls == ["p09_acceptance", "p13_om", "p14_evaluation"], "it is evaluated after its first year"
        story.returned("p09_acceptance")
        assert story.calls == ["p07_construction", "p13_om", "p14_evaluation"], "a third year"
        story.returned("p07_construction").returned("p09_acceptance", service_continues=False)
        assert story.calls == ["p13_om", "p14_evaluation"]

    def test_an_operation_item_skips_review_and_construction(self) -> None:
        story = a_lifecycle("Y")
        assert story.calls == ["p13_om"]
        story.returned("p13_om", state="BUDGETED").returned("p05_preprocurement")
        story.returned("p06_procurement", started=True)
        assert story.calls == []
        assert [item.element_id for item in story.step.after.timers.values()] == ["year_over"]

    def test_scrapping_needs_nothing_else(self) -> None:
        assert a_lifecycle("B").returned("p19_decommission", state="SCRAPPED").end == "end_scrapped_at_once"
        refused = a_lifecycle("B").returned("p19_decommission", state="REJECTED")
        assert refused.end == "end_not_scrapped", "what the bureau refuses is not written off"

    def test_rejected(self) -> None:
        assert a_lifecycle().returned("p02_review", state="REJECTED").end == "end_rejected"

    def test_refused_by_the_commission(self) -> None:
        story = a_lifecycle().returned("p02_review", state="IN_LIBRARY").returned("p03a_investment", state="REJECTED")
        assert story.end == "end_rejected"

    def test_withdrawn_by_message_and_by_the_phase(self) -> None:
        assert a_lifecycle().hear("project.withdrawn").end == "end_withdrawn"
        assert a_lifecycle().returned("p02_review", state="WITHDRAWN").end == "end_withdrawn_in_phase"

    def test_an_alternate_waits_and_is_not_approved_twice(self) -> None:
        story = (
            a_lifecycle().returned("p02_review", state="IN_LIBRARY").returned("p03a_investment", approval_valid=True)
        )
        story.returned("p04_budget", state="ALTERNATE")
        assert story.calls == []
        story.hear("library.year.result").returned("p02_review", state="APPROVED")
        assert story.calls == ["p04_budget"]

    @pytest.mark.parametrize(
        ("message", "end"),
        [("project.withdrawn", "end_withdrawn_waiting"), ("project.terminated", "end_terminated_waiting")],
    )
    def test_an_alternate_may_end_while_it_waits(self, message: str, end: str) -> None:
        story = a_lifecycle("Y").returned("p13_om", state="OM_RETURNED")
        assert story.hear(message).end == end

    def test_removed_after_three_years(self) -> None:
        story = a_lifecycle("Y").returned("p13_om", state="ALTERNATE")
        story.county.project["state"] = "REMOVED"
        assert story.hear("library.year.result").end == "end_removed"

    def test_lapsed_funds_lead_back_to_the_library(self) -> None:
        story = a_lifecycle("Y").returned("p13_om", state="BUDGETED").returned("p05_preprocurement")
        story.hear("budget.lapsed")
        assert story.calls == []
        assert story.hear("library.year.result").calls == ["p13_om"]

    def test_cancelled_procurement_is_approved_anew(self) -> None:
        story = a_lifecycle("Y").returned("p13_om", state="BUDGETED").returned("p05_preprocurement")
        assert story.returned("p06_procurement", started=False).calls == ["p05_preprocurement"]

    def test_joint_construction_without_public_money_needs_no_budget(self) -> None:
        story = a_lifecycle("L").returned("p02_review", state="IN_LIBRARY")
        story.county.submissions["f07l"] = {"public_share": 0}
        assert story.returned("p03c_joint", state="APPROVED").calls == ["p05_preprocurement"]

    def test_terminated_in_each_stage(self) -> None:
        assert a_lifecycle().hear("project.terminated").end == "end_terminated_before"
        story = a_lifecycle("T", approval_valid=True).returned("p02_review", state="IN_LIBRARY")
        story.returned("p04_budget", state="BUDGETED")
        assert story.calls == ["p05_preprocurement"]
        story.returned("p05_preprocurement").returned("p06_procurement", started=True)
        assert story.hear("project.terminated").end == "end_terminated"
        early = a_lifecycle("Y").returned("p13_om", state="BUDGETED")
        assert early.hear("project.terminated").end == "end_terminated_procurement"

    def test_an_acceptance_that_ends_in_termination(self) -> None:
        story = a_lifecycle("T", approval_valid=True).returned("p02_review", state="IN_LIBRARY")
        story.returned("p04_budget", state="BUDGETED").returned("p05_preprocurement")
        story.returned("p06_procurement", started=True).returned("p07_construction")
        assert story.returned("p09_acceptance", state="TERMINATED").end == "end_not_accepted"


class TestAnnualPlan:
    RESULTS: ClassVar = {
        "plan.open": {"units": ["nyj", "slj"]},
        "plan.consolidate": {"items": [NO, "XWXX-2026-T-002"]},
        "plan.decide": {"approved_items": [NO]},
    }

    def test_from_the_call_to_the_county_consent(self) -> None:
        story = Story("p01_annual_plan", deadlines={"plan": date(2026, 11, 30)}, results=self.RESULTS, start="start")
        story.do("issue_call", fy=2027)
        assert story.calls == ["p01u_unit_plan", "p01u_unit_plan"]
        assert sorted(str(wait.inputs["unit"]) for wait in story.step.after.calls.values()) == ["nyj", "slj"]
        story.wait_for("remind_units").returned("p01u_unit_plan").returned("p01u_unit_plan")
        assert story.open_tasks == []
        story.wait_for("intake_closed")
        assert story.open_tasks == ["suggest", "suggest"]
        story.do("suggest", rank=1).do("suggest", rank=2).confirm("finance_comment")
        story.sign("sign_submission", result="退回")
        assert story.open_tasks == ["suggest", "suggest"]
        story.do("suggest", rank=1).do("suggest", rank=2).confirm("finance_comment").sign("sign_submission")
        story.wait_for("remind_county")
        story.do("county_decision", result="同意").do("county_decision", result="暂缓")
        assert story.end == "end_planned"
        assert [(name, key) for name, key, _ in story.thrown] == [("plan.item.approved", NO)]

    def test_a_supplementary_batch_carries_county_consent_too(self) -> None:
        story = Story("p01_annual_plan", results=self.RESULTS, variables={"fy": 2026}, start="supplement")
        story.do("suggest").do("suggest").confirm("finance_comment").sign("sign_submission")
        assert story.do("county_decision").do("county_decision").end == "end_planned"


SECRET = {"nothing_to_file": False, "secret": True, "other_rule": False}
PLAIN = {"nothing_to_file": False, "secret": False, "other_rule": False}


class TestUnitPlan:
    def test_a_unit_with_nothing_to_file_says_so(self) -> None:
        story = Story("p01u_unit_plan", variables={"unit": "gaj", "fy": 2027}).do("ask_secrecy", nothing_to_file=True)
        assert (story.end, story.operations) == ("end_nothing", [])

    def test_a_secret_item_leaves_nothing(self) -> None:
        story = Story("p01u_unit_plan", variables={"unit": "gaj", "fy": 2027}).do("ask_secrecy", **SECRET)
        assert (story.end, story.operations) == ("end_exempt", ["exempt.register"])

    def test_an_extension_needs_its_assessment(self) -> None:
        story = Story(
            "p01u_unit_plan", variables={"fy": 2027}, results={"gate.check": [{"gate_ok": False}, {"gate_ok": True}]}
        )
        story.do("ask_secrecy", **PLAIN).do("file_item", nature="扩建")
        assert story.open_tasks == ["file_item"]
        story.do("file_item", nature="扩建").sign("sign_item", result="退回")
        story.do("file_item", nature="新建")
        assert story.sign("sign_item").end == "end_filed"

    def test_the_head_may_drop_it(self) -> None:
        story = Story("p01u_unit_plan", variables={"fy": 2027}).do("ask_secrecy", **PLAIN)
        assert story.do("file_item", nature="新建").sign("sign_item", result="不同意").end == "end_dropped"


def a_filing(**project: object) -> Story:
    facts = {"reviewed_unchanged": False, "library_status": "", "small_service": False, **OWN_NOT, **project}
    panel = {"panel": ["e1", "e2", "e3"], "undeclared": ["e1", "e2", "e3"], "leader": "e1"}
    return Story("p02_review", project=facts, deadlines={"materials": date(2026, 4, 1)}, results={"panel.seat": panel})


def to_sharing_check(story: Story) -> Story:
    return story.do("file_materials").sign("sign_filing").do("check_formally", complete=True)


def to_scores(story: Story) -> Story:
    to_sharing_check(story).do("check_sharing", result="符合").do("form_panel")
    for _ in range(3):
        story.do("declare", interest="无")
    for _ in range(3):
        story.do("score", conclusion="通过")
    return story


class TestReview:
    def test_five_materials_to_the_library(self) -> None:
        story = to_scores(a_filing())
        assert story.task("conclude").assignee == "e1"
        story.do("conclude", conclusion="通过").do("draft_opinion", conclusion="通过").sign("sign_opinion")
        assert (story.end, story.operations) == ("end_in_library", ["panel.seat", "library.enter"])

    def test_one_with_an_interest_is_replaced(self) -> None:
        story = to_sharing_check(a_filing()).do("check_sharing", result="符合").do("form_panel")
        assert sorted(wait.assignee for wait in story.step.after.user_tasks.values()) == ["e1", "e2", "e3"]
        story.do("declare", interest="无").do("declare", interest="有").do("declare", interest="无")
        assert story.open_tasks == ["form_panel"]

    def test_returns_before_the_panel(self) -> None:
        story = a_filing().wait_for("remind_materials").do("file_materials").sign("sign_filing", result="退回")
        story.do("file_materials").sign("sign_filing").do("check_formally", complete=False)
        to_sharing_check(story).do("check_sharing", result="补正")
        assert story.open_tasks == ["file_materials"]

    def test_without_access_the_conclusion_is_fixed(self) -> None:
        story = to_sharing_check(a_filing()).do("check_sharing", result="不通过")
        assert story.open_tasks == ["draft_opinion"]
        assert story.do("draft_opinion", conclusion="不通过").sign("sign_opinion").end == "end_rejected"

    def test_a_small_service_needs_no_panel(self) -> None:
        story = to_sharing_check(a_filing(small_service=True)).do("check_sharing", result="符合")
        assert story.open_tasks == ["draft_opinion"]

    def test_passed_after_revision(self) -> None:
        story = to_scores(a_filing()).do("conclude", conclusion="修改后通过").do("revise")
        story.confirm("confirm_revision", result="补正").do("revise").confirm("confirm_revision")
        assert story.open_tasks == ["draft_opinion"]
        story.do("draft_opinion", conclusion="修改后通过").sign("sign_opinion", result="退回")
        assert story.open_tasks == ["file_materials"]

    def test_the_bureau_s_own_project_is_countersigned_twice(self) -> None:
        story = to_sharing_check(a_filing(unit_is_bureau=True)).do("check_sharing", result="符合").do("form_panel")
        assert story.open_tasks == ["countersign_panel"]
        story.sign("countersign_panel")
        for _ in range(3):
            story.do("declare", interest="无")
        story.wait_for("remind_score")
        for _ in range(3):
            story.do("score")
        story.do("conclude", conclusion="通过").do("draft_opinion", conclusion="通过").sign("sign_opinion")
        assert story.open_tasks == ["countersign_opinion"]
        story.sign("countersign_opinion", result="退回")
        assert story.open_tasks == ["file_materials"], "without the countersignature the opinion has no effect"

    def test_the_countersigned_opinion_opens_the_library(self) -> None:
        filing = a_filing(unit_is_bureau=True, small_service=True)
        story = to_sharing_check(filing).do("check_sharing", result="符合")
        story.do("draft_opinion", conclusion="通过").sign("sign_opinion", "countersign_opinion")
        assert story.end == "end_in_library"

    def test_the_opinion_has_its_five_days_from_draft_to_signature(self) -> None:
        story = to_scores(a_filing()).do("conclude", conclusion="通过").do("draft_opinion", conclusion="通过")
        story.wait_for("remind_opinion")
        assert story.open_tasks == ["sign_opinion"]
        story.wait_for("opinion_overdue")
        assert story.notices[-2:] == ["review_opinion_reminder", "review_opinion_overdue"]
        assert story.sign("sign_opinion").end == "end_in_library"

    def test_an_unchanged_alternate_is_not_reviewed_again(self) -> None:
        assert a_filing(reviewed_unchanged=True, library_status="备选").end == "end_in_library"

    def test_withdrawn(self) -> None:
        assert to_sharing_check(a_filing()).hear("project.withdrawn").end == "end_withdrawn"


def an_application(**project: object) -> Story:
    return Story(
        "p03a_investment",
        project={"is_major": False, **project},
        deadlines={"industry_opinion": date(2026, 4, 15)},
        results={"gate.check": [{"gate_ok": False}, {"gate_ok": True}]},
    )


class TestInvestment:
    def test_the_opinion_is_awaited_and_reminded(self) -> None:
        story = an_application().do("apply")
        assert story.open_tasks == ["apply"]
        story.do("apply").do("appraise")
        assert [(name, key) for name, key, _ in story.thrown] == [("industry.opinion.request", NO)]
        assert story.open_tasks == []
        story.wait_for("remind_opinion").wait_for("opinion_overdue")
        assert story.open_tasks == []
        story.hear("industry.opinion.reply").do("draft_decision", decision="批准").sign("sign_decision")
        assert story.end == "end_approved"

    def test_returned_then_refused_and_a_major_project_has_its_minute(self) -> None:
        story = an_application(is_major=True).do("apply").do("apply").do("appraise").hear("industry.opinion.reply")
        story.do("draft_decision", decision="退回补充").sign("county_minute", "sign_decision")
        assert story.open_tasks == ["apply"]
        story.do("apply").do("appraise").hear("industry.opinion.reply").do("draft_decision", decision="不予批准")
        assert story.sign("county_minute", "sign_decision").end == "end_rejected"

    def test_the_bureau_s_side(self) -> None:
        story = Story("p03a_opinion", start="start").do("draft").sign("sign", result="退回").do("draft").sign("sign")
        assert (story.end, [item[:2] for item in story.thrown]) == ("end_replied", [("industry.opinion.reply", NO)])


class TestServiceAndJoint:
    def test_service_funds(self) -> None:
        story = Story("p03b_service", results={"gate.check": {"gate_ok": True}})
        story.do("file_plan").do("review_funds").sign("sign", result="退回").do("file_plan").do("review_funds")
        assert story.sign("sign").end == "end_approved"

    def test_service_refused(self) -> None:
        story = Story("p03b_service", results={"gate.check": {"gate_ok": True}})
        assert story.do("file_plan").do("review_funds").sign("sign", result="不同意").end == "end_refused"

    @pytest.mark.parametrize(
        ("share", "asset", "called"), [(100, True, "p03a_investment"), (100, False, "p03b_service")]
    )
    def test_public_money_decides_the_procedure(self, share: int, asset: bool, called: str) -> None:
        story = Story("p03c_joint").do("file", public_share=share, forms_public_asset=asset)
        story.sign("check_bureau", "check_security")
        assert story.calls == [called]
        assert story.returned(called).end == "end_passed_on"

    def test_without_public_money(self) -> None:
        story = Story("p03c_joint").do("file", public_share=0, forms_public_asset=False)
        story.sign("check_bureau", result="退回").sign("check_security").do(
            "file", public_share=0, forms_public_asset=False
        )
        assert story.sign("check_bureau", "check_security").end == "end_endorsed"


class TestBudget:
    @pytest.mark.parametrize(("arranged", "end"), [(23_300_000_00, "end_budgeted"), (0, "end_alternate")])
    def test_the_figure_decides(self, arranged: int, end: str) -> None:
        story = Story("p04_budget", variables={"suggested": False, "fund_type": "建设"})
        story.do("suggest").sign("sign_suggestion", result="退回").do("suggest").sign("sign_suggestion")
        story.do("review_line").sign("sign_line", result="退回").do("review_line").sign("sign_line")
        assert story.do("record_result", arranged=arranged).end == end

    def test_an_operation_line_starts_at_finance(self) -> None:
        assert Story("p04_budget", variables={"suggested": True, "fund_type": "运维"}).open_tasks == ["review_line"]


class TestCarryOver:
    def test_unspent_money_goes_into_the_new_year(self) -> None:
        story = Story("p04c_carry_over", project={"path": "T"})
        assert story.task("propose").inputs == {"kind": "结转", "fy": 2026, "fund_type": "建设"}
        story.do("propose").sign("sign_line", result="退回").do("propose").sign("sign_line")
        assert story.do("record_result").end == "end_carried"

    def test_finance_may_decide_against_it(self) -> None:
        assert Story("p04c_carry_over", project={"path": "G"}).do("propose").sign("sign_line", result="不同意").end == (
            "end_dropped"
        )


class TestSupplement:
    @pytest.mark.parametrize(
        ("path", "given", "fund"), [("T", None, "建设"), ("G", None, "购买服务"), ("T", "运维", "运维")]
    )
    def test_the_suggestion_leads_to_finance(self, path: str, given: str | None, fund: str) -> None:
        story = Story("p04s_supplement", project={"path": path}).do("suggest", fund_type=given)
        story.sign("sign_suggestion", result="退回").do("suggest", fund_type=given).sign("sign_suggestion")
        inputs = next(iter(story.step.after.calls.values())).inputs
        assert (story.calls, inputs["suggested"], inputs["fund_type"]) == (["p04_budget"], True, fund)
        assert story.returned("p04_budget").end == "end_arranged"

    def test_the_bureau_may_decide_against_it(self) -> None:
        story = Story("p04s_supplement", project={"path": "T"}).do("suggest", fund_type=None)
        assert story.sign("sign_suggestion", result="不同意").end == "end_dropped"


class TestProcurement:
    def test_endorsement_with_returns(self) -> None:
        story = Story("p05_preprocurement", project=OWN_NOT).do("file_plans").wait_for("remind_check")
        story.wait_for("check_overdue").do("check_plans", conclusion="退回").do("file_plans")
        story.do("check_plans", conclusion="核准").sign("sign", result="退回").do("check_plans", conclusion="核准")
        assert story.sign("sign").end == "end_endorsed"

    def test_the_bureau_s_own_plans_are_countersigned(self) -> None:
        story = Story("p05_preprocurement", project={"unit_is_bureau": True}).do("file_plans")
        story.do("check_plans", conclusion="核准").sign("sign")
        story.sign("countersign", result="退回")
        assert story.open_tasks == ["check_plans"], "what is not countersigned is examined again"
        story.do("check_plans", conclusion="核准").sign("sign")
        assert story.sign("countersign").end == "end_endorsed"

    def a_purchase(self, *methods: str) -> Story:
        story = Story(
            "p06_procurement",
            deadlines={"contract": date(2026, 5, 1)},
            results={"gate.check": [{"gate_ok": False}, {"gate_ok": True}]},
        )
        assert story.open_tasks == ["supply"]
        story.confirm("supply").do("plan_packages", packages=[{"method": method} for method in methods])
        return story

    def test_open_tender_to_the_contract(self) -> None:
        story = self.a_purchase("公开招标").sign("approve_method", result="退回")
        story.do("plan_packages", packages=[{"method": "公开招标"}]).sign("approve_method").confirm("publish_notice")
        story.do("record_result", outcome="流标", notice_on=None)
        story.do("plan_packages", packages=[{"method": "公开招标"}]).sign("approve_method").confirm("publish_notice")
        story.do("record_result", outcome="成交", notice_on=date(2026, 4, 1)).wait_for("remind_contract")
        story.wait_for("contract_overdue")
        assert story.thrown[-1][0] == "inspection.request"
        story.do("sign_contract").sign("approve_contract", result="退回").do("sign_contract").sign("approve_contract")
        assert story.confirm("publish_contract").end == "end_contracted"

    def test_a_single_source_is_published_first(self) -> None:
        story = self.a_purchase("单一来源").sign("approve_method")
        assert story.open_tasks == []
        assert story.wait_for("notice_over").open_tasks == ["publish_notice"]

    def test_a_complaint_may_end_it(self) -> None:
        story = self.a_purchase("询价").sign("approve_method").confirm("publish_notice")
        story.do("record_result", outcome="质疑投诉", notice_on=None).sign("decide_complaint")
        assert story.open_tasks == ["record_result"]
        story.do("record_result", outcome="质疑投诉", notice_on=None)
        assert story.sign("decide_complaint", result="不同意").end == "end_cancelled"


class TestConstruction:
    def test_under_supervision(self) -> None:
        story = Story("p07_construction", project={"path": "T"}).do("register_supervision")
        story.confirm("plan_supervision").do("order_start").wait_for("monthly").do("report_progress", progress=20)
        story.do("report_month", serious=True)
        assert story.thrown[-1][0] == "inspection.request"
        story.wait_for("monthly").do("report_progress").do("report_month", serious=False).hear("change.request")
        assert story.calls == ["p08_change"]
        story.hear("change.request").returned("p08_change").returned("p08_change").wait_for("monthly")
        story.do("certify", completed_on=date(2026, 8, 1)).confirm("confirm_date", result="补正")
        story.do("certify", completed_on=date(2026, 8, 2)).confirm("confirm_date")
        assert story.end == "end_completed"
        assert story.county.done[-1] == ("deadline.start", {"start": date(2026, 8, 2)}, {"kind": "acceptance"})

    def test_a_service_has_no_supervisor(self) -> None:
        story = Story("p07_construction", project={"path": "G"}).do("order_start").wait_for("monthly")
        story.do("report_progress").do("certify_service", completed_on=date(2026, 8, 1))
        assert story.confirm("confirm_date").end == "end_completed"

    def test_terminated(self) -> None:
        story = Story("p07_construction", project={"path": "G"}).do("order_start")
        assert story.hear("project.terminated").end == "end_terminated"


class TestChange:
    CHANGE: ClassVar = {"objective_changed": False, "main_module_changed": False}

    def test_a_minor_one_is_filed(self) -> None:
        story = (
            Story("p08_change", project={"supervised": True})
            .do("apply", delta=0, **self.CHANGE)
            .sign("supervisor_opinion")
        )
        assert story.sign("file_minor").end == "end_filed"

    @pytest.mark.parametrize("reopen", [True, False])
    def test_a_raise_goes_to_commission_and_finance(self, reopen: bool) -> None:
        story = Story(
            "p08_change",
            project={"supervised": True, **OWN_NOT},
            results={"scope.new_version": {"reopen_preprocurement": reopen}},
        )
        story.do("apply", delta=18_50_00, **self.CHANGE).sign("supervisor_opinion").wait_for("remind_review")
        story.sign("review").sign("sign", result="退回").do("apply", delta=1850, **self.CHANGE)
        story.sign("supervisor_opinion", "review", "sign", "approve_estimate", "name_source")
        if reopen:
            story.returned("p05_preprocurement")
        assert story.end == "end_agreed"

    def test_refused(self) -> None:
        story = Story("p08_change", project={"supervised": True, **OWN_NOT}).do(
            "apply", delta=0, objective_changed=True, main_module_changed=False
        )
        assert story.sign("supervisor_opinion", "review").sign("sign", result="不同意").end == "end_refused"

    def test_without_more_money_the_bureau_decides_alone(self) -> None:
        story = Story(
            "p08_change",
            project={"supervised": True, **OWN_NOT},
            results={"scope.new_version": {"reopen_preprocurement": False}},
        )
        story.do("apply", delta=0, objective_changed=False, main_module_changed=True)
        assert story.sign("supervisor_opinion", "review", "sign").end == "end_agreed"

    @pytest.mark.parametrize(("result", "reached"), [("同意", "end_agreed"), ("不同意", "end_refused"), ("退回", "")])
    def test_the_bureau_s_own_change_is_countersigned(self, result: str, reached: str) -> None:
        story = Story(
            "p08_change", project={"supervised": False, "unit_is_bureau": True},
            results={"scope.new_version": {"reopen_preprocurement": False}},
        )  # fmt: skip
        story.do("apply", delta=0, objective_changed=True, main_module_changed=False).sign("review", "sign")
        assert story.open_tasks == ["countersign"]
        assert story.sign("countersign", result=result).end == reached
        assert story.open_tasks == ([] if reached else ["apply"])

    def test_before_there_is_a_supervisor_nobody_waits_for_one(self) -> None:
        story = Story("p08_change", project={"supervised": False}).do("apply", delta=0, **self.CHANGE)
        assert story.sign("file_minor").end == "end_filed"


def an_acceptance(**project: object) -> Story:
    return Story(
        "p09_acceptance",
        project={"trial_required": False, "attempt": 1, "state": "ACCEPTED", "supervised": True, **OWN_NOT, **project},
        deadlines={
            "acceptance": date(2026, 11, 23),
            "rectification": date(2026, 6, 1),
            "acceptance_filing": date(2026, 12, 31),
        },
        results={"panel.seat": {"panel": ["e1", "e2"], "leader": "e1"}},
    )


def to_conclusion(story: Story, conclusion: str) -> Story:
    story.do("apply").do("verify_access", access="已接入", items_ok=True).do("designate")
    story.do("draft_consent", conclusion="核准").sign("sign_consent").do("meet").do("judge").do("judge")
    return story.do("conclude", conclusion=conclusion, limit_days=30 if conclusion == "不合格" else None)


def rectified(story: Story) -> Story:
    story.do("rectify").do("confirm_by_supervisor", all_items_closed=True)
    return story.do("confirm_by_bureau", all_items_closed=True)


class TestAcceptance:
    def test_without_a_supervisor_the_bureau_alone_confirms_the_rectification(self) -> None:
        story = to_conclusion(an_acceptance(supervised=False), "不合格").do("rectify")
        assert story.open_tasks == ["confirm_by_bureau"]

    def test_a_later_service_year_is_accepted_without_a_new_asset_or_day_of_operation(self) -> None:
        story = to_conclusion(an_acceptance(state="OPERATING"), "通过").do("file_materials").confirm("confirm_filing")
        assert (story.end, story.open_tasks) == ("end_service_year", [])

    def test_passed_at_once(self) -> None:
        story = to_conclusion(an_acceptance(), "通过")
        assert [(name, payload["lift_code"]) for name, _, payload in story.thrown] == [("hold.lift", "H-ACC")]
        story.wait_for("remind_filing").do("file_materials").confirm("confirm_filing", result="补正")
        story.do("file_materials").confirm("confirm_filing")
        assert story.open_tasks == ["confirm_online", "register_asset"]
        story.do("register_asset").do("confirm_online", online_on=date(2026, 12, 1))
        assert story.end == "end_accepted"
        assert story.county.done[-1][1] == {"start": date(2026, 12, 1)}

    def test_overdue_it_is_reminded_urged_and_the_money_stops(self) -> None:
        story = an_acceptance()
        for _ in range(5):
            story.wait_for("remind_acceptance")
        assert story.operations == ["notice.send"] * 5
        story.wait_for("acceptance_overdue")
        assert story.open_tasks == ["apply", "urge"]
        name, key, payload = story.thrown[-1]
        assert (name, key, payload["hold_code"]) == ("hold.set", NO, "H-ACC")
        story.confirm("urge")
        assert story.open_tasks == ["apply"]

    def test_a_moved_deadline_moves_the_timers(self) -> None:
        story = an_acceptance()
        story.county.deadlines["acceptance"] = date(2027, 1, 29)
        story.refresh()
        due = {wait.element_id: wait.due_at.date() for wait in story.step.after.timers.values()}
        assert due == {"remind_acceptance": date(2026, 12, 30), "acceptance_overdue": date(2027, 1, 30)}

    def test_returned_before_the_meeting(self) -> None:
        story = an_acceptance(trial_required=True, unit_is_bureau=True).do("preliminary").do("apply")
        story.do("verify_access", access="未接入", items_ok=True).do("apply")
        story.do("verify_access", access="已接入", items_ok=True).do("designate")
        story.do("draft_consent", conclusion="不予核准").sign("sign_consent", "countersign")
        assert story.open_tasks == ["apply"]
        story.do("apply").do("verify_access", access="已接入", items_ok=True).do("designate")
        story.do("draft_consent", conclusion="核准").sign("sign_consent").sign("countersign", result="不同意")
        assert story.open_tasks == ["apply"], "no meeting without the countersignature"

    def test_second_acceptance_after_rectification(self) -> None:
        story = to_conclusion(an_acceptance(), "不合格").wait_for("remind_rectification")
        story.wait_for("rectification_overdue")
        assert story.thrown[-1][0] == "inspection.request"
        story.do("rectify").do("confirm_by_supervisor").do("confirm_by_bureau", all_items_closed=False)
        assert rectified(story).open_tasks == ["apply"]
        assert to_conclusion(story, "通过").open_tasks == ["file_materials"]

    @pytest.mark.parametrize("result", ["同意", "不同意"])
    def test_a_third_attempt_is_the_head_s_decision(self, result: str) -> None:
        story = rectified(to_conclusion(an_acceptance(attempt=2), "不合格"))
        assert story.open_tasks == ["allow_third"]
        story.sign("allow_third", result=result)
        assert (story.end, story.open_tasks) == (("", ["apply"]) if result == "同意" else ("end_terminated", []))


class TestExtension:
    def report(self, *, extensions: int = 0) -> Story:
        story = Story("p10_extension", project={"extensions": extensions, "extension_days": 0})
        return story.do("report", new_date=date(2026, 12, 15))

    def test_registered(self) -> None:
        story = self.report().sign("sign", result="退回").do("report", new_date=date(2026, 12, 15)).sign("sign")
        assert story.confirm("register").end == "end_registered"
        assert story.county.done[-1] == ("deadline.extend", {"new_date": date(2026, 12, 15)}, {"kind": "acceptance"})

    def test_corrected_or_not(self) -> None:
        story = self.report().sign("sign").confirm("register", result="补正")
        story.do("correct", new_date=date(2026, 12, 16)).confirm("register", result="补正")
        assert story.wait_for("correction_overdue").end == "end_uncorrected"

    def test_beyond_the_limits_the_head_decides(self) -> None:
        story = self.report(extensions=2).sign("sign").confirm("register").sign("decide_beyond", result="不同意")
        story.do("correct", new_date=date(2026, 12, 16)).confirm("register")
        assert story.sign("decide_beyond").end == "end_registered"


class TestPayment:
    def a_payment(self) -> Story:
        story = Story(
            "p11_payment",
            deadlines={"payment": date(2026, 4, 20)},
            results={"gate.check": [{"gate_ok": False}, {"gate_ok": True}]},
        )
        story.do("apply")
        assert story.open_tasks == ["apply"]
        return story.do("apply").sign("sign", result="退回").do("apply").sign("sign").wait_for("remind_payment")

    def test_paid(self) -> None:
        story = self.a_payment().sign("review").sign("approve", result="退回").do("apply")
        assert story.sign("sign", "review", "approve").do("pay").end == "end_paid"

    def test_refused(self) -> None:
        assert self.a_payment().sign("review").sign("approve", result="不同意").end == "end_refused"


class TestCatalogues:
    def test_entered_before_acceptance_and_active_after_it(self) -> None:
        before = Story("p12_catalogue", project={"has_catalogue_entry": False, "accepted_on": None}).do("enter")
        before.confirm("check", result="补正").do("enter").confirm("check")
        before.county.project |= {"has_catalogue_entry": True, "catalogue_checked": True}
        assert before.confirm("read_assets").end == "end_entered"
        accepted = {"has_catalogue_entry": True, "accepted_on": date(2026, 2, 1)}
        assert Story("p12_catalogue", project=accepted | {"catalogue_checked": True}).end == "end_active"
        assert Story("p12_catalogue", project=accepted | {"catalogue_checked": False}).open_tasks == ["enter"]

    def test_nothing_entered_asks_again(self) -> None:
        nothing = {"has_catalogue_entry": False, "catalogue_checked": False, "accepted_on": None}
        story = Story("p12_catalogue", project=nothing).do("enter")
        assert story.confirm("check", "read_assets").open_tasks == ["enter"]

    def test_a_resource_is_numbered_and_kept_up_to_date(self) -> None:
        story = Story("p12b_resources", deadlines={"update": date(2026, 6, 1)}).do("enter")
        story.confirm("check", result="补正").do("enter").confirm("check").do("assign_number").wait_for("update_due")
        story.confirm("confirm_update", result="补正")
        story.county.deadlines["update"] = date(2026, 12, 1)
        story.confirm("confirm_update")
        assert story.hear("decommission.approved").end == "end_cancelled"

    def test_a_legacy_system(self) -> None:
        story = Story("p12c_legacy").do("enter").confirm("check", result="补正").do("enter")
        assert story.confirm("check", "read_assets").end == "end_active"


class TestOperation:
    def test_plans_then_money(self) -> None:
        story = Story(
            "p13_om",
            project={"has_om_plans": False},
            deadlines={"om_application": date(2026, 11, 30)},
            results={"gate.check": [{"gate_ok": False}, {"gate_ok": True}]},
        )
        story.do("file_plans").confirm("accept_plans", result="补正").do("file_plans").confirm("accept_plans")
        story.wait_for("remind_application").do("apply")
        assert (story.open_tasks, story.operations[-1]) == (["reply"], "om.return")
        story.confirm("reply", result="补正").do("apply").do("suggest")
        assert story.calls == ["p04_budget"]
        assert next(iter(story.step.after.calls.values())).inputs["suggested"] is True
        assert story.returned("p04_budget").end == "end_suggested"

    def test_given_up(self) -> None:
        story = Story("p13_om", project={"has_om_plans": True}, results={"gate.check": {"gate_ok": False}}).do("apply")
        assert story.confirm("reply").end == "end_returned"


class TestEvaluation:
    def an_evaluation(self, mode: str, total: int, share: int) -> Story:
        story = Story(
            "p14_evaluation",
            deadlines={"evaluation_ends": date(2026, 6, 1), "evaluation_rectification": date(2026, 9, 1)},
            results={
                "panel.seat": {"panel": ["e1", "e2", "e3"]},
                "evaluation.score": {"total": total, "share_percent": share},
            },
        )
        story.do("choose_mode", evaluation_mode=mode).sign("agree_mode", result="退回")
        story.do("choose_mode", evaluation_mode=mode).sign("agree_mode").do("report_self")
        if mode == "第三方":
            story.do("score_third_party")
        else:
            story.do("form_panel").do("score_experts").do("score_experts").do("score_experts")
        story.wait_for("remind_evaluation").wait_for("evaluation_overdue")
        return story.sign("check_bureau", "check_finance", "sign_finance", "sign_bureau")

    def test_passed(self) -> None:
        assert self.an_evaluation("第三方", 91, 80).end == "end_passed"

    @pytest.mark.parametrize(("total", "share"), [(54, 70), (83, 59)])
    def test_below_the_mark_until_rectified(self, total: int, share: int) -> None:
        story = self.an_evaluation("专家", total, share)
        assert story.thrown[-1][2]["hold_code"] == "H-EVAL"
        story.wait_for("remind_rectification").wait_for("rectification_overdue").do("rectify")
        story.do("recheck_bureau", all_items_closed=True).do("recheck_finance", all_items_closed=False).do("rectify")
        story.do("recheck_bureau", all_items_closed=True).do("recheck_finance", all_items_closed=True)
        assert (story.end, story.thrown[-1][0]) == ("end_rectified", "hold.lift")


class TestInspection:
    def an_inspection(self, start: str | None = None) -> Story:
        return Story(
            "p15_inspection",
            project={"path": "T"},
            deadlines={"order": date(2026, 5, 1)},
            results={"measure.apply": {"measure": "终止", "measure_taken": True}},
            start=start,
        )

    def test_nothing_found(self) -> None:
        assert self.an_inspection("asked").do("inspect", violation=False).end == "end_clean"

    def test_rectified_in_time(self) -> None:
        story = self.an_inspection().do("inspect", violation=True).do("order", limit=date(2026, 5, 1))
        story.wait_for("order_remind").do("rectify").do("recheck", all_items_closed=True)
        assert (story.end, story.thrown[-1][0]) == ("end_closed", "hold.lift")

    def test_overdue_up_to_termination(self) -> None:
        story = self.an_inspection().do("inspect", violation=True).do("order", limit=date(2026, 5, 1))
        story.wait_for("order_overdue").do("propose", kind="终止").wait_for("statement_over")
        story.sign("sign", "cosign_finance", "cosign_drc")
        assert story.do("refer").end == "end_terminated"

    @pytest.mark.parametrize(
        ("kind", "cosigners"),
        [
            ("不采取措施", []),
            ("通报批评", []),
            ("暂缓拨付", ["cosign_finance"]),
            ("暂停建设", ["cosign_finance", "cosign_drc"]),
        ],
    )
    def test_each_measure_has_its_signers_and_a_new_limit_follows(self, kind: str, cosigners: list[str]) -> None:
        story = self.an_inspection()
        story.county.results["measure.apply"] = {"measure": kind, "measure_taken": True}
        story.do("inspect", violation=True).do("order", limit=date(2026, 5, 1)).do("rectify")
        story.do("recheck", all_items_closed=False).do("propose", kind=kind).do("state").sign("sign", *cosigners)
        assert story.open_tasks == ["order"]

    @pytest.mark.parametrize("who", ["sign", "cosign_finance", "cosign_drc"])
    def test_a_measure_that_is_returned_is_proposed_anew(self, who: str) -> None:
        story = self.an_inspection()
        story.county.results["measure.apply"] = {"measure": "暂缓拨付", "measure_taken": False}
        story.do("inspect", violation=True).do("order", limit=date(2026, 5, 1)).wait_for("order_overdue")
        story.do("propose", kind="终止").do("state")
        for task in ("sign", "cosign_finance", "cosign_drc"):
            story.sign(task, result="退回" if task == who else "同意")
            if task == who:
                break
        assert story.open_tasks == ["propose"], "an older measure does not stand in for the one that was returned"
        story.do("propose", kind="通报批评")
        assert story.open_tasks == ["state"], "the unit is heard again"


class TestAudit:
    def an_audit(self, result: str) -> Story:
        story = Story("p16_audit", deadlines={"audit": date(2026, 6, 1), "documents": date(2026, 3, 9)})
        story.wait_for("remind_documents").wait_for("documents_overdue")
        assert story.notices[-2:] == ["documents_reminder", "documents_overdue"]
        assert story.open_tasks == ["supply"], "the papers are still wanted"
        story.do("supply")
        story.do("find", result=result, limit=date(2026, 6, 1)).sign("sign", result="退回")
        return story.do("find", result=result, limit=date(2026, 6, 1)).sign("sign")

    def test_passed(self) -> None:
        assert self.an_audit("达标").end == "end_passed"

    def test_overdue_then_rectified(self) -> None:
        story = self.an_audit("不达标").wait_for("remind").wait_for("overdue")
        assert story.thrown[-1][2]["hold_code"] == "H-AUDIT"
        story.do("rectify").do("confirm", all_items_closed=False).do("rectify").do("confirm", all_items_closed=True)
        assert story.end == "end_rectified"

    def test_the_hold_does_not_wait_for_the_confirmation(self) -> None:
        story = self.an_audit("不达标").do("rectify").wait_for("overdue")
        assert story.thrown[-1][2]["hold_code"] == "H-AUDIT", "handed in, but not confirmed by the day (G-37)"
        assert story.open_tasks == ["confirm"]
        assert story.do("confirm", all_items_closed=True).end == "end_rectified"


class TestLibrary:
    def test_the_roll_over_tells_each_project(self) -> None:
        story = Story(
            "p17_library", results={"library.roll": {"rolled_items": ["a", "b"], "removed_count": 1}}, start="start"
        )
        assert [item[:2] for item in story.thrown] == [("library.year.result", "a"), ("library.year.result", "b")]
        assert story.confirm("sign").end == "end_signed"

    @pytest.mark.parametrize("start", ["warn_october", "warn_december"])
    def test_warnings(self, start: str) -> None:
        assert Story("p17_library", start=start).end == "end_warned"


class TestNotStarted:
    @pytest.mark.parametrize("start", ["warn_september", "warn_november"])
    def test_warnings(self, start: str) -> None:
        assert Story("p18_not_started", start=start).end == "end_warned"

    def test_each_project_is_judged_by_itself(self) -> None:
        results = {"start.check": {"not_started": ["a", "b", "c"]}, "budget.lapse": {"lapsed": True}}
        story = Story("p18_not_started", results=results, start="start")
        assert story.open_tasks == ["explain"] * 3
        story.do("explain").do("explain")
        story.sign("check_bureau").sign("check_bureau", result="退回")
        story.sign("check_finance", "check_finance")
        assert story.open_tasks == ["explain", "explain"]
        story.do("explain").sign("check_bureau").sign("check_finance", result="不同意")
        assert len([item for item in story.thrown if item[0] == "budget.lapsed"]) == 1
        story.wait_for("no_answer")
        assert [(name, key) for name, key, _ in story.thrown if name == "budget.lapsed"] != []
        assert story.end == "end_checked"

    def test_who_has_started_meanwhile_is_not_held(self) -> None:
        results = {"start.check": {"not_started": ["a"]}, "budget.lapse": {"lapsed": False}}
        story = Story("p18_not_started", results=results, start="start").wait_for("no_answer")
        assert (story.end, story.thrown) == ("end_checked", [])


class TestDecommission:
    def an_application(self) -> Story:
        story = Story("p19_decommission", results={"gate.check": [{"gate_ok": False}, {"gate_ok": True}]})
        return story.confirm("assess").do("apply").do("apply").sign("check_need", "check_data", "check_media")

    def test_scrapped(self) -> None:
        story = self.an_application().sign("sign", result="退回").do("apply")
        story.sign("check_need", "check_data", "check_media", "sign").confirm("dispose", "prove")
        assert (story.end, [item[:2] for item in story.thrown]) == ("end_scrapped", [("decommission.approved", NO)])

    def test_refused(self) -> None:
        assert self.an_application().sign("sign", result="不同意").end == "end_refused"


class TestHold:
    def a_hold(self, *, lifted: bool) -> Story:
        return Story(
            "p20_hold",
            results={"hold.lift": {"hold_lifted": lifted}},
            variables={"hold_code": "H-ACC", "cause": "逾期未验收"},
            start="start",
        )

    def test_lifted_by_evidence_of_its_own(self) -> None:
        story = self.a_hold(lifted=True).wait_for("weekly").wait_for("weekly")
        story.hear("hold.lift", lift_code="H-EVAL", evidence="整改确认")
        assert story.end == ""
        assert story.hear("hold.lift", lift_code="H-ACC", evidence="验收通过").end == "end_lifted"

    def test_lifted_by_hand(self) -> None:
        story = self.a_hold(lifted=False).hear("hold.lift", lift_code="H-ACC", evidence="函")
        story.sign("propose").sign("approve", result="不同意").sign("propose", "approve")
        assert (story.end, story.county.done[-1][2]) == ("end_lifted", {"by_hand": "true"})


def test_the_sharing_evaluation_is_published() -> None:
    results: dict[str, object] = {"sharing.compute": {"figures": []}, "sharing.publish": {"low_projects": []}}
    story = Story("p21_sharing", results=results).do("adjust").sign("sign", result="退回").do("adjust").sign("sign")
    assert (story.end, story.thrown) == ("end_published", [])


def test_each_low_score_goes_to_inspection() -> None:
    low = ["XWXX-2024-T-001", "XWXX-2024-T-002"]
    results = {"sharing.compute": {"figures": []}, "sharing.publish": {"low_projects": low}}
    story = Story("p21_sharing", results=results).do("adjust").sign("sign")
    assert story.end == "end_published"
    assert [(name, payload["project_no"], payload["cause"]) for name, _key, payload in story.thrown] == [
        ("inspection.request", no, "信息共享评价不达标") for no in low
    ]


class TestAftercare:
    def test_feedback_is_answered(self) -> None:
        story = Story("p22_feedback").do("file").wait_for("remind_answer")
        assert story.confirm("answer").end == "end_answered"

    def test_an_asset_is_recorded(self) -> None:
        assert Story("p23_asset").do("record").end == "end_recorded"

    def test_a_system_migrates(self) -> None:
        assert Story("p24_cloud_migration").do("file", done_on=None).end == "end_planned"
        done = Story("p24_cloud_migration").do("file", done_on=date(2026, 3, 1)).confirm("check", result="补正")
        assert done.do("file", done_on=date(2026, 3, 1)).confirm("check").end == "end_migrated"

    def test_an_incident_is_dealt_with(self) -> None:
        story = Story("p25_incident").do("report").confirm("deal", result="补正").do("report")
        assert story.confirm("deal").end == "end_closed"

    @pytest.mark.parametrize(("result", "end"), [("同意", "end_corrected"), ("不同意", "end_refused")])
    def test_a_correction_takes_two(self, result: str, end: str) -> None:
        story = Story("p26_correction").do("file").sign("sign", result="退回").do("file")
        assert story.sign("sign", result=result).end == end
