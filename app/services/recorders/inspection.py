"""Recorders of inspection: F-31 orders, F-26 measures, F-28 statements, F-27 referrals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import holds
from app.domain.acts import Act
from app.domain.gates import EVERYWHERE, check
from app.domain.gates.inspection import cosigners
from app.domain.numbers import problem_number
from app.domain.terms import Measure, Result
from app.models.business import (
    AuditCase,
    DocumentRequest,
    MeasureTaken,
    NotStartedVerdict,
    Order,
    RectificationItem,
)
from app.services import calendars, ledger, serials, sharing_scores
from app.services.recorders.registry import purpose, records, signs
from app.services.recorders.work import missing_step

if TYPE_CHECKING:
    from app.services.recorders.work import Work


@records("f21i", "bur_insp", "fin_perf", "psb_officer", "cac_officer", "sec_officer", requires=("findings",))
def findings(work: Work) -> None:
    """F-21i: what an inspection found; the order that follows names what is to be rectified (第三十一条)."""
    work.demand(check(("G-38",), work.facts, Act("f21i")))


@records("f31", "bur_head", "bur_insp", requires=("items", "basis", "limit"))
def order(work: Work) -> None:
    """F-31: the order to rectify, with number, items and limit (第三十一条, D-13, T-17)."""
    year = work.today.year
    limit = work.day("limit")
    for older in _of_case(work, work.context.instance.id):
        ledger.replace(work.session, "order", project_id=work.project.id, subject=older.number)
    row = work.add(
        Order(
            project_id=work.project.id,
            instance_id=work.context.instance.id,
            number=problem_number(year, serials.take(work.session, "problem", year)),
            doc_no=work.document("rectification"),
            findings=[str(item.get("problem") or item.get("fact") or "") for item in work.items("items")],
            issued_on=work.today,
        )
    )
    row.due = work.deadline("order", work.today, subject=row.number, until=limit).due
    for number, problem in enumerate(row.findings, start=1):
        work.session.add(
            RectificationItem(
                project_id=work.project.id, cause="order", cause_id=row.id, number=number, problem=problem
            )
        )
    work.session.flush()


def _of_case(work: Work, instance_id: int | None) -> list[Order]:
    """Return the orders of one inspection that are not closed yet: a later one takes the place of the earlier."""
    query = work.session.query(Order).filter_by(project_id=work.project.id, instance_id=instance_id, closed_on=None)
    return query.order_by(Order.id).all()


def open_case(work: Work) -> list[Order]:
    """Return the open orders of the inspection in which the step is taken, oldest first: others have their own.

    A step drawn elsewhere works on the inspection that ordered last.
    """
    own = _of_case(work, work.context.instance.id)
    latest = None if own else work.newest(Order, closed_on=None)
    return own if latest is None else _of_case(work, latest.instance_id)


def recheck(work: Work, *, passed: bool) -> None:
    """F-17c on an order: all closed ends it and the orders it replaced, and lifts what hangs on them (第三十一条)."""
    orders = open_case(work)
    if not orders:
        work.demand([missing_step("没有待复查的整改通知。", form="f31", article=31, holder="bur_insp")])
        return
    row, case = orders[-1], {order.id for order in orders}
    row.rechecked = passed
    if not row.rechecked:
        return
    for order in work.session.query(Order).filter(Order.id.in_(case)):
        order.closed_on = work.today
    for item in work.session.query(RectificationItem).filter(
        RectificationItem.cause == "order", RectificationItem.cause_id.in_(case)
    ):
        item.confirmed, item.confirmed_on = True, work.today
    for taken in work.session.query(MeasureTaken).filter(
        MeasureTaken.project_id == work.project.id, MeasureTaken.order_id.in_(case), MeasureTaken.lifted_on.is_(None)
    ):
        if taken.kind != Measure.TERMINATE:
            taken.lifted_on = work.today
    work.session.flush()
    work.met("order", row.number)
    sharing_scores.close(work.session, work.project.id, today=work.today)
    if work.state.value == "SUSPENDED":
        work.advance("work.resumed")
        work.context.throw("project.resumed", work.project.no)


@records("f26", "bur_insp", requires=("kind", "facts"), after=("f31",))
def propose(work: Work) -> None:
    """F-26: a measure is proposed on an order that expired or failed its re-check.

    'none' is a choice (第三十一条, G-36).
    """
    order_row = work.newest(Order)
    kind = work.text("kind")
    act = Act(
        "f26",
        by=work.by.username,
        measure=kind,
        order=order_row.number if order_row else "",
        reason=work.text("skip_reason"),
    )
    work.ask(act)
    work.add(
        MeasureTaken(
            project_id=work.project.id,
            order_id=order_row.id if order_row is not None else None,
            kind=kind,
            facts=work.text("facts"),
            skip_reason=work.text("skip_reason"),
            statement_due=calendars.current(work.session).after_working_days(
                work.today, work.facts.parameters.statement_working_days
            ),
            proposed_by=work.by.username,
            proposed_on=work.today,
            cosigned_by=[],
        )
    )


@records("f26s", "unit_lead", "unit_head", requires=("position", "statement"), after=("f26",))
def hear(work: Work) -> None:
    """F-26s: the unit's statement on a proposed measure (陈述申辩); late it is heard as long as nobody has decided."""
    row = _undecided(work)
    row.stated_on, row.statement = work.today, work.text("statement")


def _undecided(work: Work) -> MeasureTaken:
    row = work.newest(MeasureTaken)
    if row is None or row.decided_on is not None:
        work.demand([missing_step("没有待签的措施。", form="f26", article=31, holder="bur_insp")])
        raise AssertionError  # `demand` has raised
    return row


@signs("f26", "bur_head", "fin_head", "drc_head", after=("f26",))
def sign_measure(work: Work) -> None:
    """F-00s on F-26: the heads sign one after the other; the measure takes effect with the last (第三十一条 [C])."""
    row = _undecided(work)
    work.other_than(row.proposed_by)
    if work.text("result") != Result.AGREED:
        return
    proposed = work.facts.proposed
    needed = cosigners(work.facts, row.kind)
    act = Act("f00s", by=work.by.username, signing=True, measure=row.kind, order=proposed.order if proposed else "",
              reason=row.skip_reason, cosigned_by=needed)  # fmt: skip
    work.demand(check(("G-36",), work.facts, act))
    row.cosigned_by = sorted({*row.cosigned_by, *(work.by.roles & {"bur_head", "fin_head", "drc_head"})})
    if "bur_head" in work.by.roles:
        row.signed_by = work.by.username
    if needed - set(row.cosigned_by):
        return
    row.decided_on, row.doc_no = work.today, work.document("measure")
    work.session.flush()
    _take_effect(work, row)


def _take_effect(work: Work, row: MeasureTaken) -> None:
    if row.kind == Measure.SUSPEND:
        work.advance("work.suspended")
        work.context.throw("project.suspended", work.project.no)
    elif row.kind == Measure.TERMINATE:
        for milder in work.session.query(MeasureTaken).filter_by(project_id=work.project.id, lifted_on=None):
            if milder.id != row.id and milder.decided_on is not None:
                milder.lifted_on = work.today  # termination takes the place of what was milder
        work.advance("project.terminated")
        work.context.throw("project.terminated", work.project.no)


@records("f27", "bur_head", "bur_insp", requires=("to", "referred_on", "doc_no"))
def referral(work: Work) -> None:
    """F-27: a referral record; the system never decides a sanction on a person (第三十三条)."""
    work.demand(check(("G-38",), work.facts, Act("f27")))


@records("f28", "unit_lead", requires=("reason", "plan_date"))
def statement(work: Work) -> None:
    """F-28: why a funded project has not started this year (第十九条第四项)."""
    work.demand(check(EVERYWHERE, work.facts, Act("f28")))
    fy = holds.year_to_explain(work.facts)
    row = work.newest(NotStartedVerdict, fy=fy) or NotStartedVerdict(project_id=work.project.id, fy=fy)
    row.reason = work.text("reason")
    work.add(row)


@signs("f28", "bur_section", "fin_budget", after=("f28",))
def judge_statement(work: Work) -> None:
    """F-00s on F-28: bureau and finance each judge the reason; both must accept it (第十九条第四项)."""
    row = work.newest(NotStartedVerdict)
    if row is None:
        work.demand([missing_step("没有未开工说明。", form="f28", article=19)])
        return
    accepts = work.text("result") == Result.AGREED
    if "bur_section" in work.by.roles:
        row.bureau_accepts = accepts
    if "fin_budget" in work.by.roles:
        row.finance_accepts = accepts
    if row.bureau_accepts is not None and row.finance_accepts is not None:
        row.decided_on = work.today


@purpose("manual_lift", "f00s", "bur_section", "fin_head")
def lift_by_hand(work: Work) -> None:
    """F-00s: lifting a hold by hand; the hold falls only when its facts do, so the submission is the record (§2.5)."""
    work.demand(check(("G-38",), work.facts, Act("f00s")))
    if "fin_head" in work.by.roles:
        work.other_than(work.author("f00s"))


@records("f21", "unit_clerk", "unit_lead")
def supply(work: Work) -> None:
    """F-21: the documents that were asked for, or why they cannot be supplied (第三十条, G-35)."""
    refused = work.text("answer_result") == "不能提供"
    row = work.newest(DocumentRequest, answered_on=None)
    if row is None:
        year = work.today.year
        row = DocumentRequest(
            project_id=work.project.id,
            number=f"DY-{year}-{serials.take(work.session, 'documents', year):04d}",
            wanted=[str(item.get("item") or "") for item in work.items("requests")],
            due=work.day("due") or work.deadline("documents", work.today).due,
        )
    row.refused = refused
    row.answered_on = None if refused else work.today
    work.add(row)
    if refused:
        _refused_documents(work)
    else:
        work.met("documents")


def _refused_documents(work: Work) -> None:
    """Put a refusal on the list of problems at once: it need not wait for the period to lapse (第三十条, G-35)."""
    from app.services import lapses  # noqa: PLC0415 -- lapses reach the processes, which reach the recorders

    row = ledger.find(work.session, "documents", project_id=work.project.id)
    if row is not None and row.status == "open":
        lapses.draw_consequence(work.session, row.id, now=work.context.now)


@records("f30", "aud_clerk", requires=("findings", "result", "limit"))
def audit_findings(work: Work) -> None:
    """F-30: the audit's findings; they take effect when the head of the audit bureau signs (第三十二条)."""
    year = work.today.year
    row = work.newest(AuditCase, confirmed_on=None, passed=None)
    if row is None:
        row = AuditCase(project_id=work.project.id, instance_id=work.context.instance.id, opened_on=work.today)
        row.number = f"SJ-{year}-{serials.take(work.session, 'audit', year):04d}"
    row.findings = [str(item.get("fact") or "") for item in work.items("findings")]
    row.rectify_due = work.day("limit") if work.text("result") == "不达标" else None
    work.add(row)


@signs("f30", "aud_head", after=("f30",))
def sign_audit(work: Work) -> None:
    """F-00s on F-30: the result of the audit; below standard its rectification period runs (第三十二条, T-18)."""
    row = work.newest(AuditCase, confirmed_on=None, passed=None)
    if row is None:
        work.demand([missing_step("没有待签的审计结果。", form="f30", article=32, holder="aud_clerk")])
        return
    work.other_than(work.author("f30"))
    if work.text("result") != Result.AGREED:
        return
    row.passed = row.rectify_due is None
    if row.rectify_due is None:
        return
    row.rectify_due = work.deadline("audit", work.today, subject=row.number, until=row.rectify_due).due
    for number, problem in enumerate(row.findings, start=1):
        work.session.add(
            RectificationItem(
                project_id=work.project.id, cause="audit", cause_id=row.id, number=number, problem=problem
            )
        )
    work.session.flush()


def confirm_audit(work: Work, *, passed: bool) -> None:
    """F-17c by the audit bureau: it confirms the rectification of its own findings, which lifts H-AUDIT."""
    row = work.newest(AuditCase, passed=False, confirmed_on=None)
    if row is None:
        work.demand([missing_step("没有待确认的审计整改。", form="f30", article=32, holder="aud_clerk")])
        return
    if not passed:
        return
    row.confirmed_on = work.today
    for item in work.session.query(RectificationItem).filter_by(cause="audit", cause_id=row.id):
        item.confirmed, item.confirmed_on = True, work.today
    work.session.flush()
    work.met("audit", row.number)


@purpose("library_list", "f00c", "bur_clerk", "bur_section")
def sign_removals(work: Work) -> None:
    """F-00c: the bureau signs for the list of removals; the paper D-16 is the record (第十八条)."""
    del work
