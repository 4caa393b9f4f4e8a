"""Recorders of reports of delay: F-19, its signature and its registration (第二十一条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import deadlines
from app.domain.acts import Act
from app.domain.gates import EVERYWHERE, check
from app.domain.terms import Result
from app.models.business import DeadlineRow, Extension
from app.services import calendars, ledger
from app.services.recorders.registry import purpose, records, signs
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.services.recorders.work import Work


def _deadline(work: Work) -> DeadlineRow:
    row = ledger.find(work.session, "acceptance", project_id=work.project.id)
    if row is None or row.status != "open":
        work.demand([missing_step("没有正在计算的验收期限。", form="f15c", article=21)])
        raise AssertionError  # `demand` has raised
    return row


def _reported(work: Work) -> Extension | None:
    return work.newest(Extension, registered_on=None)


@records("f19", "unit_lead", requires=("reason_class", "reason", "new_date"))
def report(work: Work) -> None:
    """F-19: the unit reports why acceptance is late and names the new date.

    Before or after the due day (第二十一条).
    """
    work.demand(check(EVERYWHERE, work.facts, Act("f19")))
    due = _deadline(work)
    new_date = work.day("new_date")
    if new_date is None or new_date <= work.today:
        work.demand([missing_step("新的验收时间应当晚于今天。", form="f19", article=21)])
        return
    for old in work.session.query(Extension).filter_by(project_id=work.project.id, registered_on=None):
        work.session.delete(old)
    work.session.flush()
    last = work.newest(Extension)
    work.add(
        Extension(
            project_id=work.project.id,
            instance_id=work.context.instance.id,
            number=last.number + 1 if last is not None else 1,
            reason_class=work.text("reason_class"),
            reason=work.text("reason"),
            new_date=new_date,
            effective_due=calendars.current(work.session).next_working_day(new_date),
            filed_on=work.today,
            filed_by=work.by.username,
            after_lapse=work.today > due.due,
        )
    )


@signs("f19", "unit_head", after=("f19",))
def sign_report(work: Work) -> None:
    """F-00s on F-19: the head of the unit signs the report; otherwise it is withdrawn."""
    row = _reported(work)
    if row is None:
        work.demand([missing_step("没有待签的延期报告。", form="f19", article=21)])
        return
    work.other_than(row.filed_by)
    if work.text("result") == Result.AGREED:
        row.signed_by = work.by.username
    else:
        work.session.delete(row)
        work.session.flush()


@purpose("extension", "f00c", "bur_section", "bur_clerk", after=("f19",))
def register(work: Work) -> None:
    """F-00c: the bureau registers the report; within the limits of T-12 the deadline moves (第二十一条 [C])."""
    if work.text("result") == "属实":
        _register(work, head_consents=False)


@purpose("extension_beyond", "f00s", "bur_head", after=("f19",))
def register_beyond(work: Work) -> None:
    """F-00s: the bureau head agrees to a delay beyond two reports or 180 days (第二十一条 [C])."""
    if work.text("result") == Result.AGREED:
        _register(work, head_consents=True)


def _register(work: Work, *, head_consents: bool) -> None:
    row = _reported(work)
    if row is None or not row.signed_by:
        work.demand([missing_step("没有经单位负责人签批的延期报告。", form="f19", article=21, holder="unit_head")])
        return
    due = _deadline(work)
    reports = work.session.query(Extension).filter(
        Extension.project_id == work.project.id, Extension.registered_on.is_not(None), Extension.after_lapse.is_(False)
    ).count()  # fmt: skip
    within = deadlines.within_extension_limits(
        due.first_due, row.new_date, reports=reports, parameters=work.facts.parameters
    )
    if not within and not head_consents:
        return  # the diagram takes it to the bureau head
    row.registered_on = work.today
    work.session.flush()
    if row.after_lapse or row.new_date <= due.due:
        return  # a report after the day has lapsed moves nothing: it does not undo 逾期 [C]
    ledger.extend(work.session, due, row.new_date, reports=reports, head_consents=head_consents, now=work.context.now)
    row.effective_due = due.due
    work.context.deadlines_moved(work.project.id)
