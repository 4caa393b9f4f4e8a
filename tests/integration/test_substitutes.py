"""代理 over HTTP: a colleague of the same role does what the absent one has taken, in her own name, for a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from app.models.accounts import Person, PersonRole, Substitution
from app.models.business import Project
from app.models.documents import AuditEvent, Notice, Submission
from app.models.process import ActedFor, UserTask
from app.queries import event_log
from app.queries.following import Asked
from app.services import accounts, audit, reminders, substitutions
from tests.integration.test_statement_counts import traffic
from tests.integration.web_clients import NOT_SECRET, NOW, OWN, PDF, REPORT, TODAY, County, plan_item
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]

ABSENT, HAND, HEAD, ADMIN = "jyj.wang", "jyj.zhao", "jyj.li", "dsj.zhen"
PAIR = "填报人和签批人不能是同一人"
LAST = TODAY + timedelta(days=4)


def asked(county: County, substitute: str = HAND, **more: str) -> dict[str, str]:
    return {
        "substitute": str(county.people[substitute]), "starts_on": TODAY.isoformat(), "ends_on": LAST.isoformat(),
        "reason": "年休假", **more,
    }  # fmt: skip


def name(county: County, by: str = ABSENT, **more: str) -> Any:
    return county.as_(by).post("/substitutes", asked(county, **more))


def see(county: County, task: int, who: str = HAND) -> int:
    return county.as_(who).get(f"/tasks/{task}").status_code


def acts(county: County) -> list[tuple[str, int | None]]:
    with county.look() as session:
        query = select(AuditEvent.act, AuditEvent.actor_id).where(AuditEvent.act.like("%substitute"))
        return [(act, actor) for act, actor in session.execute(query.order_by(AuditEvent.id))]


@pytest.fixture
def taken(county: County) -> int:
    """A task that the one who goes away has taken, so that her colleague cannot do it."""
    task: int = county["own.task"]
    assert county.as_(ABSENT).post(f"/tasks/{task}/claim", {}).status_code == 302
    assert see(county, task) == 403
    return task


def test_a_substitute_finds_what_the_absent_one_has_taken(county: County, taken: int) -> None:
    assert name(county).location == "/substitutes"
    hand = county.as_(HAND)
    inbox = hand.get("/inbox").get_data(as_text=True)
    assert f'data-task="{taken}"' in inbox
    assert "代 王芳" in inbox
    assert "代 王芳 办理" in hand.get(f"/inbox/{taken}/preview").get_data(as_text=True)
    page = hand.get(f"/tasks/{taken}").get_data(as_text=True)
    assert "你代理王芳办理：提交时记你的名字，并注明代王芳。" in page
    assert hand.post(f"/tasks/{taken}/draft", json={"values": {"name": "代填"}}).status_code == 200
    assert see(county, taken, ABSENT) == 200, "the absent one may still do it herself"
    assert acts(county) == [("appoint_substitute", county.people[ABSENT])]
    with county.look() as session:
        assert audit.altered(session) == []
        told = session.execute(select(Notice.person_id, Notice.link).where(Notice.dedupe_key.like("substitution:%")))
        assert [tuple(row) for row in told] == [(county.people[HAND], "/substitutes")]


def test_what_she_does_is_hers_and_says_for_whom(county: County, taken: int) -> None:
    name(county)
    hand = county.as_(HAND)
    report = hand.upload(taken, REPORT, PDF + b"%2").get_json()["id"]
    answer = hand.complete(taken, plan_item("代办的平台", 12.5, system="XX-JYJ-001", report=report))
    assert answer.status_code == 200, answer.text
    with county.look() as session:
        task = session.get_one(UserTask, taken)
        assert (task.status, task.ended_by) == ("completed", county.people[HAND])
        assert session.scalars(select(Submission.by_id).where(Submission.task_id == taken)).one() == county.people[HAND]
        row = session.scalars(select(ActedFor)).one()
        assert (row.task_id, row.person_id, row.by_id) == (taken, county.people[ABSENT], county.people[HAND])
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "complete_task").order_by(-AuditEvent.id))
        assert event.first().detail["on_behalf_of"] == county.people[ABSENT]
        assert audit.altered(session) == []
        logged = [one for one in event_log.events(session, "p01u_unit_plan", Asked()) if one.by_substitute]
        assert [(one.element_type, one.transition) for one in logged] == [("userTask", "complete")]
        log = "".join(event_log.xes("x", iter(logged)))
        assert '<boolean key="bySubstitute" value="true"/>' in log
        assert "赵敏" not in log
        rows = list(event_log.table(event_log.events(session, "p01u_unit_plan", Asked())))
        assert [line.rsplit(",", 1)[1].strip() for line in rows].count("true") == 1
        number = session.get_one(Project, session.get_one(UserTask, taken).project_id).no
    assert "赵敏（代王芳）" in county.as_("dsj.chen").get(f"/projects/{number}?tab=tasks").get_data(as_text=True)
    done = hand.get(f"/tasks/{taken}").get_data(as_text=True)
    assert "赵敏（代王芳）" in done
    for who in (HAND, ABSENT):
        page = county.as_(who).get("/substitutes").get_data(as_text=True)
        assert "赵敏 代 王芳" in page
        assert "填报计划项" in page


def test_it_begins_and_ends_by_itself(county: County, taken: int) -> None:
    first = TODAY + timedelta(days=2)
    name(county, starts_on=first.isoformat())
    assert see(county, taken) == 403
    for days, status in ((2, 200), (4, 200), (5, 403)):
        county.clock.moment = NOW + timedelta(days=days)
        assert see(county, taken) == status, days
    assert "已到期" in county.as_(HAND).get("/substitutes").get_data(as_text=True)


@pytest.mark.parametrize("who", [ABSENT, HAND, HEAD, ADMIN])
def test_it_can_be_ended_early(county: County, taken: int, who: str) -> None:
    name(county)
    with county.look() as session:
        number = session.scalars(select(Substitution.id)).one()
    assert county.as_("wjw.xu").post(f"/substitutes/{number}/revoke", {}).status_code == 404
    assert county.as_("dsj.sun").post(f"/substitutes/{number}/revoke", {}).status_code == 404
    assert see(county, taken) == 200
    assert county.as_(who).post(f"/substitutes/{number}/revoke", {}).status_code == 302
    assert see(county, taken) == 403
    again = county.as_(who).post(f"/substitutes/{number}/revoke", {}, follow_redirects=True)
    assert "这次代理已经结束。" in again.get_data(as_text=True)
    assert acts(county) == [("appoint_substitute", county.people[ABSENT]), ("revoke_substitute", county.people[who])]


@pytest.mark.parametrize("who", [HEAD, ADMIN])
def test_head_or_administrator_names_one_for_who_is_absent(county: County, taken: int, who: str) -> None:
    before = see(county, taken, who)
    assert name(county, by=who, person=str(county.people[ABSENT])).status_code == 302
    assert see(county, taken) == 200
    assert see(county, taken, who) == before == 404, "who names a substitute gets nothing by it"
    with county.look() as session:
        row = session.scalars(select(Substitution)).one()
        assert (row.person_id, row.appointed_by) == (county.people[ABSENT], county.people[who])
        told = session.scalars(select(Notice.person_id).where(Notice.dedupe_key.like("substitution:%")))
        assert set(told) == {county.people[ABSENT], county.people[HAND]}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"substitute": "jyj.li"}, "李强没有王芳的业务角色，不能代理"),
        ({"substitute": "jyj.wang"}, "代理人不能是本人。"),
        ({"reason": "  "}, "请写明不在岗的原因。"),
        ({"starts_on": "2026-11-22"}, "代理从今天或者以后开始，不能补记以前的日子。"),
        ({"ends_on": "2026-11-22"}, "代理的最后一天不能早于第一天。"),
        ({"ends_on": "2027-02-21"}, "一次代理最长 90 天，这次填了 91 天；离岗更久的，请办交接班。"),
        ({"ends_on": "很快"}, "请填写代理的第一天和最后一天。"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(county: County, more: dict[str, str], said: str) -> None:
    rest = {key: value for key, value in more.items() if key != "substitute"}
    answer = county.as_(ABSENT).post("/substitutes", asked(county, more.get("substitute", HAND), **rest))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert said in text
    if more.get("reason") is None:
        assert 'value="年休假"' in text, "what was typed stays"
    assert (county.count(Substitution), acts(county)) == (0, [])


@pytest.mark.parametrize(
    "wanted",
    [
        (ABSENT, "", "wjw.zhou", 404),
        (HAND, ABSENT, HAND, 403),
        (HAND, HEAD, HAND, 403),
        ("wjw.xu", ABSENT, HAND, 403),
        ("dsj.tu", ABSENT, HAND, 403),
        (ADMIN, "daxue.ouyang", "daxue.shangguan", 400),
    ],
)
def test_nobody_helps_himself_to_anothers_work(county: County, taken: int, wanted: tuple[str, str, str, int]) -> None:
    by, person, substitute, status = wanted
    form = asked(county, substitute, person=str(county.people[person]) if person else "")
    assert county.as_(by).post("/substitutes", form).status_code == status
    assert (county.count(Substitution), acts(county)) == (0, [])
    assert see(county, taken) == 403


def test_one_substitute_at_a_time_and_no_chain(county: County) -> None:
    with county.change() as session:
        session.add(PersonRole(person_id=county.people[HEAD], role="unit_clerk", granted_at=NOW))
    assert name(county).status_code == 302
    second = county.as_(ABSENT).post("/substitutes", asked(county, HEAD))
    assert "王芳在 2026-11-23 至 2026-11-27 已由赵敏代理，请先撤销或者改日期。" in second.get_data(as_text=True)
    chain = county.as_(HEAD).post("/substitutes", asked(county, ABSENT))
    assert "王芳在 2026-11-23 至 2026-11-27 已由赵敏代理" in chain.get_data(as_text=True)
    later = asked(county, HEAD, starts_on="2026-11-28", ends_on="2026-11-30")
    assert county.as_(ABSENT).post("/substitutes", later).status_code == 302
    assert county.count(Substitution) == 2


def test_whoever_loses_the_role_stands_in_no_longer(county: County, taken: int) -> None:
    name(county)
    assert see(county, taken) == 200
    with county.change() as session:
        session.delete(session.get_one(PersonRole, (county.people[HAND], "unit_clerk")))
        session.add(PersonRole(person_id=county.people[HAND], role="unit_lead", granted_at=NOW))
    assert see(county, taken) == 404
    answer = county.as_(HAND).complete(taken, {"name": "不行"})
    assert answer.status_code == 404
    assert county.task(taken).status == "open"


def test_a_substitute_gets_no_task_of_a_role_that_is_not_hers(county: County) -> None:
    """The head is clerk too and the colleague is clerk: what the head has taken as head stays closed to her."""
    sign = county["own.sign"]
    assert county.as_(HEAD).post(f"/tasks/{sign}/claim", {}).status_code == 302
    with county.change() as session:
        session.add(PersonRole(person_id=county.people[HEAD], role="unit_clerk", granted_at=NOW))
    assert county.as_(HEAD).post("/substitutes", asked(county, HAND)).status_code == 302
    assert see(county, sign) == 404
    assert county.as_(HAND).complete(sign, {"result": "同意", "opinion": "同意"}).status_code == 404
    assert county.task(sign).status == "open"


def test_the_task_stays_whose_it_is(county: County, taken: int) -> None:
    name(county)
    hand = county.as_(HAND)
    for act in ("claim", "reassign"):
        refused = hand.post(f"/tasks/{taken}/{act}", {"person": county.people[HEAD]})
        assert (refused.status_code, "可以直接办理" in refused.get_data(as_text=True)) == (403, True), act
    hand.post(f"/tasks/{taken}/release", {})
    assert county.task(taken).assignee_id == county.people[ABSENT]


def test_neither_hand_may_do_both_steps_of_a_pair(county: County) -> None:
    """What a substitute files for the absent one, neither of them signs; nor is it signed for who filed it."""
    head, sign = county.as_(HEAD), county["own.sign"]
    assert head.complete(sign, {"result": "退回", "opinion": "请补充依据"}).status_code == 200
    again = county.open_task(county["own.instance"])
    county.as_(ABSENT).post(f"/tasks/{again}/claim", {})
    name(county)
    done = county.as_(HAND).complete(again, plan_item(OWN, 1234.56, system="XX-JYJ-001", report=county["own.report"]))
    assert done.status_code == 200, done.text
    sign = county.open_task(county["own.instance"])
    with county.change() as session:
        for who in (ABSENT, HAND):
            session.add(PersonRole(person_id=county.people[who], role="unit_head", granted_at=NOW))
    for who in (ABSENT, HAND):
        answer = county.as_(who).complete(sign, {"result": "同意", "opinion": "同意报送"})
        assert (answer.status_code, PAIR in str(answer.get_json())) == (422, True), who
        assert county.task(sign).status == "open"
    assert county.as_(HEAD).complete(sign, {"result": "退回", "opinion": "请补充依据"}).status_code == 200


def test_nobody_signs_for_who_filed_it(county: County) -> None:
    """The filer is head too and took the signature herself: her substitute cannot sign it for her either."""
    sign = county["own.sign"]
    with county.change() as session:
        for who in (ABSENT, HAND):
            session.add(PersonRole(person_id=county.people[who], role="unit_head", granted_at=NOW))
    assert county.as_(ABSENT).post(f"/tasks/{sign}/claim", {}).status_code == 302
    assert name(county).status_code == 302
    refused = county.as_(HAND).complete(sign, {"result": "同意", "opinion": "同意报送"})
    assert (refused.status_code, PAIR in str(refused.get_json())) == (422, True)
    assert (county.task(sign).status, county.count(ActedFor)) == ("open", 0)


def test_a_reminder_reaches_the_substitute_too(county: County, taken: int) -> None:
    name(county)
    with county.change() as session:
        clerk = accounts.actor_of(session, session.get_one(Person, county.people[HEAD]))
        assert reminders.remind(session, taken, by=clerk, now=NOW) == ("王芳", "赵敏")
    with county.look() as session:
        told = session.scalars(select(Notice.person_id).where(Notice.dedupe_key.like("remind:%")))
        assert set(told) == {county.people[ABSENT], county.people[HAND]}
        for role, day in (("unit_head", TODAY), ("unit_clerk", LAST + timedelta(days=1))):
            assert substitutions.standing_in(session, [county.people[ABSENT]], [role], today=day) == {}


def test_what_substitutes_did_cannot_be_rewritten(county: County, taken: int) -> None:
    name(county)
    hand = county.as_(HAND)
    report = hand.upload(taken, REPORT, PDF + b"%2").get_json()["id"]
    hand.complete(taken, plan_item("代办的平台", 12.5, system="XX-JYJ-001", report=report))
    with pytest.raises(DatabaseError, match="append-only"), county.change() as session:
        session.scalars(select(ActedFor)).one().person_id = county.people[HEAD]
    with county.look() as session:
        assert session.scalar(select(func.count()).where(ActedFor.person_id == county.people[ABSENT])) == 1


def test_a_completion_by_a_substitute_takes_one_statement_more(county: County) -> None:
    """The day's substitutions come with the session; only the line that says for whom is written besides."""
    name(county)
    counts = []
    for who in (ABSENT, HAND):
        task = int(county.as_(ABSENT).post("/start/p01u_unit_plan", {}).location.rsplit("/", 1)[1])
        county.as_(ABSENT).post(f"/tasks/{task}/claim", {})
        county.as_(who).get(f"/tasks/{task}")
        county.as_(who).token()
        with traffic(county.database.engine) as seen:
            assert county.as_(who).complete(task, NOT_SECRET).status_code == 200
        assert seen.commits == 1
        counts.append(len(seen.statements))
    assert counts[1] <= counts[0] + 1, "\n".join(seen.statements)
