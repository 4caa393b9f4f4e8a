"""Recorders of construction and change: F-13s, F-15k, F-15b, F-15m, F-15c, F-14 (第十七条, 第二十条)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.acts import Act
from app.domain.facts import Affiliation
from app.domain.facts import Supervision as Supervising
from app.domain.gates import EVERYWHERE, check
from app.domain.gates.procurement import needs_supervisor
from app.domain.numbers import Path
from app.domain.terms import OpinionKind, Result
from app.models.accounts import Organisation
from app.models.business import Change, Supervision, SupervisionLog
from app.models.documents import Submission
from app.services.recorders import drafts
from app.services.recorders.procurement import company
from app.services.recorders.registry import purpose, records, signs
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.services.recorders.work import Work

ONLY_A_SHARE = "持股"
"""The declared tie that counts only above the parameter's share (COI-04)."""


@records(
    "f13s", "unit_lead", "unit_clerk", requires=("supervisor", "signed_on", "evidence", "affiliation"), after=("f13",)
)
def supervision(work: Work) -> None:
    """F-13s: the supervision contract; no builder, nobody affiliated (第十七条, COI-04)."""
    proposed = Supervising(
        supervisor=work.text("supervisor"),
        signed_on=work.day("signed_on"),
        evidence=work.given("evidence"),
        affiliates=_affiliates(work),
        unaffiliated_declared=work.text("affiliation") == "无关联",
        declared_percent=work.number("share_percent") if work.text("affiliation_kind") == ONLY_A_SHARE else None,
    )
    work.ask(Act("f13s", by=work.by.username, supervision=proposed))
    work.demand(check(("G-17",), work.facts, Act("f13s", supervision=proposed)))
    for old in work.session.query(Supervision).filter_by(project_id=work.project.id, void=False):
        old.void = True
    work.add(
        Supervision(
            project_id=work.project.id,
            supervisor=proposed.supervisor,
            supervisor_id=company(work, proposed.supervisor),
            engineer=work.text("chief_engineer"),
            evidence=proposed.evidence,
            unaffiliated_declared=proposed.unaffiliated_declared,
            declared_percent=proposed.declared_percent,
            signed_on=proposed.signed_on,
        )
    )


def _affiliates(work: Work) -> tuple[Affiliation, ...]:
    """Return the companies with the supervisor's legal representative, its parents and its subsidiaries (COI-04)."""
    own = work.session.query(Organisation).filter_by(kind="company", name=work.text("supervisor")).one_or_none()
    if own is None:
        return ()
    others = work.session.query(Organisation).filter(Organisation.kind == "company", Organisation.id != own.id)
    return tuple(tie for other in others for tie in _ties(own, other))


def _ties(own: Organisation, other: Organisation) -> Iterator[Affiliation]:
    """Yield what binds two companies; through a common parent they are bound as far as by the smaller share."""
    if own.legal_representative and other.legal_representative == own.legal_representative:
        yield Affiliation(other.name)
    if other.id == own.parent_id:
        yield Affiliation(other.name, own.parent_percent)
    if other.parent_id == own.id:
        yield Affiliation(other.name, other.parent_percent)
    if own.parent_id is not None and other.parent_id == own.parent_id:
        shares = [share for share in (own.parent_percent, other.parent_percent) if share is not None]
        yield Affiliation(other.name, min(shares, default=None))


@records("f15k", "unit_lead", requires=("start_on", "plan_end"), after=("f13",))
def start_order(work: Work) -> None:
    """F-15k: the start order; without a signed supervision contract it is refused (第十七条, G-17)."""
    work.ask(Act("f15k", by=work.by.username, on=work.day("start_on")))
    started = work.day("start_on") or work.today
    if needs_supervisor(work.facts):
        work.project.start_order_on = started
    else:
        work.project.service_start_on = started
    work.project.plan_end_on = work.day("plan_end")
    work.advance_first_year("work.started")
    work.met("start_of_work", str(started.year))


@records("f15b", "builder_pm", "unit_lead", requires=("progress",), after=("f15k",))
def progress(work: Work) -> None:
    """F-15b: the builder's monthly progress; it never falls, but in each service year it begins anew."""
    work.ask(Act("f15b", by=work.by.username))
    last = work.newest(SupervisionLog)
    begun = work.project.service_start_on
    if last is not None and begun is not None and last.reported_on < begun:
        last = None
    if last is not None and work.number("progress") < last.progress:
        work.demand([missing_step("进度不能低于上次填报的进度。", form="f15b", holder="builder_pm")])
    work.add(
        SupervisionLog(
            project_id=work.project.id, reported_on=work.today, progress=work.number("progress"), text=work.text("text")
        )
    )


@records("f15m", "sup_eng", requires=("progress", "quality", "cost"), after=("f15b",))
def monthly_report(work: Work) -> None:
    """F-15m: the supervisor's monthly report on the builder's progress."""
    work.ask(Act("f15m", by=work.by.username))
    row = work.newest(SupervisionLog)
    if row is None or row.supervisor_report is not None:
        row = SupervisionLog(project_id=work.project.id, reported_on=work.today, progress=work.number("progress"))
    row.supervisor_report = {
        key: work.text(key) for key in ("month", "quality", "cost", "schedule", "contract", "security")
    } | {"problems": [dict(problem) for problem in work.items("problems")], "progress": work.number("progress")}
    row.serious = work.flag("serious")
    work.add(row)


@records("f15c", "sup_eng", "unit_lead", requires=("completed_on", "certificate"), after=("f15k",))
def completion_certificate(work: Work) -> None:
    """F-15c: the supervisor's completion certificate.

    The unit confirms the date, which starts the six months (第二十条).
    """
    work.ask(Act("f15c", by=work.by.username))
    start = work.project.start_order_on or work.project.service_start_on
    completed = work.day("completed_on")
    if start is None or completed is None or completed < start or completed > work.today:
        work.demand([missing_step("竣工日期应当在开工之后，且不晚于今天。", form="f15c", article=20)])


@purpose("completion_date", "f00c", "unit_lead", after=("f15c",))
def confirm_completion(work: Work) -> None:
    """F-00c: the unit confirms 竣工日期; from it the six months of acceptance run, to the day (第二十条, T-10)."""
    if work.text("result") != "属实":
        return
    completed = _certified_on(work)
    if completed is None:
        work.demand([missing_step("尚未出具竣工证明。", form="f15c", article=20, holder="sup_eng")])
        return
    work.project.completed_on = completed
    work.advance_first_year("work.completed")
    work.deadline("acceptance", completed)


def _certified_on(work: Work) -> date | None:
    """Return the completion date that the newest certificate F-15c names."""
    found = work.session.scalar(
        select(Submission.answers)
        .where(Submission.project_id == work.project.id, Submission.form_id == "f15c")
        .order_by(Submission.id.desc())
        .limit(1)
    )
    text = (found or {}).get("completed_on")
    return date.fromisoformat(str(text)) if text else None


@records("f14", "unit_lead", "unit_clerk", requires=("delta", "reason"))
def change(work: Work) -> None:
    """F-14: a change; a larger one or any more investment needs the bureau's consent (第十七条第二款)."""
    work.ask(Act("f14", by=work.by.username))
    kinds = work.recorded.answers.get("type")
    named = {str(kind) for kind in kinds} if isinstance(kinds, (list, tuple)) else {str(kinds)}
    last = work.newest(Change)
    row = Change(
        project_id=work.project.id,
        instance_id=work.context.instance.id,
        number=last.number + 1 if last is not None else 1,
        delta_fen=work.fen("delta"),
        objective_changed="目标" in named or work.flag("objective_changed"),
        main_module_changed=work.flag("main_module_changed"),
        interface_changed=work.flag("interface_changed"),
        infrastructure_changed=work.flag("infrastructure_changed"),
        content={
            "type": sorted(named),
            "before": work.text("before"),
            "after": work.text("after"),
            "reason": work.text("reason"),
        },
        filed_on=work.today,
        filed_by=work.by.username,
    )
    work.add(row)


def _open_change(work: Work) -> Change | None:
    return work.newest(Change, instance_id=work.context.instance.id) or work.newest(Change)


@signs("f14", "unit_head", "bur_section", "bur_head", after=("f14",))
def sign_change(work: Work) -> None:
    """F-00s on F-14: an ordinary change is signed by the unit's head.

    A larger one by the bureau head (第十七条, D-09); on the bureau's own project it takes effect with the county
    government office's countersignature (COI-08).
    """
    row = _open_change(work)
    if row is None:
        work.demand([missing_step("没有待签的变更。", form="f14", article=17)])
        return
    work.other_than(row.filed_by)
    facts = next(change for change in work.facts.changes if change.number == row.number)
    agreed = work.text("result") == Result.AGREED
    if "bur_section" in work.by.roles:
        row.content = {**row.content, "reviewed_by": work.by.username}
        return
    if facts.major and "bur_head" not in work.by.roles:
        return  # the unit's head signs that it goes to the bureau; the bureau decides
    work.other_than(str(row.content.get("reviewed_by", "")))
    row.decided_on = work.today
    if not facts.major:
        row.status = "filed" if agreed else "refused"
        return
    row.status = "refused" if not agreed else row.status if work.facts.unit.is_bureau else "agreed"
    opinion = drafts.draft(
        work, OpinionKind.CHANGE, "同意" if agreed else "不同意", part=str(row.number), text=work.text("opinion")
    )
    opinion.drafted_by = work.author("f14")
    opinion.signed_on, opinion.signed_by, opinion.doc_no = work.today, work.by.username, work.document("change")


@purpose("approved_estimate", "f00s", "drc_clerk", "drc_head", "fin_perf")
def approve_estimate(work: Work) -> None:
    """F-00s: the DRC approves the raised estimate of an agreed change; off path T finance does (第十七条)."""
    if work.facts.path is Path.INVESTMENT and not work.by.roles & {"drc_clerk", "drc_head"}:
        work.demand([missing_step("政府投资项目的概算由县发展改革委批复。", form="f14", article=17, holder="drc_head")])
    row = _open_change(work)
    if row is not None and row.status == "agreed" and work.text("result") == Result.AGREED:
        row.reapproved = True


@purpose("source_of_funds", "f00s", "fin_budget", "fin_perf", "fin_head")
def name_source(work: Work) -> None:
    """F-00s: finance names where the money of a raise comes from (第十七条)."""
    row = _open_change(work)
    if row is not None and row.status == "agreed" and work.text("result") == Result.AGREED:
        row.source_named = True


@purpose("supervisor_opinion", "f00s", "sup_eng", after=("f14",))
def supervisor_opinion(work: Work) -> None:
    """F-00s: the supervisor's opinion on a change; the submission is the record."""
    work.demand(check(EVERYWHERE, work.facts, Act("f00s")))


@purpose("supervision_plan", "f00c", "sup_eng", after=("f13s",))
def supervision_plan(work: Work) -> None:
    """F-00c: the supervisor's plan (监理规划); the submission is the record."""
    work.demand(check(EVERYWHERE, work.facts, Act("f00c")))
