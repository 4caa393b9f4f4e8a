"""A shortcut that a process owner has drawn: one form outside its order, as if the shipped diagrams did not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import clock
from app.services import definitions, process_instances
from tests.unit.engine import drawing

if TYPE_CHECKING:
    from app.queries.open_tasks import OpenTask
    from tests.scenarios.tale import Tale


def draw(tale: Tale, form_id: str, role: str, **properties: str) -> OpenTask:
    """Publish start → one task with this form for this role → end, released by the bureau's head; start it."""
    process_id = "_".join(["p_shortcut", form_id, *properties.values()])
    said = "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in properties.items())
    extensions = f'<zeebe:assignmentDefinition candidateGroups="{role}"/><zeebe:formDefinition formId="{form_id}"/>'
    extensions += f"<zeebe:properties>{said}</zeebe:properties>" if said else ""
    body = drawing.start() + drawing.user("act", extensions) + drawing.end() + drawing.flows("s > act > e")
    staff, project = tale.site.staff, tale.project
    with tale.site.database.unit_of_work() as session:
        owner, head = staff.actors["dsj.tao"], staff.actors["dsj.yue"]
        definitions.publish(
            session, drawing.definitions(body, process_id=process_id), kind="bpmn", now=clock.now(), by=owner.id,
            release_by=head.id,
        )  # fmt: skip
        instance = process_instances.start(
            session, process_id, now=clock.now(), by=owner, project_id=project.id, unit_id=project.unit_id
        )
        number = instance.id
    return tale.desk.open(instance_id=number)[0]
