"""The file of one project: its track, money, deadlines, holds, tasks, papers, opinions and traces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.calendar import Calendar
from app.domain.deadline_kinds import CONSEQUENCES, KINDS
from app.domain.roles import OrganisationKind
from app.domain.states import FINAL, State
from app.models.accounts import Organisation, Person
from app.models.base import in_one_text
from app.models.business import (
    AcceptanceAttempt,
    Approval,
    BudgetLine,
    Contract,
    ContractNode,
    DeadlineRow,
    Filing,
    Opinion,
    Package,
    Payment,
    PlanItem,
    Project,
    Supervision,
)
from app.models.documents import Attachment, AuditEvent
from app.models.process import Definition, ProcessInstance, TaskAudience, UserTask
from app.queries import panels
from app.queries import task as task_rows
from app.queries.diagram_graph import Drawn
from app.queries.hold_rows import of_project
from app.queries.inbox import InboxRow
from app.queries.ledger_rows import IN_WORKING_DAYS, row_of, urgency, workings_of
from app.queries.project_lists import phase_number
from app.queries.projects import (
    BudgetRow,
    InstanceRow,
    InstanceStatus,
    Money,
    NextDeadline,
    OpinionRow,
    PaymentRow,
    Phase,
    PhaseStatus,
    ProjectFile,
    Withdrawn,
)
from app.queries.projects import DeadlineRow as LedgerRow
from app.queries.said import PROCESS, Said, english_names, task_name
from app.queries.scope import Reader, judges_only, kinds_of, sees_money, visible_projects

OPINION_NAMES = {
    "review": "审核意见",
    "industry": "行业审查意见",
    "preprocurement": "采购前核准",
    "acceptance": "验收核准意见",
    "change": "变更审查意见",
    "drc": "立项批复",
    "service_funds": "购买服务资金审核",
    "joint": "联合建设核准",
}
SHOWN_MATERIALS = 200
LAST_PHASE = 8
WARRANTY = "质保"
NOTHING = Said()


@dataclass(frozen=True)
class _Rows:
    project: Project
    unit: Organisation
    lead: str
    item: PlanItem | None
    filing: Filing | None
    opinions: Sequence[Opinion]
    approvals: Sequence[Approval]
    budget: Sequence[BudgetLine]
    packages: Sequence[Package]
    contracts: Sequence[Contract]
    nodes: Sequence[ContractNode]
    payments: Sequence[Payment]
    supervision: Supervision | None
    attempts: Sequence[AcceptanceAttempt]
    ledger: Sequence[DeadlineRow]


def find(session: Session, reader: Reader, no: str) -> Project | None:
    """Return a project by its number, if the reader may know of it."""
    return session.scalar(select(Project).where(Project.no == no, visible_projects(reader)))


def concerns(reader: Reader, unit_id: int) -> bool:
    """Say whether the reader works for the unit whose project it is: she may ask how it is withdrawn."""
    return OrganisationKind.UNIT in kinds_of(reader) and reader.organisation_id == unit_id


def load(session: Session, reader: Reader, no: str, *, now: datetime, calendar: Calendar) -> ProjectFile | None:
    """Return the whole file of a project, or None where the reader may not know of it."""
    project = find(session, reader, no)
    if project is None:
        return None
    rows = _read(session, project)
    money = sees_money(reader, project.unit_id)
    today = now.date()
    deadlines = tuple(
        row_of(row, project.no, project.name, rows.unit.short, project.state, rows.lead, today=today, calendar=calendar)
        for row in rows.ledger
    )
    veil = panels.veil(session, reader, project.id)
    tasks = _tasks(session, reader, project, veil, today=today, calendar=calendar)
    signers = _signers(session, rows)
    before, again = _linked(session, reader, project)
    return ProjectFile(
        no=project.no,
        name=project.name or "",
        unit=rows.unit.short,
        unit_code=rows.unit.code,
        state=project.state,
        phase=phase_number(project.state),
        phases=_phases(rows, signers, today, money=money),
        money=_money(rows) if money else Money(),
        sees_money=money,
        path=project.path,
        nature=project.nature,
        lead=rows.lead,
        supervisor=rows.supervision.supervisor if rows.supervision else "",
        builder=rows.contracts[0].supplier if rows.contracts else "",
        next_deadline=_next(rows, deadlines, tasks, today),
        holds=of_project(session, project.id, today=today, money=money),
        tasks=tasks,
        materials=_materials(session, reader, project.id, veil),
        budget=_budget(rows) if money else (),
        payments=_payments(rows) if money else (),
        opinions=_opinions(rows, signers),
        deadlines=deadlines,
        workings=tuple(workings_of(row) for row in rows.ledger if row.status == "open"),
        instances=_instances(session, project.id),
        withdrawn=_withdrawn(session, project),
        filed_before=before,
        filed_again=again,
        merged_into=str(rows.item.content.get("merged_into", "")) if rows.item and project.state == "WITHDRAWN" else "",
        may_withdraw=State(project.state) not in FINAL and concerns(reader, project.unit_id),
    )


def _linked(session: Session, reader: Reader, project: Project) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the numbers of the project that this one is filed anew for, and of those that it was filed anew as."""
    query = (
        select(Project.no, Project.id)
        .where(
            (Project.id == project.predecessor_id) | (Project.predecessor_id == project.id), visible_projects(reader)
        )
        .order_by(Project.no)
    )
    found = session.execute(query).all()
    return (
        tuple(no for no, key in found if key == project.predecessor_id),
        tuple(no for no, key in found if key != project.predecessor_id),
    )


def facts_of(session: Session, reader: Reader, project_id: int) -> task_rows.ProjectFacts | None:
    """Return the project in a few lines for the task page."""
    project = session.get(Project, project_id)
    if project is None:
        return None
    money = sees_money(reader, project.unit_id)
    lead = select(Person.name).where(Person.id == project.lead_id).scalar_subquery()
    unit = select(Organisation.short).where(Organisation.id == project.unit_id).scalar_subquery()
    supervisor = (
        select(Supervision.supervisor)
        .where(Supervision.project_id == project_id, Supervision.void.is_(False))
        .order_by(Supervision.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    contract = select(func.sum(Contract.amount_fen)).where(Contract.project_id == project_id).scalar_subquery()
    paid = (
        select(func.sum(Payment.amount_fen))
        .where(Payment.project_id == project_id, Payment.status == "paid")
        .scalar_subquery()
    )
    approved = (
        select(Approval.amount_fen)
        .where(Approval.project_id == project_id, Approval.signed_on.is_not(None))
        .order_by(Approval.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = session.execute(select(unit, lead, supervisor, contract, paid, approved)).one()
    return task_rows.ProjectFacts(
        no=project.no,
        name=project.name,
        unit=found[0] or "",
        state=project.state,
        phase=phase_number(project.state),
        lead=found[1] or "",
        supervisor=found[2] or "",
        approved_fen=found[5] if money else None,
        estimated_fen=project.total_fen if money else None,
        contract_fen=found[3] if money else None,
        paid_fen=(found[4] or (0 if found[3] is not None else None)) if money else None,
    )


def _read(session: Session, project: Project) -> _Rows:
    unit = session.get(Organisation, project.unit_id)
    assert unit is not None  # noqa: S101 -- the foreign key says so
    contracts = session.scalars(select(Contract).where(Contract.project_id == project.id).order_by(Contract.id)).all()
    return _Rows(
        project=project,
        unit=unit,
        lead=(session.scalar(select(Person.name).where(Person.id == project.lead_id)) if project.lead_id else "") or "",
        item=session.scalar(select(PlanItem).where(PlanItem.project_id == project.id).order_by(PlanItem.fy).limit(1)),
        filing=session.scalar(select(Filing).where(Filing.project_id == project.id).order_by(Filing.id).limit(1)),
        opinions=session.scalars(
            select(Opinion)
            .where(Opinion.project_id == project.id, Opinion.signed_on.is_not(None), Opinion.void.is_(False))
            .order_by(Opinion.id)
        ).all(),
        approvals=session.scalars(
            select(Approval)
            .where(Approval.project_id == project.id, Approval.signed_on.is_not(None))
            .order_by(Approval.id)
        ).all(),
        budget=session.scalars(
            select(BudgetLine).where(BudgetLine.project_id == project.id).order_by(BudgetLine.fy, BudgetLine.id)
        ).all(),
        packages=session.scalars(select(Package).where(Package.project_id == project.id).order_by(Package.id)).all(),
        contracts=contracts,
        nodes=session.scalars(
            select(ContractNode)
            .where(ContractNode.contract_id.in_([contract.id for contract in contracts]))
            .order_by(ContractNode.contract_id, ContractNode.number)
        ).all(),
        payments=session.scalars(select(Payment).where(Payment.project_id == project.id).order_by(Payment.id)).all(),
        supervision=session.scalar(
            select(Supervision)
            .where(Supervision.project_id == project.id, Supervision.void.is_(False))
            .order_by(Supervision.id.desc())
            .limit(1)
        ),
        attempts=session.scalars(
            select(AcceptanceAttempt)
            .where(AcceptanceAttempt.project_id == project.id)
            .order_by(AcceptanceAttempt.number)
        ).all(),
        ledger=session.scalars(
            select(DeadlineRow).where(DeadlineRow.project_id == project.id).order_by(DeadlineRow.due, DeadlineRow.id)
        ).all(),
    )


def _money(rows: _Rows) -> Money:
    approved = [approval.amount_fen for approval in rows.approvals]
    reviewed = [opinion.reviewed_total_fen for opinion in rows.opinions if opinion.reviewed_total_fen]
    contract = sum(one.amount_fen for one in rows.contracts) if rows.contracts else None
    paid = sum(one.amount_fen for one in rows.payments if one.status == "paid")
    warranty = sum(node.amount_fen for node in rows.nodes if node.kind == WARRANTY)
    settled = {one.node_id for one in rows.payments if one.status == "paid"}
    open_warranty = any(node.kind == WARRANTY and node.id not in settled for node in rows.nodes)
    return Money(
        approved_fen=next(iter((approved or reviewed)[-1:]), None),
        contract_fen=contract,
        paid_fen=paid if contract is not None else None,
        retention_fen=warranty if warranty and open_warranty else None,
    )


@dataclass(frozen=True)
class _End:
    """How a phase ended: the last day, the result with its number, who signed, and the word under the track."""

    day: date | None = None
    result: Said = NOTHING
    document: str = ""
    signed_by: str = ""
    word: str = ""


def _phases(rows: _Rows, signers: Mapping[str, str], today: date, *, money: bool) -> tuple[Phase, ...]:
    """Return the eight phases with the days that the records give; what no record says stays open."""
    ends = _ends(rows, money=money)
    project = rows.project
    now = phase_number(project.state)
    stopped = project.state in {"TERMINATED", "REJECTED", "REMOVED", "WITHDRAWN"}
    reached = max((number for number, found in ends.items() if found.day), default=0)
    current = now or (reached + 1 if stopped else 0)
    phases, start = [], project.created_at.date()
    for number in range(1, LAST_PHASE + 1):
        end = ends.get(number, _End())
        ended = end.day
        status: PhaseStatus = _status(number, current, ended, stopped=stopped, scrapped=project.state == "SCRAPPED")
        begun = start if status in {"done", "now", "stopped"} else None
        expected = _expected(rows, number) if status in {"now", "later"} else None
        if status == "stopped":
            ended = project.state_since.astimezone(SHANGHAI).date()
        phases.append(
            Phase(
                number, status, begun, ended if status in {"done", "stopped"} else None, expected, end.result,
                end.document, signers.get(end.signed_by, end.signed_by), _caption(status, end, expected, today),
            )
        )  # fmt: skip
        start = ended or start
    return tuple(phases)


def _status(number: int, current: int, ended: date | None, *, stopped: bool, scrapped: bool) -> PhaseStatus:
    if scrapped:
        return "done" if ended or number == LAST_PHASE else "skipped"
    if number < current:
        return "done" if ended else "skipped"
    if number == current:
        return "stopped" if stopped else "now"
    return "later"


def _caption(status: PhaseStatus, end: _End, expected: date | None, today: date) -> Said:
    if status == "done" and end.day:
        return Said("%(month)s %(what)s", {"month": f"{end.day:%Y-%m}", "what": Said(end.word)})
    if status == "now" and expected:
        if expected < today:
            return Said("逾期 %(count)s 天", {"count": (today - expected).days})
        return Said("今天届满") if expected == today else Said("%(day)s 届满", {"day": expected})
    if status == "later" and expected:
        return Said("投运满一年")
    return NOTHING


def _expected(rows: _Rows, number: int) -> date | None:
    kinds = {7: ("acceptance",), 8: ("evaluation_ends", "evaluation_opens"), 1: ("plan",), 6: ()}.get(number, ())
    found = [row.due for row in rows.ledger if row.kind in kinds and row.status == "open"]
    if found:
        return found[-1]
    if number == LAST_PHASE:  # a full year of operation after acceptance, as long as nothing better is known
        accepted = rows.project.accepted_on or _expected(rows, LAST_PHASE - 1)
        return accepted + timedelta(days=365) if accepted else None
    return rows.project.plan_end_on if number == 6 else None  # noqa: PLR2004 -- the sixth phase is construction


def _ends(rows: _Rows, *, money: bool) -> dict[int, _End]:
    """Return phase → how it ended."""
    project = rows.project
    ends: dict[int, _End] = {}
    if rows.item is not None and rows.item.decided_on:
        agreed = Said("县政府同意")
        ends[1] = _End(rows.item.decided_on, agreed, rows.item.consent_doc_no, "县政府", agreed.message)
    reviews = [one for one in rows.opinions if one.kind == "review"]
    if reviews:
        last = reviews[-1]
        ends[2] = _End(last.signed_on, Said(last.conclusion), last.doc_no, last.signed_by, "审核通过")
    approvals = [one for one in rows.approvals if one.amount_fen]
    if approvals:
        decided = approvals[-1]
        result = Said("批复 %(sum)s 万元", {"sum": _wan(decided.amount_fen)}) if money else Said("批复")
        ends[3] = _End(decided.decided_on or decided.signed_on, result, decided.doc_no, decided.signed_by, "批复")
    arranged = [line for line in rows.budget if line.arranged_fen and line.approved_on]
    if arranged:
        line = arranged[0]
        result = Said("%(year)s 年安排", {"year": line.fy})
        ends[4] = _End(line.approved_on, result, line.approval_doc_no, line.signed_by, "安排")
    signed = [one for one in rows.contracts if one.signed_on]
    if signed:
        first = signed[0]
        result = Said("合同 %(sum)s 万元", {"sum": _wan(first.amount_fen)}) if money else Said("签约")
        ends[5] = _End(first.signed_on, result, first.supplier, first.confirmed_by, "签约")
    if project.completed_on:
        supervisor = rows.supervision.supervisor if rows.supervision else ""
        ends[6] = _End(project.completed_on, Said("竣工"), "", supervisor, "竣工")
    if project.accepted_on:
        ends[7] = _End(project.accepted_on, Said("验收通过"), "", "", "验收")
    return ends


def _wan(fen: int) -> str:
    return f"{fen / 1_000_000:,.2f}"


def _next(rows: _Rows, deadlines: Sequence[LedgerRow], tasks: Sequence[InboxRow], today: date) -> NextDeadline | None:
    running = [row for row in deadlines if row.status in {"running", "overdue"}]
    if not running:
        return None
    row = min(running, key=lambda one: urgency(one.kind, one.due_on, today))
    kind = KINDS.get(row.kind)
    timed = [task for task in tasks if task.due_on == row.due_on] or list(tasks)
    nearest = next((task for task in timed if task.id), None)
    told = next((task for task in timed if not task.id), None)
    return NextDeadline(
        deadline_id=row.id,
        kind=row.kind,
        due_on=row.due_on,
        working_days_late=row.working_days_late,
        article=kind.article.citation if kind and kind.article else "",
        consequence=CONSEQUENCES[kind.consequence] if kind else "",
        holder=rows.lead,
        holder_unit=rows.unit.short,
        task_id=nearest.id if nearest else None,
        remind_id=told.remind_id if told and not nearest else 0,
    )


def _tasks(
    session: Session, reader: Reader, project: Project, veil: panels.Veil, *, today: date, calendar: Calendar
) -> tuple[InboxRow, ...]:
    """Return the open tasks of the project; only those that are the reader's own carry an id to open."""
    from app.queries.inbox_pages import due_day  # noqa: PLC0415 -- the inbox knows projects too

    names = select(in_one_text(TaskAudience.audience)).where(TaskAudience.task_id == UserTask.id)
    query = (
        select(
            UserTask,
            Definition.key,
            Definition.name,
            Definition.sha256,
            Organisation.short,
            Person.name,
            names.scalar_subquery(),
        )
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .outerjoin(Organisation, Organisation.id == UserTask.unit_id)
        .outerjoin(Person, Person.id == UserTask.assignee_id)
        .where(UserTask.project_id == project.id, UserTask.status == "open")
        .order_by(UserTask.due_at, UserTask.id)
    )
    found = []
    waiting = session.execute(query).all()
    counted = set(
        session.scalars(
            select(DeadlineRow.due).where(DeadlineRow.project_id == project.id, DeadlineRow.kind.in_(IN_WORKING_DAYS))
        )
    )
    english = english_names(session, {row.sha256 for row in waiting})
    for task, key, process, sha256, unit, assignee, audience in waiting:
        roles = task.roles.split()
        mine = _is_mine(reader, frozenset((audience or "").split()))
        found.append(
            InboxRow(
                id=task.id if mine else 0,
                name=task_name(task.name, task.properties),
                process_id=key,
                process_name=Drawn(process, english[sha256].get(PROCESS, "")),
                unit=unit or "",
                due_on=(due := due_day(task.due_at)),
                working_days_late=calendar.working_days_between(due, today)
                if due and due < today and (due in counted or (task.properties or {}).get("days"))
                else None,
                role=roles[0] if roles else "",
                claimed_by="" if veil.hides(task.assignee_id) else assignee or "",
                remind_id=0 if judges_only(reader) else task.id,
            )
        )
    return tuple(found)


def _is_mine(reader: Reader, audience: frozenset[str]) -> bool:
    names = {f"p:{reader.id}", *(f"r:{role}" for role in reader.roles)}
    return bool(audience & (names | {f"r:{role}@{reader.organisation_id}" for role in reader.roles}))


def _materials(
    session: Session, reader: Reader, project_id: int, veil: panels.Veil
) -> tuple[task_rows.AttachmentRow, ...]:
    query = (
        select(Attachment, Person.name)
        .join(Person, Person.id == Attachment.uploaded_by)
        .where(Attachment.project_id == project_id, Attachment.submission_id.is_not(None), ~panels.kept_files(reader))
        .order_by(Attachment.uploaded_at.desc(), Attachment.id)
        .limit(SHOWN_MATERIALS)
    )
    return tuple(
        task_rows.AttachmentRow(
            a.id, a.field, a.name, a.size, a.uploaded_at, veil.name(a.uploaded_by, name, a.uploaded_at), a.sha256
        )
        for a, name in session.execute(query)
    )


def _budget(rows: _Rows) -> tuple[BudgetRow, ...]:
    return tuple(
        BudgetRow(
            line.fy, line.fund_type, line.requested_fen, line.suggested_fen, line.arranged_fen, line.approval_doc_no
        )
        for line in rows.budget
    )


def _payments(rows: _Rows) -> tuple[PaymentRow, ...]:
    paid = {payment.node_id: payment for payment in rows.payments if payment.status == "paid"}
    due = next((row.due for row in rows.ledger if row.kind == "payment" and row.status == "open"), None)
    expected = _expected(rows, LAST_PHASE - 1)
    return tuple(
        PaymentRow(
            node.name,
            node.amount_fen,
            paid[node.id].paid_on if node.id in paid else None,
            due if node.id not in paid and node.after_acceptance and node.kind != WARRANTY else None,
            paid[node.id].voucher if node.id in paid else "",
            after_acceptance=node.after_acceptance,
            expected_on=expected if node.id not in paid and node.after_acceptance and node.kind != WARRANTY else None,
            retention=node.kind == WARRANTY,
        )
        for node in rows.nodes
    )


def _signers(session: Session, rows: _Rows) -> dict[str, str]:
    """Return the names of those who signed anything, by their user names."""
    users = {one.signed_by for one in rows.opinions} | {one.signed_by for one in rows.approvals}
    users |= {one.signed_by for one in rows.budget} | {one.confirmed_by for one in rows.contracts}
    return dict(session.execute(select(Person.username, Person.name).where(Person.username.in_(users))).all())


def _opinions(rows: _Rows, names: Mapping[str, str]) -> tuple[OpinionRow, ...]:
    papers = [(o.kind, o.conclusion, o.doc_no, o.signed_on, o.signed_by, o.scope_version) for o in rows.opinions]
    papers += [(a.kind, a.decision, a.doc_no, a.signed_on, a.signed_by, a.scope_version) for a in rows.approvals]
    found = [
        OpinionRow(OPINION_NAMES.get(kind, kind), conclusion, number, day, names.get(signer, signer), version)
        for kind, conclusion, number, day, signer, version in papers
        if day is not None
    ]
    return tuple(sorted(found, key=lambda one: one.signed_on))


def _instances(session: Session, project_id: int) -> tuple[InstanceRow, ...]:
    query = (
        select(ProcessInstance, Definition.name, Definition.version, Definition.sha256)
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .where(ProcessInstance.project_id == project_id)
        .order_by(ProcessInstance.id)
    )
    waits: dict[int, list[Drawn]] = {}
    for instance_id, name, properties in session.execute(
        select(UserTask.instance_id, UserTask.name, UserTask.properties)
        .where(UserTask.project_id == project_id, UserTask.status == "open")
        .order_by(UserTask.id)
    ):
        waits.setdefault(instance_id, []).append(task_name(name, properties))
    found = session.execute(query).all()
    english = english_names(session, {row.sha256 for row in found})
    return tuple(
        InstanceRow(
            i.id,
            i.process_key,
            Drawn(name, english[sha256].get(PROCESS, "")),
            version,
            cast("InstanceStatus", i.status),
            i.started_at,
            i.ended_at,
            i.parent_id,
            tuple(waits.get(i.id, ())),
        )
        for i, name, version, sha256 in found
    )


def _withdrawn(session: Session, project: Project) -> Withdrawn | None:
    """Return who took the project back, when and why."""
    if project.state != State.WITHDRAWN:
        return None
    found = session.execute(
        select(AuditEvent.at, AuditEvent.detail, Person.name)
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(
            AuditEvent.subject_kind == "project",
            AuditEvent.subject_id == str(project.id),
            AuditEvent.act == "withdraw_project",
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one_or_none()
    return Withdrawn(found[0], found[2] or "", str(found[1].get("reason") or "")) if found is not None else None
