"""为什么办不了 over HTTP: beside each reason the task that mends it, one's own to open, another's to call to mind."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.models.documents import Notice
from app.models.process import UserTask
from app.services import process_instances
from tests.integration.web_clients import NOW, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]


@pytest.fixture
def tasks(county: County) -> dict[str, int]:
    """The own project is overdue: its acceptance waits for the clerk, its money for finance."""
    with county.change() as session:
        for key, variables in (("p09_acceptance", {}), ("p04_budget", {"fund_type": "建设", "suggested": True})):
            process_instances.start(
                session, key, now=NOW, by=None, variables={"project_no": county["own.project"], **variables},
                project_id=county["own.project_id"], unit_id=county.bodies["jyj"],
            )  # fmt: skip
    with county.look() as session:
        query = select(UserTask.form_id, UserTask.id).where(
            UserTask.project_id == county["own.project_id"], UserTask.status == "open"
        )
        return dict(session.execute(query).all())


def panel(text: str) -> str:
    found = re.search(r'<section class="sheet why".*?</section>', text, re.DOTALL)
    assert found
    return found[0]


def test_another_s_task_can_be_called_to_mind_from_the_panel_once_a_day(county: County, tasks: dict[str, int]) -> None:
    finance = county.as_("czj.qian")
    why = panel(finance.get(f"/tasks/{tasks['f09']}").get_data(as_text=True))
    assert f'action="/tasks/{tasks["f16a"]}/remind"' in why
    assert "催办“申请验收”" in why
    assert f'name="back" value="/tasks/{tasks["f09"]}"' in why
    for _ in range(2):
        answer = finance.post(f"/tasks/{tasks['f16a']}/remind", {"back": f"/tasks/{tasks['f09']}"})
        assert answer.location == f"/tasks/{tasks['f09']}"
    with county.look() as session:
        told = session.scalars(
            select(Notice.person_id).where(Notice.dedupe_key.startswith(f"remind:{tasks['f16a']}:"))
        ).all()
    assert sorted(told) == sorted(county.people[name] for name in ("jyj.wang", "jyj.zhao"))


def test_one_s_own_task_is_opened_from_the_panel(county: County, tasks: dict[str, int]) -> None:
    clerk = county.as_("jyj.wang")
    payment = clerk.post("/start/p11_payment", {"project": county["own.project"]}).location
    why = panel(clerk.get(payment).get_data(as_text=True))
    assert f'href="/tasks/{tasks["f16a"]}"' in why
    assert "去办“申请验收”" in why
    assert "/remind" not in why


def test_a_refused_attempt_offers_the_same_way_out(county: County, tasks: dict[str, int]) -> None:
    finance = county.as_("czj.qian")
    line = {"fy": 2026, "fund_type": "建设", "kind": "追加", "requested": 1, "suggested": 1, "arranged": 1,
            "function_code": "2010499", "economic_code": "50306"}  # fmt: skip
    refused = finance.complete(tasks["f09"], line)
    assert refused.status_code == 422
    assert f'action="/tasks/{tasks["f16a"]}/remind"' in refused.get_json()["why"]
