"""What a person may start by a form, and for which projects."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.endings import states_of
from app.domain.states import FINAL, State
from app.domain.vocabulary import PROCESSES
from app.models.accounts import Organisation
from app.models.business import PlanItem, Project
from app.models.process import Definition, ProcessInstance, TaskAudience, UserTask
from app.queries import diagram_graph
from app.queries.diagram_graph import Drawn
from app.queries.inbox import Choice
from app.queries.scope import Reader, visible_projects
from app.queries.starts import StartPage, StartRow

WITHOUT_PROJECT = frozenset({"p01_annual_plan", "p01u_unit_plan", "p12c_legacy", "p22_feedback", "p24_cloud_migration"})
ARTICLES = {
    "p01_annual_plan": "第九条",
    "p01u_unit_plan": "第九条",
    "p04c_carry_over": "第十二条",
    "p04s_supplement": "第十二条",
    "p08_change": "第十七条",
    "p10_extension": "第二十一条",
    "p11_payment": "第二十条",
    "p12_catalogue": "第十九条",
    "p12b_resources": "第二十七条",
    "p12c_legacy": "第十九条",
    "p13_om": "第二十二条",
    "p15_inspection": "第三十一条",
    "p16_audit": "第三十二条",
    "p19_decommission": "第九条",
    "p22_feedback": "第二十七条",
    "p23_asset": "第七条",
    "p24_cloud_migration": "第四条",
    "p25_incident": "第二十九条",
    "p26_correction": "第十五条",
}
MOST_PROJECTS = 300


def load(session: Session, reader: Reader, *, project_no: str = "", form_id: str = "") -> StartPage:
    """Return every process that the reader's roles may start; those that open `form_id` first."""
    mine = {key: process for key, process in PROCESSES.items() if reader.roles & set(process.starters)}
    definitions = {
        key: (name, source)
        for key, name, source in session.execute(
            select(Definition.key, Definition.name, Definition.source).where(
                Definition.kind == "bpmn", Definition.in_force, Definition.key.in_(mine)
            )
        )
    }
    choices = {
        ended: _projects(session, reader, ended) for ended in {states_of(key) for key in set(mine) - WITHOUT_PROJECT}
    }
    rows = []
    for key, process in mine.items():
        if key not in definitions:
            continue
        name, source = definitions[key]
        graph = diagram_graph.read(source)
        first = _first(graph, reader.roles)
        rows.append(
            StartRow(
                process_id=key,
                name=Drawn(name, graph.en),
                form_id=first.form_id if first else "",
                summary=first.documentation if first else "",
                article=ARTICLES.get(key, ""),
                role=next(iter(sorted(reader.roles & set(process.starters))), ""),
                needs_project=key not in WITHOUT_PROJECT,
                projects=choices.get(states_of(key), ()) if key not in WITHOUT_PROJECT else (),
            )
        )
    rows.sort(key=lambda row: row.form_id != form_id)
    return StartPage(tuple(rows), project_no)


def _begin(graph: diagram_graph.Graph, roles: Collection[str]) -> diagram_graph.Node | None:
    """Return the start event at which these roles begin: that which names them, else the first that is drawn."""
    events = [node for node in graph.nodes.values() if node.kind == "startEvent"]
    return next((node for node in events if set(node.starters) & set(roles)), events[0] if events else None)


def _first(graph: diagram_graph.Graph, roles: Collection[str]) -> diagram_graph.Node | None:
    begin = _begin(graph, roles)
    following = graph.next_tasks(begin.id) if begin else ()
    return graph.nodes.get(following[0]) if following else None


def start_event(session: Session, process_id: str, roles: Collection[str]) -> str | None:
    """Return the message or timer start event at which these roles begin a process; None for a plain start."""
    source = session.scalar(
        select(Definition.source).where(Definition.kind == "bpmn", Definition.in_force, Definition.key == process_id)
    )
    begin = _begin(diagram_graph.read(source), roles) if source else None
    return begin.id if begin is not None and begin.event else None


def plan_year(session: Session, today: date) -> int:
    """Return the fiscal year for which a plan is begun: with items that wait for their consent theirs, else the next.

    A supplementary batch takes up what was filed late or during the year (第九条).
    """
    waiting = select(func.min(PlanItem.fy)).where(
        PlanItem.fy >= today.year, PlanItem.result == "", PlanItem.submitted_on.is_not(None)
    )
    return session.scalar(waiting) or today.year + 1


def _projects(session: Session, reader: Reader, ended: Collection[State]) -> tuple[Choice, ...]:
    """Return the projects that the reader may choose: those that have not ended, or in one of these ways."""
    closed = [state.value for state in FINAL if state not in ended]
    query = (
        select(Project.no, Project.name)
        .where(visible_projects(reader), Project.state.not_in(closed))
        .order_by(Project.no.desc())
        .limit(MOST_PROJECTS)
    )
    return tuple(Choice(no, f"{name}（{no}）") for no, name in session.execute(query))


def unit_code(session: Session, unit_id: int) -> str:
    """Return the code of an organisation."""
    return session.scalar(select(Organisation.code).where(Organisation.id == unit_id)) or ""


def open_start(session: Session, reader: Reader, process_id: str, project_id: int | None) -> int | None:
    """Return the reader's open first task of an instance of this process that she has started and not filled in yet."""
    query = (
        select(UserTask.id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(
            ProcessInstance.process_key == process_id,
            ProcessInstance.status == "active",
            ProcessInstance.revision <= 1,
            ProcessInstance.started_by == reader.id,
            ProcessInstance.project_id.is_(None) if project_id is None else ProcessInstance.project_id == project_id,
            UserTask.status == "open",
        )
        .order_by(UserTask.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def first_task(session: Session, instance_id: int, audiences: Collection[str]) -> int | None:
    """Return the task of a new instance that waits for one of these audiences."""
    query = (
        select(UserTask.id)
        .join(TaskAudience, TaskAudience.task_id == UserTask.id)
        .where(UserTask.instance_id == instance_id, TaskAudience.audience.in_(sorted(audiences)))
        .order_by(UserTask.id)
        .limit(1)
    )
    return session.scalar(query)
