"""Operations sharing.compute and sharing.publish: the year's figures of sharing, and what follows (第二十五条)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.domain.sharing_scores import INDICATORS, is_low
from app.models.accounts import Organisation
from app.models.business import Project
from app.services import notices, parameters, sharing_scores

if TYPE_CHECKING:
    from app.engine.step import Variables
    from app.models.business import SharingScore
    from app.services.context import StepContext

NOTHING = "—"


def compute(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Compute the scores of last year's sharing; return them as a table for the form that settles them."""
    del inputs, headers
    session = context.session
    rows = sharing_scores.compute(session, context.today.year - 1, instance_id=context.instance.id, now=context.now)
    return {"figures": [_shown(row, session.get_one(Organisation, row.unit_id).short) for row in rows]}


def _shown(row: SharingScore, unit: str) -> dict[str, object]:
    values = {key: getattr(row, key) for key, _name in INDICATORS}
    percents = {key: NOTHING if value is None else f"{value}%" for key, value in values.items()}
    return {"unit": unit, **percents, "computed": row.computed}


def publish(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
    """Tell every unit its own signed score, and name the projects to be inspected: one of each unit with a low one."""
    del inputs, headers
    session, in_force = context.session, parameters.current(context.session, context.today)
    low = []
    for row in sharing_scores.of_instance(session, context.instance.id):
        if row.signed_on is None:
            continue
        failed = is_low(row.score, in_force)
        _tell(context, row, failed=failed)
        if failed and row.project_id is not None and row.rectified_on is None:
            low.append(session.get_one(Project, row.project_id).no)
    return {"low_projects": low}


def _tell(context: StepContext, row: SharingScore, *, failed: bool) -> None:
    message = "%(year)s年度信息共享评价结果已经公布，本单位得分%(score)s分（第二十五条）。"
    if failed:
        message = "%(year)s年度信息共享评价结果已经公布，本单位得分%(score)s分，未达标，移交监督检查（第二十五条）。"
    notices.notify(
        context.session,
        notices.holders(context.session, ("unit_head", "unit_clerk"), unit_id=row.unit_id),
        message=message,
        values={"year": row.year, "score": row.score},
        dedupe_key=f"sharing:{row.year}:{row.unit_id}",
        now=context.now,
        project_id=row.project_id,
        link="/inbox",
        level="overdue" if failed else "info",
    )
