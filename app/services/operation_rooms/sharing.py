"""Operation sharing.compute: the yearly figures of sharing, unit by unit (第二十五条)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.models.business import Project, ResourceItem

if TYPE_CHECKING:
    from app.engine.step import Variables
    from app.services.context import StepContext

HUNDRED = 100


def compute(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Return the lowest unit's score: the mean of connected systems and of registered resources, in percent."""
    del inputs, headers
    systems: dict[int, list[bool]] = {}
    rows = context.session.query(Project.unit_id, Project.access_verified).filter(Project.online_on.is_not(None))
    for unit_id, connected in rows:
        systems.setdefault(unit_id, []).append(connected)
    resources: dict[int, list[bool]] = {}
    items = context.session.query(Project.unit_id, ResourceItem.platform_no).join(
        Project, Project.id == ResourceItem.project_id
    )
    for unit_id, platform_no in items.filter(Project.online_on.is_not(None)):
        resources.setdefault(unit_id, []).append(bool(platform_no))
    scores = [(_percent(systems[unit]) + _percent(resources.get(unit, []))) // 2 for unit in systems]
    return {"lowest_score": min(scores, default=HUNDRED)}


def _percent(found: list[bool]) -> int:
    return sum(found) * HUNDRED // len(found) if found else HUNDRED
