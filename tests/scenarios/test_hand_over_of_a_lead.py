"""交接班 of a project lead (第十五条, G-15): a colleague takes over projects, tasks and deadlines, and signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app import clock
from app.models import business
from app.models.accounts import Person
from app.models.process import UserTask
from app.services import accounts
from tests.county import LOADING
from tests.scenarios.site import PASSWORD
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from tests.scenarios.site import Site

pytestmark = pytest.mark.timeout(LOADING)

NUMBER = "XWXX-2025-T-007"
"""养老服务信息平台: its acceptance has failed, and its lead has three points to rectify by 2026-12-10."""
LEAVING, HEAD, COMING = "mzj.ma", "mzj.miao", "mzj.fan"
RECTIFY = "p09_acceptance.rectify"


@pytest.fixture
def coming(county: Site) -> int:
    """A colleague whom the administrator enters as project lead."""
    admin = county.staff.actors["dsj.zhen"]
    with county.database.unit_of_work() as session:
        unit = county.staff.units["mzj"]
        person = accounts.create_person(
            session, COMING, "范新", organisation_id=unit, roles=("unit_lead",), password=PASSWORD, by=admin,
            now=clock.now(), must_change=False,
        )  # fmt: skip
        return person.id


def lead_of(county: Site, tale: Tale) -> str:
    with county.look() as session:
        person = session.get_one(Person, tale.project.lead_id)
        return str(person.username)


def test_everything_of_a_lead_goes_to_one_colleague(county: Site, coming: int) -> None:
    tale = Tale.of(county, NUMBER)
    task = tale.task(RECTIFY)
    leaving = county.staff.actors[LEAVING].id
    assert county.as_(LEAVING).post(f"/tasks/{task.id}/claim", {}).status_code == 302
    draft = {"measure": "正在联系承建单位。"}
    assert county.as_(LEAVING).post(f"/tasks/{task.id}/draft", json={"values": draft}).status_code == 200
    assert lead_of(county, tale) == LEAVING
    form = {"from": str(leaving), "to": str(coming)}
    _only_the_head_may(county, tale, form)
    shown = county.as_(HEAD).get(f"/handovers?from={leaving}&to={coming}").get_data(as_text=True)
    assert tale.project.name in shown, "the list is shown before anything passes"
    answer = county.as_(HEAD).post("/handovers", form)
    assert answer.status_code == 302
    assert lead_of(county, tale) == COMING
    with county.look() as session:
        assert session.get_one(UserTask, task.id).assignee_id == coming
    assert county.as_(LEAVING).get(f"/tasks/{task.id}").status_code in {403, 404}
    assert f"/tasks/{task.id}" in county.as_(COMING).get("/inbox").get_data(as_text=True)
    assert county.as_(COMING).post(f"{answer.location}/receive", {}).status_code == 302
    assert "已签收" in county.as_(HEAD).get(answer.location).get_data(as_text=True)
    _the_deadline_reaches_the_new_lead(tale)
    tale.does(COMING, RECTIFY)
    assert tale.open_keys() == ["p09_acceptance.confirm_by_supervisor"]


def _only_the_head_may(county: Site, tale: Tale, form: dict[str, str]) -> None:
    before = tale.snapshot()
    for stranger in (LEAVING, "mzj.zhou", "wlj.chang", "dsj.yue"):
        assert county.as_(stranger).post("/handovers", form).status_code in {302, 403, 404}, stranger
        assert tale.snapshot() == before, stranger
    abroad = form | {"to": str(county.staff.actors["wlj.yun"].id)}
    assert county.as_(HEAD).post("/handovers", abroad).status_code in {302, 403, 404}
    assert tale.snapshot() == before, "the work stays in the unit (G-15)"


def _the_deadline_reaches_the_new_lead(tale: Tale) -> None:
    """T-11 reminds whoever leads now."""
    due = tale.rows(business.DeadlineRow, kind="rectification", status="open")[0].due
    assert due.isoformat() == "2026-12-10"
    before = len(tale.told(COMING))
    tale.go("2026-11-30", 9)
    assert len(tale.told(COMING)) > before
    assert "2026-12-10" in " ".join(tale.told(COMING))
