"""Diagrams that a process owner has redrawn: one form outside its order, or an acceptance without any timer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import clock
from app.services import definitions, process_instances
from tests.unit.engine import drawing

if TYPE_CHECKING:
    from app.queries.open_tasks import OpenTask
    from tests.scenarios.tale import Tale


def draw(tale: Tale, form_id: str, role: str, **properties: str) -> OpenTask:
    """Publish start → one task with this form for this role → end; start it for the project and return the task."""
    process_id = "_".join(["p_shortcut", form_id, *properties.values()])
    _publish(tale, process_id, form_id, role, properties)
    owner, project = tale.site.staff.actors["dsj.tao"], tale.project
    with tale.site.database.unit_of_work() as session:
        instance = process_instances.start(
            session, process_id, now=clock.now(), by=owner, project_id=project.id, unit_id=project.unit_id
        )
        number = instance.id
    return tale.desk.open(instance_id=number)[0]


def redraw_acceptance(tale: Tale) -> None:
    """Put a P-09 into force that knows no timer: the application, and nothing else."""
    _publish(tale, "p09_acceptance", "f16a", "unit_clerk", {}, element_id="apply")


def _publish(
    tale: Tale, process_id: str, form_id: str, role: str, properties: dict[str, str], *, element_id: str = "act"
) -> None:
    """Publish the diagram by the process owner, released by the bureau's head."""
    said = "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in properties.items())
    extensions = f'<zeebe:assignmentDefinition candidateGroups="{role}"/><zeebe:formDefinition formId="{form_id}"/>'
    extensions += f"<zeebe:properties>{said}</zeebe:properties>" if said else ""
    body = drawing.start() + drawing.user(element_id, extensions) + drawing.end()
    source = drawing.definitions(body + drawing.flows(f"s > {element_id} > e"), process_id=process_id)
    people = tale.site.staff.actors
    with tale.site.database.unit_of_work() as session:
        definitions.publish(
            session, source, kind="bpmn", now=clock.now(), by=people["dsj.tao"].id, release_by=people["dsj.yue"].id
        )
