"""Open values of the regulation: proposed, decided by a second person, in force from their day on, never rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.errors import AlreadyDone, NotFound, NotPermitted, Refused
from app.models.accounts import Person, PersonRole
from app.models.business import DeadlineRow
from app.models.documents import AuditEvent, Notice
from app.models.parameters import ParameterChange, ParameterDecision
from app.services import ledger, parameters
from app.services.context import Actor
from app.unit_of_work import Database
from tests.integration.county import County

NOW = datetime(2025, 11, 10, 9, tzinfo=SHANGHAI)
TODAY = NOW.date()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with Session(database.engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def county(session: Session) -> County:
    return County(session, TODAY)


def owner(county: County) -> Actor:
    return a_person(county, "owner", "process_owner")


def a_person(county: County, name: str, *roles: str) -> Actor:
    bureau = county.actors["bur_head"].organisation_id
    row = Person(organisation_id=bureau, username=name, name=name, created_at=NOW)
    county.session.add(row)
    county.session.flush()
    county.session.add_all(PersonRole(person_id=row.id, role=role, granted_at=NOW) for role in roles)
    county.session.flush()
    return Actor(row.id, name, name, bureau, "bureau", frozenset(roles))


def proposed(county: County, key: str = "materials_days", value: str = "45", **more: object) -> ParameterChange:
    asked: dict[str, object] = {"reason": "项目单位反映时间不够。", "effective_on": TODAY, "now": NOW} | more
    by = asked.pop("by", county.actors["bur_section"])
    return parameters.propose(county.session, key, value=value, by=by, **asked)  # type: ignore[arg-type]


def said(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return refusal.value.message % refusal.value.values


def test_a_value_takes_effect_by_two_people_and_not_before(county: County) -> None:
    session = county.session
    change = proposed(county, effective_on=date(2025, 12, 1))
    assert (change.old, change.new, change.article) == ("30", "45", 9)
    assert parameters.current(session, date(2026, 1, 1)).materials_days == 30
    parameters.decide(session, change.id, accepted=True, by=county.actors["bur_head"], now=NOW)
    values = [parameters.current(session, day).materials_days for day in (date(2025, 11, 30), date(2025, 12, 1))]
    assert values == [30, 45]
    acts = session.scalars(select(AuditEvent).where(AuditEvent.subject_kind == "parameter").order_by(AuditEvent.id))
    assert [(event.act, event.actor_id) for event in acts] == [
        ("propose_parameter", county.actors["bur_section"].id),
        ("decide_parameter", county.actors["bur_head"].id),
    ]
    told = session.execute(select(Notice.person_id, Notice.message).order_by(Notice.id)).all()
    assert [tuple(row) for row in told] == [
        (county.actors["bur_head"].id, "“%(label)s”有一份修改等待审定。"),
        (county.actors["bur_section"].id, "“%(label)s”的修改已审定生效。"),
    ]


def test_the_one_who_proposes_cannot_decide_even_with_both_roles(county: County) -> None:
    both = a_person(county, "both", "bur_section", "bur_head")
    change = proposed(county, by=both)
    with pytest.raises(NotPermitted) as refusal:
        parameters.decide(county.session, change.id, accepted=True, by=both, now=NOW)
    assert said(refusal) == "提出修改的人不能自己审定，请另一位领导审定。"
    assert county.session.scalars(select(ParameterDecision)).all() == []
    assert parameters.current(county.session, TODAY).materials_days == 30


@pytest.mark.parametrize("who", ["unit_head", "fin_head", "drc_head", "bur_clerk", "bur_head"])
def test_nobody_else_may_propose(county: County, who: str) -> None:
    with pytest.raises(NotPermitted):
        proposed(county, by=county.actors[who])
    assert county.session.scalars(select(ParameterChange)).all() == []


@pytest.mark.parametrize("who", ["bur_section", "bur_clerk", "fin_head", "unit_head"])
def test_nobody_else_may_decide(county: County, who: str) -> None:
    change = proposed(county, by=owner(county))
    for accepted in (True, False):
        with pytest.raises(NotPermitted) as refusal:
            parameters.decide(county.session, change.id, accepted=accepted, reason="否", by=county.actors[who], now=NOW)
        assert said(refusal) == "参数由大数据局领导审定。"
    assert county.session.scalars(select(ParameterDecision)).all() == []


def test_the_proposer_may_withdraw_and_the_head_refuse_with_a_reason(county: County) -> None:
    session, head = county.session, county.actors["bur_head"]
    first = proposed(county)
    with pytest.raises(AlreadyDone) as open_still:
        proposed(county, value="50")
    assert said(open_still) == "“编制申报材料期限”已有一份修改等待审定。"
    parameters.decide(session, first.id, accepted=False, by=county.actors["bur_section"], now=NOW)
    second = proposed(county, value="50")
    with pytest.raises(Refused) as no_reason:
        parameters.decide(session, second.id, accepted=False, by=head, now=NOW)
    assert said(no_reason) == "不同意的，请写明理由。"
    parameters.decide(session, second.id, accepted=False, reason="现行期限够用。", by=head, now=NOW)
    with pytest.raises(AlreadyDone):
        parameters.decide(session, second.id, accepted=True, by=head, now=NOW)
    decisions = [(row.change_id, row.decision) for row in session.scalars(select(ParameterDecision))]
    assert decisions == [(first.id, "withdrawn"), (second.id, "refused")]
    assert parameters.current(session, TODAY).materials_days == 30


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"key": "speed"}, "没有名为 speed 的参数或者条件。"),
        ({"value": "soon"}, "“编制申报材料期限”应为整数，不能填“soon”。"),
        ({"value": "0"}, "“编制申报材料期限”应在 1 到 730 之间。"),
        ({"value": "30"}, "没有改动：请填写新的取值或者解释口径。"),
        ({"value": ""}, "没有改动：请填写新的取值或者解释口径。"),
        ({"reason": "  "}, "请写明修改理由。"),
        ({"reason": "长" * 2001}, "理由和解释口径各不超过 2000 字。"),
        ({"effective_on": date(2025, 11, 9)}, "生效日期 2025-11-09 已过去；新的口径只对以后作出的决定有效。"),
        ({"key": "panel_minimum", "value": "4"}, "专家组人数须为单数，最少人数也应为单数。"),
        ({"key": "G-13", "value": "4"}, "“G-13”没有取值，只能登记解释口径。"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    county: County, asked: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused) as refusal:
        proposed(county, **asked)  # type: ignore[arg-type]
    assert said(refusal) == sentence
    assert county.session.scalars(select(ParameterChange)).all() == []
    assert county.session.scalars(select(AuditEvent)).all() == []


def test_two_proposals_that_contradict_each_other_do_not_both_take_effect(county: County) -> None:
    session, head = county.session, county.actors["bur_head"]
    longest = proposed(county, "rectification_days_at_most", "40")
    usual = proposed(county, "rectification_days", "60")
    parameters.decide(session, longest.id, accepted=True, by=head, now=NOW)
    with pytest.raises(Refused) as refusal:
        parameters.decide(session, usual.id, accepted=True, by=head, now=NOW)
    assert said(refusal) == "“验收整改默认期限”不能大于“验收整改最长期限”。"
    assert parameters.current(session, TODAY).rectification_days == 30


def test_a_proposal_that_lay_too_long_is_not_put_in_force_for_the_past(county: County) -> None:
    change = proposed(county)
    with pytest.raises(Refused) as refusal:
        parameters.decide(
            county.session, change.id, accepted=True, by=county.actors["bur_head"], now=NOW + timedelta(days=1)
        )
    assert "已过去" in said(refusal)


def test_a_gate_takes_an_interpretation_without_a_value(county: County) -> None:
    text = "“未经审核”指没有对现行版本的审核意见。"
    change = proposed(county, "G-13", "", interpretation=text)
    parameters.decide(county.session, change.id, accepted=True, by=county.actors["bur_head"], now=NOW)
    assert (change.new, change.interpretation, change.article) == ("", text, 13)


@pytest.mark.parametrize("table", [ParameterChange, ParameterDecision])
def test_history_is_never_rewritten(county: County, table: type[ParameterChange | ParameterDecision]) -> None:
    change = proposed(county)
    parameters.decide(county.session, change.id, accepted=True, by=county.actors["bur_head"], now=NOW)
    for statement in (update(table).values(reason="改"), delete(table)):
        with pytest.raises(DBAPIError, match="append-only"), county.session.begin_nested():
            county.session.execute(statement)


def test_gates_deadlines_and_papers_use_what_is_in_force(county: County) -> None:
    session, head = county.session, county.actors["bur_head"]
    for key, value in (("materials_days", "45"), ("panel_minimum", "5"), ("code_review", "修政审")):
        change = proposed(county, key, value)
        parameters.decide(session, change.id, accepted=True, by=head, now=NOW)
    county.plan()
    assert county.facts.parameters.panel_minimum == 5
    row = session.scalars(select(DeadlineRow).where(DeadlineRow.kind == "materials")).one()
    assert row.raw == TODAY + timedelta(days=45)
    before = ledger.enter(session, "audit", TODAY, project_id=county.project.id, now=NOW)
    assert before.raw == TODAY + timedelta(days=60)


def test_a_changed_length_does_not_touch_deadlines_that_run(county: County) -> None:
    session = county.session
    county.plan()
    row = session.scalars(select(DeadlineRow).where(DeadlineRow.kind == "materials")).one()
    due = row.due
    change = proposed(county)
    parameters.decide(session, change.id, accepted=True, by=county.actors["bur_head"], now=NOW)
    ledger.recount(session, now=NOW)
    session.refresh(row)
    assert row.due == due


def test_the_facts_take_no_statement_more_for_them(county: County, database: Database) -> None:
    change = proposed(county)
    parameters.decide(county.session, change.id, accepted=True, by=county.actors["bur_head"], now=NOW)
    county.plan()
    county.session.commit()
    with Session(database.engine) as reading:
        statements: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        for _ in range(2):
            statements.clear()
            other = County.__new__(County)
            other.session, other.today, other.instance = reading, TODAY, reading.merge(county.instance, load=False)
            assert other.facts.parameters.materials_days == 45
            asked = [one for one in statements if "parameter_change" in one]
            reading.expire_all()
        assert asked == []


def test_a_decision_that_is_rolled_back_leaves_no_trace_in_memory(county: County, database: Database) -> None:
    head = county.actors["bur_head"]
    first, second = proposed(county), proposed(county, "audit_rectification_days", "90")
    county.session.commit()
    with suppress(LookupError), database.unit_of_work() as doomed:
        parameters.decide(doomed, first.id, accepted=True, by=head, now=NOW)
        assert parameters.current(doomed, TODAY).materials_days == 45
        raise LookupError
    with database.unit_of_work() as kept:
        parameters.decide(kept, second.id, accepted=True, by=head, now=NOW)
    with database.read_only() as reading:
        found = parameters.current(reading, TODAY)
    assert (found.materials_days, found.audit_rectification_days) == (30, 90)


def test_an_unknown_proposal_is_not_found(county: County) -> None:
    with pytest.raises(NotFound):
        parameters.decide(county.session, 99, accepted=True, by=county.actors["bur_head"], now=NOW)
