"""What forms open with besides facts: the items that are still open, and the month of a report."""

from __future__ import annotations

import pytest

from app.models.business import Project, RectificationItem
from app.models.process import ProcessInstance, UserTask
from app.services.context import StepContext
from app.services.first_rows import first_rows
from tests.integration.web_clients import NOW, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]


def opens_with(county: County, form_id: str) -> object:
    with county.look() as session:
        instance = session.get_one(ProcessInstance, county["own.instance"])
        task = UserTask(form_id=form_id, instance_id=instance.id)
        return first_rows(StepContext(session, NOW, instance, None), task)


@pytest.mark.parametrize("form_id", ["f17", "f17c"])
def test_a_rectification_opens_with_every_item_that_nobody_has_closed(county: County, form_id: str) -> None:
    assert opens_with(county, form_id) == {}
    with county.change() as session:
        key = session.get_one(Project, county["own.project_id"]).id
        foreign = session.get_one(Project, county["foreign.project_id"]).id
        for project_id, number, problem, confirmed in (
            (key, 1, "接口未接入", False), (key, 2, "压测不达标", True), (key, 3, "录音未入目录", False),
            (foreign, 1, "别人的问题", False),
        ):  # fmt: skip
            session.add(
                RectificationItem(
                    project_id=project_id, cause="acceptance", cause_id=1, number=number, problem=problem,
                    measure="已经改了", confirmed=confirmed,
                )
            )  # fmt: skip
    rows = [{"no": "1", "problem": "接口未接入"}, {"no": "3", "problem": "录音未入目录"}]
    assert opens_with(county, form_id) == {"items": rows}, "what is done, and whether it will do, only people say"


def test_a_monthly_report_opens_with_its_own_month(county: County) -> None:
    assert opens_with(county, "f15m") == {"month": "2026-11"}
    assert opens_with(county, "f15b") == {}
