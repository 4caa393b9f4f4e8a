"""The yearly evaluation of sharing: five indicators a unit, adjusted with reason, signed, and what follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain import holds
from app.domain import sharing_scores as rules
from app.domain.parameters import Parameters
from app.domain.sharing_scores import Indicators
from app.models.business import Feedback, ResourceItem, SharingScore
from app.models.documents import Notice
from tests.integration.county import County
from tests.integration.desk import county, session, to_the_contract
from tests.integration.test_open_values import in_force

__all__ = ["county", "session"]

SHEET = {"signs": "f21s", "records": "sharing_sheet"}


@pytest.fixture
def running(county: County) -> County:
    """A unit whose one system runs since last year, connected, with one registered resource."""
    to_the_contract(county)
    county.operate()
    county.today = date(2027, 3, 1)
    return county


def settled(county: County, *adjustments: dict[str, object]) -> None:
    county.fill("bur_share", "f21s", {"adjustments": list(adjustments)})


def signed(county: County) -> None:
    county.fill("bur_head", "f00s", {"result": "同意", "opinion": "同意。"}, **SHEET)


def only(county: County) -> SharingScore:
    return county.session.scalars(select(SharingScore)).one()


@pytest.mark.parametrize(
    ("found", "points"),
    [
        (Indicators(), 100),
        (Indicators(connected=0), 0),
        (Indicators(100, 50), 75),
        (Indicators(100, 100, 100, 100, 99), 100),
        (Indicators(33, 33, 34), 33),
        (Indicators(0, 0, 0, 0, 100), 20),
    ],
)
def test_the_score_is_the_mean_of_what_could_be_measured(found: Indicators, points: int) -> None:
    assert rules.score(found) == points


def test_a_share_of_nothing_is_no_share() -> None:
    assert (rules.percent(0, 0), rules.percent(1, 2), rules.percent(2, 3), rules.percent(0, 5)) == (None, 50, 67, 0)
    assert (rules.is_low(59, Parameters()), rules.is_low(60, Parameters())) == (True, False)


def test_five_indicators_make_a_score(running: County) -> None:
    figures = running.run("sharing.compute")["figures"]
    assert figures == [
        {"unit": "修武县农业农村局", "connected": "100%", "registered": "100%", "on_time": "0%", "answered": "—",
         "available": "—", "computed": 67}
    ]  # fmt: skip
    item = running.session.scalars(select(ResourceItem)).one()
    running.fill("unit_clerk", "f00c", {"result": "属实"}, records="resource_update")
    project, unit = running.project, running.project.unit_id
    for number, answered in enumerate((date(2026, 9, 3), None)):
        running.session.add(
            Feedback(
                project_id=project.id, resource_id=item.id, from_unit_id=unit, kind="使用效益", text="好",
                filed_on=date(2026, 9, 1), filed_by=f"x{number}", due=date(2026, 9, 15), answered_on=answered,
                answer="已改" if answered else "", answered_by="y" if answered else "",
            )
        )  # fmt: skip
    project.access_verified = False
    row = running.run("sharing.compute")["figures"][0]  # type: ignore[index]
    assert row == {
        "unit": "修武县农业农村局", "connected": "0%", "registered": "100%", "on_time": "100%", "answered": "50%",
        "available": "—", "computed": 63,
    }  # fmt: skip


def test_an_adjustment_needs_a_reason_and_two_people(running: County) -> None:
    running.run("sharing.compute")
    unsettled = running.refused("bur_head", "f00s", {"result": "同意", "opinion": "-"}, **SHEET)
    assert [one.text for one in unsettled] == ["得分尚未核定。"]
    key = str(running.project.unit_id)
    bare = {"adjustments": [{"unit": key, "score": 55, "reason": " "}]}
    assert [one.text for one in running.refused("bur_share", "f21s", bare)] == [
        "修武县农业农村局的得分与计算结果不同，应当写明调整理由。"
    ]
    assert (only(running).score, only(running).settled_by) == (67, "")
    stranger = {"adjustments": [{"unit": "99999", "score": 55, "reason": "没有这个单位"}]}
    assert [one.articles for one in running.refused("bur_share", "f21s", stranger)] == [(25,)]
    settled(running, {"unit": key, "score": 55, "reason": "接口多次中断，核减。"})
    signed(running)
    row = only(running)
    assert (row.computed, row.score, row.reason) == (67, 55, "接口多次中断，核减。")
    assert (row.settled_by, row.signed_by, row.signed_on) == ("bur_share", "bur_head", running.today)
    running.run("sharing.compute")
    assert only(running).score == 55, "a signed year stays as it was signed"


def test_a_low_score_is_told_and_inspected(running: County) -> None:
    running.run("sharing.compute")
    settled(running, {"unit": str(running.project.unit_id), "score": 59, "reason": "接口多次中断。"})
    assert running.run("sharing.publish") == {"low_projects": []}, "nothing follows from what is not signed"
    signed(running)
    assert running.run("sharing.publish") == {"low_projects": [running.project.no]}
    told = {row.message % row.values for row in running.session.scalars(select(Notice)) if "共享评价" in row.message}
    assert told == {"2026年度信息共享评价结果已经公布，本单位得分59分，未达标，移交监督检查（第二十五条）。"}
    in_force(running, "sharing_pass_points", "59")
    assert running.run("sharing.publish") == {"low_projects": []}


def test_a_low_score_holds_new_items_only_where_the_parameter_says_so(running: County) -> None:
    running.run("sharing.compute")
    settled(running, {"unit": str(running.project.unit_id), "score": 40, "reason": "接口多次中断。"})
    signed(running)
    old, before = running.instance.project_id, running.facts
    assert before.unit_sharing is not None
    assert before.unit_sharing.score == 40
    running.instance.project_id = None
    running.plan(name="产业园二期", fy=2028)
    assert holds_of(running) == []
    in_force(running, "low_sharing_holds_unit", "true")
    assert holds_of(running) == [("H-SHARE", "unit:2026")]
    new = running.instance.project_id
    running.instance.project_id = old
    assert holds_of(running) == [], "what runs already is not a new item"
    items = [{"problem": "接口中断", "requirement": "恢复"}]
    running.fill(
        "bur_head", "f31", {"items": items, "basis": "第二十五条", "limit": running.today + timedelta(days=20)}
    )
    done = {"items": [{"problem": "接口中断", "measure": "已恢复", "done_on": running.today}]}
    running.fill("unit_lead", "f17", done)
    running.fill("bur_insp", "f17c", {"items": [{"problem": "接口中断", "result": "通过"}]})
    assert only(running).rectified_on == running.today
    running.instance.project_id = new
    assert holds_of(running) == []


def holds_of(county: County) -> list[tuple[str, str]]:
    return [(hold.code, hold.cause) for hold in holds.in_force(county.facts)]
