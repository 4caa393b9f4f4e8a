"""An expert who is late or turns out to be tied is replaced by lot, over HTTP; the task goes on with who was drawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.expert_draw import draw
from app.models import business
from app.models.accounts import Person
from app.models.process import UserTask
from tests.county import LOADING
from tests.scenarios.tale import Tale

if TYPE_CHECKING:
    from app.queries.open_tasks import OpenTask
    from tests.scenarios.site import Site

pytestmark = pytest.mark.timeout(LOADING)

NUMBER = "XWXX-2026-T-012"
"""医保处方流转接入, whose five experts are scoring."""
KEEPER, COUNTY_OFFICE = "dsj.qi", "xzf.zhai"


def holder(tale: Tale, task: OpenTask) -> str:
    return tale.site.staff.who(next(one for one in tale.tasks() if one.id == task.id).audiences).username


def seats(tale: Tale) -> set[str]:
    names = {row.id: row.username for row in tale._all(Person)}
    return {names[row.person_id] for row in tale.rows(business.PanelMember, replaced=False)}


def offer(site: Site, username: str, task: OpenTask) -> bool:
    return f'action="/expert-tasks/{task.id}"' in site.as_(username).get("/expert-tasks").get_data(as_text=True)


def replaced(tale: Tale) -> business.ExpertReplacement:
    row: business.ExpertReplacement = tale.rows(business.ExpertReplacement)[-1]
    return row


def test_who_is_late_is_replaced_and_the_new_one_declares_and_scores(county: Site) -> None:
    tale = Tale.of(county, NUMBER, built=False)
    task = tale.tasks("p02_review.score")[0]
    late, before = holder(tale, task), seats(tale)
    assert not offer(county, KEEPER, task)
    answer = county.as_(KEEPER).post(f"/expert-tasks/{task.id}", {})
    assert answer.status_code == 400
    assert "尚未逾期" in answer.get_data(as_text=True)
    for stranger in ("ybj.ren", "czj.shen", "dsj.zhen"):
        assert county.as_(stranger).get("/expert-tasks").status_code == 404
        assert county.as_(stranger).post(f"/expert-tasks/{task.id}", {}).status_code == 404
    assert seats(tale) == before
    tale.after(6)
    assert tale.told(KEEPER, like="可以随机更换"), "T-04 offers the replacement"
    assert offer(county, KEEPER, task)
    assert county.as_(KEEPER).post(f"/expert-tasks/{task.id}", {}).status_code == 302
    drawn = holder(tale, task)
    row = replaced(tale)
    assert (row.cause, draw(row.candidates, row.seed)) == ("overdue", drawn)
    assert seats(tale) == (before - {late}) | {drawn}
    assert county.as_(late).get(f"/tasks/{task.id}").status_code == 404
    assert tale.told(drawn, like="随机抽取")
    assert tale.told(late, like="不再办理")
    _declares_and_scores(tale, task, drawn)


def _declares_and_scores(tale: Tale, task: OpenTask, drawn: str) -> None:
    """The form asks who was drawn for her declaration; without it, or with an interest, she does not score."""
    answers = tale.answers(task, drawn)
    browser = tale.site.as_(drawn)
    assert browser.complete(task.id, answers).status_code == 422
    refused = browser.complete(task.id, answers | {"interest": "有"})
    assert refused.status_code == 422
    assert "应当回避" in refused.get_json()["why"]
    assert browser.complete(task.id, answers | {"interest": "无", "promise": True}).status_code == 200
    forms = tale.rows(business.ExpertForm, purpose="review")
    with tale.site.look() as session:
        person = session.scalars(select(Person.id).where(Person.username == drawn)).one()
    assert person in {form.person_id for form in forms}


def test_a_tie_found_later_stops_her_at_the_door_and_offers_another(county: Site) -> None:
    tale = Tale.of(county, NUMBER, built=False)
    task = tale.tasks("p02_review.score")[0]
    tied = holder(tale, task)
    assert "近3年" not in county.as_(tied).get(f"/tasks/{task.id}").get_data(as_text=True)
    with county.look() as session:
        person = session.scalars(select(Person.id).where(Person.username == tied)).one()
    form = {"kind": "employment", "organisation": "修武县医疗保障局", "until": "2026-01-31"}
    assert county.as_(KEEPER).post(f"/expert-ties/{person}", form).status_code == 302
    page = county.as_(tied).get(f"/tasks/{task.id}").get_data(as_text=True)
    assert "年在项目单位任职" in page, "the rules are asked again when she opens the task (§2.4)"
    assert "申请回避" in page
    why = tale.is_refused(tied, task, "第十条")
    assert "任职" in why
    listed = county.as_(KEEPER).get("/expert-tasks").get_data(as_text=True)
    assert "年在项目单位任职" in listed
    assert county.as_(KEEPER).post(f"/expert-tasks/{task.id}", {}).status_code == 302
    row = replaced(tale)
    assert row.cause == "conflict"
    assert "任职" in row.reason
    assert holder(tale, task) != tied
    assert tied not in row.candidates


def test_she_gives_up_her_seat_herself_with_a_reason(county: Site) -> None:
    tale = Tale.of(county, NUMBER, built=False)
    task = tale.tasks("p02_review.score")[0]
    herself = holder(tale, task)
    others = [one for one in tale.tasks("p02_review.score") if one.id != task.id]
    browser = county.as_(herself)
    assert browser.post(f"/expert-tasks/{task.id}", {"reason": " "}).status_code == 422
    if others:
        assert browser.post(f"/expert-tasks/{others[0].id}", {"reason": "x"}).status_code == 404
    draft = {"necessity_comment": "草稿里的意见，交回时不丢。"}
    assert browser.post(f"/tasks/{task.id}/draft", json={"values": draft}).status_code == 200
    answer = browser.post(f"/expert-tasks/{task.id}", {"reason": "配偶在该局任职"})
    assert (answer.status_code, answer.location) == (302, "/inbox")
    drawn = holder(tale, task)
    assert (replaced(tale).cause, replaced(tale).reason) == ("declared", "配偶在该局任职")
    assert draft["necessity_comment"] not in county.as_(drawn).get(f"/tasks/{task.id}").get_data(as_text=True)
    seat = next(row for row in tale.rows(business.PanelMember) if row.replaced and row.reason == "配偶在该局任职")
    assert seat.interest_declared is True
    with county.look() as session:
        due = session.get_one(UserTask, task.id).due_at
    assert due is not None
    assert re.fullmatch(r"2026-12-01.*", due.isoformat()), "five working days of her own (T-04)"
