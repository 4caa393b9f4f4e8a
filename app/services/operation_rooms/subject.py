"""The project on which an operation works, as row and facts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.errors import NotFound
from app.models.business import Project
from app.services import facts as fact_service

if TYPE_CHECKING:
    from app.engine.step import Variables
    from app.services.context import StepContext


def project_key(context: StepContext, inputs: Variables) -> int:
    """Return the project that `project_no` names, else the instance's own; raise NotFound if there is neither."""
    number = inputs.get("project_no") or context.variables.get("project_no")
    found = context.project_id
    if isinstance(number, str) and number:
        found = context.session.scalar(select(Project.id).where(Project.no == number))
    if found is None:
        raise NotFound("流程没有对应的项目。")
    return found


def load(context: StepContext, inputs: Variables) -> fact_service.Loaded:
    """Return the project with its facts at the moment of the step."""
    context.session.flush()
    return fact_service.load(context.session, project_key(context, inputs), now=context.now)


def texts(value: object) -> list[str]:
    """Return a list of texts from a FEEL list or a comma-separated header."""
    if isinstance(value, (list, tuple)):
        return [str(item) for item in value]
    return [part.strip() for part in str(value or "").split(",") if part.strip()]


def number(value: object, default: int) -> int:
    """Return a whole number from a process variable."""
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else default


def day(value: object) -> date | None:
    """Return a date from a process variable, where dates may come as ISO text."""
    if isinstance(value, date):
        return value if type(value) is date else date(value.year, value.month, value.day)
    return date.fromisoformat(value[:10]) if isinstance(value, str) and value else None
