"""Recorders of the annual plan: F-01, F-01n, F-02, F-02s, F-02g and their signatures (第九条, 第三十四条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.acts import Act
from app.domain.fingerprint import fingerprint
from app.domain.numbers import Path, ProjectNumber, path_of
from app.domain.states import State
from app.domain.terms import Result
from app.errors import NotFound
from app.models.business import AnnualPlan, Project, ScopeVersion, SystemEntry
from app.models.business import PlanItem as PlanItemRow
from app.models.documents import Submission
from app.models.process import UserTask
from app.services import ledger, serials
from app.services.recorders.registry import purpose, records, signs
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.services.recorders.work import Work

MERGED = "合并"
WITH_MATERIALS = frozenset({Path.INVESTMENT, Path.SERVICE, Path.JOINT})
"""Paths that file the materials of 第九条: construction and purchase, not O&M nor scrapping."""


@records("f01n", "bur_clerk", "bur_section", requires=("fy", "doc_no"))
def call(work: Work) -> None:
    """F-01n: open the plan of a fiscal year; its deadline stands in the ledger of all units (T-01)."""
    open_plan(work, work.number("fy"), doc_no=work.text("doc_no"))


def open_plan(work: Work, fy: int, *, doc_no: str = "") -> AnnualPlan:
    """Return the plan of fiscal year `fy` with its deadline of 30 November before, made where it is missing."""
    plan = work.session.get(AnnualPlan, fy)
    if plan is None:
        due = ledger.enter(
            work.session,
            "plan",
            work.today.replace(year=fy - 1, month=10, day=1),
            project_id=None,
            now=work.context.now,
            subject=str(fy),
        ).due
        plan = work.add(AnnualPlan(fy=fy, plan_due=due, opened_on=work.today))
    plan.call_doc_no = doc_no or plan.call_doc_no
    return plan


@records("f01", "unit_clerk", requires=("secret", "other_rule"))
def secrecy(work: Work) -> None:
    """F-01: an exempt item leaves unit, clause, date and handler, nothing else (第三十四条, G-38)."""
    if not (work.flag("secret") or work.flag("other_rule")):
        return
    given = {key for key, value in work.recorded.answers.items() if value not in (None, "", [], False)}
    project = new_project(work, fy=work.today.year + 1, path_letter="X")
    work.ask(
        Act("f01", by=work.by.username, secret=True, content_given=bool(given - {"secret", "other_rule", "clause"}))
    )
    project.exempt_clause = work.text("clause")
    work.advance("exempt.registered")


def new_project(work: Work, *, fy: int, path_letter: str) -> Project:
    """Create a project of the acting person's unit, with its number, and bind the instance to it."""
    serial = serials.take(work.session, "project", fy)
    project = work.add(
        Project(
            no=str(ProjectNumber(fy, serial, Path(path_letter))),
            name="",
            unit_id=work.by.organisation_id,
            fy=fy,
            fy_entered=fy,
            path=path_letter,
            state="DRAFT",
            state_since=work.context.now,
            created_at=work.context.now,
            created_by=work.by.id,
        )
    )
    work.context.bind_project(project.id)
    submission = work.session.get(Submission, work.recorded.submission_id)
    if submission is not None:  # it was kept before there was a project to keep it for
        submission.project_id = project.id
    return project


@records(
    "f02", "unit_clerk",
    requires=("name", "funding_form", "category", "nature", "content", "total", "fy_amount", "has_room",
              "has_private_net"),
)  # fmt: skip
def plan_item(work: Work) -> None:
    """F-02: an item of the annual plan.

    The first time it becomes a project with its number (第二条, 第四条, 第九条).
    """
    letter = path_of(nature=work.text("nature"), funding_form=work.text("funding_form")).value
    fy = work.number("fy", work.today.year + 1)
    if work.context.project_id is None:
        new_project(work, fy=fy, path_letter=letter)
    project = work.project
    _apply(work, project, letter)
    row = work.newest(PlanItemRow) or PlanItemRow(project_id=project.id, fy=fy)
    row.content = _content(work)
    row.total_fen, row.fy_amount_fen = work.fen("total"), work.fen("fy_amount")
    work.add(row)
    _scope(work, project)
    facts = work.reload()
    work.ask(Act("f02", by=work.by.username, item=facts.item, on=work.today), facts)


def _apply(work: Work, project: Project, letter: str) -> None:
    """Write what the item says into the project's row; a changed path keeps the serial (specification §4.2)."""
    project.name = work.text("name")
    project.funding_form, project.category, project.nature = (
        work.text("funding_form"), work.text("category"), work.text("nature"),
    )  # fmt: skip
    project.total_fen = work.fen("total")
    project.is_major = project.total_fen >= work.facts.parameters.major_threshold_fen
    if project.path != letter:
        head, _, serial = project.no.rsplit("-", 2)
        project.path, project.no = letter, f"{head}-{letter}-{serial}"
    project.parent_system_id = _system(work, work.text("parent_system"))
    project.predecessor_id = _project_key(work, work.text("predecessor"))


def _system(work: Work, code: str) -> int | None:
    if not code:
        return None
    found = work.session.scalar(select(SystemEntry.id).where(SystemEntry.code == code))
    if found is None:
        raise NotFound("系统目录里没有编号为“%(code)s”的系统。", code=code)
    return found


def _project_key(work: Work, number: str) -> int | None:
    return work.session.scalar(select(Project.id).where(Project.no == number)) if number else None


def _content(work: Work) -> dict[str, object]:
    """Return what gates read of F-02, as plain JSON values."""
    keys = (
        "basis", "content", "category_reason", "parent_system", "uses_cloud", "uses_gov_net", "has_room",
        "has_private_net", "assessor", "contact", "phone", "period_months",
    )  # fmt: skip
    content: dict[str, object] = {key: work.recorded.answers.get(key) for key in keys if key in work.recorded.answers}
    content["source"] = [dict(row) for row in work.items("source")]
    exemption = work.recorded.answers.get("exemption")
    content["exemption"] = str(exemption[0]) if isinstance(exemption, (list, tuple)) and exemption else ""
    content["assess_report"] = work.given("assess_report")
    assessed_on = work.day("assessed_on")
    content["assessed_on"] = assessed_on.isoformat() if assessed_on else ""
    return content


def _scope(work: Work, project: Project) -> None:
    """Keep scope version 1 in step with the item until it has been reviewed."""
    row = work.newest(ScopeVersion, number=1) or ScopeVersion(project_id=project.id, number=1, made_on=work.today)
    row.fingerprint = fingerprint(work.text("basis"), work.text("content"), work.fen("total"))
    row.total_fen = work.fen("total")
    work.add(row)


@signs("f02", "unit_head", after=("f02",))
def sign_item(work: Work) -> None:
    """F-00s on F-02: the head of the unit files the item; after the deadline it is late (第九条, G-06)."""
    row = work.newest(PlanItemRow)
    if row is None:
        work.demand([missing_step("尚未填报计划项。", form="f02", article=9, holder="unit_clerk")])
        return
    work.other_than(work.author("f02"))
    if work.text("result") != Result.AGREED:
        return
    work.ask(Act("f02", by=work.by.username, item=work.facts.item, on=work.today))
    plan = open_plan(work, row.fy)
    row.submitted_on, row.plan_due = work.today, plan.plan_due
    work.advance("plan.submitted")


@records("f02s", "bur_section", requires=("rank", "bureau_suggestion"), after=("f02",))
def suggest(work: Work) -> None:
    """F-02s: the bureau's rank and suggestion for an item; a late one needs its reason (第九条, G-06)."""
    row = work.newest(PlanItemRow)
    if row is None:
        work.demand([missing_step("该项目没有计划项。", form="f02", article=9)])
        return
    suggestion = work.text("bureau_suggestion")
    reason = work.text("reason") or work.text("late_reason")
    work.ask(Act("f02s", by=work.by.username, outcome=suggestion, reason=reason))
    row.rank, row.suggestion = work.number("rank"), suggestion
    row.content = {**row.content, "merged_into": _merged_into(work, row) if suggestion == MERGED else ""}
    row.supplement = bool(work.facts.item and work.facts.item.late)
    if reason:
        row.supplement_reason = reason


def _merged_into(work: Work, row: PlanItemRow) -> str:
    """Return the number of the item into which this one goes: another of the same year that goes on by itself."""
    target = work.session.scalar(
        select(PlanItemRow)
        .join(Project, Project.id == PlanItemRow.project_id)
        .where(Project.no == work.text("merge_into"), PlanItemRow.fy == row.fy, Project.id != work.project.id)
    )
    if target is None or target.submitted_on is None or target.content.get("merged_into"):
        sentence = "“合并到”应当是同一年度已经报送、自身没有被合并的另一个计划项。"
        work.demand([missing_step(sentence, form="f02s", article=9, holder="bur_section")])
    return work.text("merge_into")


@signs("f02s", "bur_head", after=("f02s",))
def sign_plan(work: Work) -> None:
    """F-00s on F-02s: the bureau head submits the plan; late items of the batch are approved as 增补 with it."""
    if work.text("result") != Result.AGREED:
        return
    for row in _batch(work):
        if row.submitted_on is not None and row.plan_due is not None and row.submitted_on > row.plan_due:
            row.supplement = True
            row.supplement_approved_by = work.by.username
        plan = open_plan(work, row.fy)
        plan.sent_on = plan.sent_on or work.today
    work.session.flush()


def _batch(work: Work) -> list[PlanItemRow]:
    """Return the items on which F-02s was filled in in this instance."""
    inputs = work.session.scalars(
        select(UserTask.inputs).where(
            UserTask.instance_id == work.context.instance.id, UserTask.form_id == "f02s", UserTask.status == "completed"
        )
    )
    numbers = {found["project_no"] for found in inputs if found.get("project_no")}
    items = select(PlanItemRow).join(Project, Project.id == PlanItemRow.project_id).where(Project.no.in_(numbers))
    return list(work.session.scalars(items.order_by(PlanItemRow.id)))


@records("f02g", "gov_office", requires=("result", "doc_no", "decided_on"), after=("f02s",))
def county_result(work: Work) -> None:
    """F-02g: what the county government decided on an item, with document number and date (第九条, G-07)."""
    row = work.newest(PlanItemRow)
    if row is None:
        work.demand([missing_step("该项目没有计划项。", form="f02", article=9)])
        return
    if row.submitted_on is None:
        work.demand([missing_step("计划项尚未报送。", form="f02", article=9)])
    result = work.text("result")
    work.ask(Act("f02g", by=work.by.username, outcome=result, reason=row.supplement_reason))
    row.result, row.consent_doc_no, row.decided_on = result, work.text("doc_no"), work.day("decided_on")
    if row.content.get("merged_into") and result != Result.POSTPONED:
        work.advance_if_possible("plan.merged")  # it ends here; what is said of it stands under the other's number
    elif result == Result.AGREED:
        new = work.state is State.PLAN_SUBMITTED
        work.advance_if_possible("plan.approved")
        if new and work.facts.path in WITH_MATERIALS:  # an alternate that stays on the list files nothing anew (G-19)
            work.deadline("materials", row.decided_on or work.today)
    elif result == Result.REFUSED:
        work.advance_if_possible("plan.refused")


@purpose("exemption_confirmed", "f00s", "bur_head")
def confirm_exemption(work: Work) -> None:
    """F-00s: the bureau head confirms a 另有规定 document for a room or private network (第四条, 第三十四条, G-03)."""
    row = work.newest(PlanItemRow)
    if row is not None and work.text("result") == Result.AGREED:
        row.content = {**row.content, "exemption_confirmed_by": work.by.username}
