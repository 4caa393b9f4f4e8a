"""A project that has ended keeps no open task, whatever runs of it and whatever the diagrams say (§4.5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app import dispatch
from app.domain.endings import GOES_ON, kept_deadlines
from app.domain.states import FINAL, State
from app.models.business import DeadlineRow, Project
from app.models.documents import AuditEvent
from app.models.process import OutboxItem, ProcessInstance, UserTask
from app.services import ledger, process_instances, project_states
from tests.integration.web_clients import NOW, TODAY, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["_postgres_county", "_sqlite_county", "county"]

RUNNING = ("p12b_resources", "p15_inspection", "p16_audit", "p11_payment", "p10_extension")
KINDS = ("materials", "order", "audit", "payment")
BEFORE: Mapping[State, tuple[str, str]] = {
    State.REMOVED: ("APPROVED", "library.removed"),
    State.EXEMPT: ("DRAFT", "exempt.registered"),
    State.REJECTED: ("REVIEW", "review.failed"),
    State.TERMINATED: ("BUILDING", "project.terminated"),
    State.SCRAPPED: ("DECOMMISSIONING", "decommission.done"),
    State.WITHDRAWN: ("PLAN_SUBMITTED", "plan.merged"),
}


@pytest.fixture
def busy(county: County) -> int:
    """A project of which many processes run, each with an open task, and whose deadlines are open."""
    key = int(county.places["own.project_id"])
    with county.change() as session:
        project = session.get_one(Project, key)
        for process in RUNNING:
            process_instances.start(
                session, process, now=NOW, by=None, variables={"project_no": project.no}, project_id=key,
                unit_id=project.unit_id,
            )  # fmt: skip
        for kind in KINDS:
            ledger.enter(session, kind, TODAY, project_id=key, now=NOW)
    return key


def moved(county: County, key: int, state: State) -> None:
    before, event = BEFORE[state]
    with county.change() as session:
        project = session.get_one(Project, key)
        project.state = before
        project_states.move(session, project, event, now=NOW)
        assert project.state == state


def running(county: County, key: int) -> set[str]:
    query = select(ProcessInstance.process_key).where(
        ProcessInstance.project_id == key, ProcessInstance.status.in_(("active", "suspended"))
    )
    with county.look() as session:
        return set(session.scalars(query))


def open_in(county: County, key: int) -> set[str]:
    query = (
        select(ProcessInstance.process_key)
        .join(UserTask, UserTask.instance_id == ProcessInstance.id)
        .where(UserTask.project_id == key, UserTask.status == "open")
    )
    with county.look() as session:
        return set(session.scalars(query))


def kinds(county: County, key: int, status: str) -> set[str]:
    query = select(DeadlineRow.kind).where(DeadlineRow.project_id == key, DeadlineRow.status == status)
    with county.look() as session:
        return set(session.scalars(query)) & set(KINDS)


def test_every_final_state_says_what_goes_on() -> None:
    assert set(GOES_ON) == FINAL == set(BEFORE)
    assert GOES_ON[State.REMOVED] == GOES_ON[State.EXEMPT] == frozenset()
    assert GOES_ON[State.TERMINATED] >= {"p11_payment", "p16_audit"}


@pytest.mark.parametrize("state", sorted(FINAL))
def test_what_may_not_go_on_ends_with_its_tasks_and_deadlines(county: County, busy: int, state: State) -> None:
    assert open_in(county, busy) >= set(RUNNING)
    moved(county, busy, state)
    assert open_in(county, busy) >= set(RUNNING), "a step locks one family: the others end in a step of their own"
    dispatch.settle_outbox()
    left = GOES_ON[state] & set(RUNNING)
    assert open_in(county, busy) == left
    assert running(county, busy) <= GOES_ON[state]
    assert kinds(county, busy, "open") == kept_deadlines(state) & set(KINDS)
    assert kinds(county, busy, "void") == set(KINDS) - kept_deadlines(state)


def test_the_diagrams_hear_of_the_end_first(county: County, busy: int) -> None:
    with county.change() as session:
        project = session.get_one(Project, busy)
        project.state = "ALTERNATE"
        lifecycle = process_instances.start(
            session, "p00_lifecycle", now=NOW, by=None, variables={"project_no": project.no}, project_id=busy,
            unit_id=project.unit_id, start_event_id="start",
        )  # fmt: skip
        family, number = lifecycle.id, project.no
        project_states.move(session, project, "library.removed", now=NOW)
        process_instances.Run(session, NOW).throw(
            None, process_instances.Thrown("message", "project.withdrawn", number, {}, element_id="")
        )
    dispatch.settle_outbox()
    with county.look() as session:
        ended = session.get_one(ProcessInstance, family)
        assert (ended.status, ended.end_event_id) == ("completed", "end_withdrawn")
        unheard = session.scalars(select(AuditEvent).where(AuditEvent.act == "message_unmatched")).all()
        assert unheard == []
    assert open_in(county, busy) == set()


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_new_is_begun_for_it_by_a_person(county: County, busy: int, state: State) -> None:
    moved(county, busy, state)
    dispatch.settle_outbox()
    clerk = county.as_("jyj.wang")
    before = running(county, busy)
    with county.look() as session:
        number = session.get_one(Project, busy).no
    page = clerk.get("/start").get_data(as_text=True)
    offered = {
        found[1] for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
        if f'value="{number}"' in row and (found := re.search(r'action="/start/(\w+)"', row))
    }  # fmt: skip
    assert offered == GOES_ON[state] & {"p11_payment"}
    answer = clerk.post("/start/p12b_resources", {"project": number})
    assert answer.status_code == 422
    assert "项目已经结束" in answer.get_data(as_text=True)
    assert running(county, busy) == before


def test_nothing_new_is_begun_for_it_by_a_message(county: County, busy: int) -> None:
    moved(county, busy, State.REMOVED)
    dispatch.settle_outbox()
    with county.change() as session:
        number = session.get_one(Project, busy).no
        payload = {"hold_code": "H-ACC", "cause": "x"}
        for name in ("hold.set", "inspection.request"):
            process_instances.Run(session, NOW).throw(
                None, process_instances.Thrown("message", name, number, payload, element_id="")
            )
    dispatch.settle_outbox()
    assert running(county, busy) == set()


def test_the_sweep_finds_what_an_older_version_left_open(county: County, busy: int) -> None:
    with county.change() as session:
        session.get_one(Project, busy).state = "REMOVED"
    dispatch.settle_outbox()
    assert open_in(county, busy) >= set(RUNNING)
    for _ in range(2):
        dispatch.sweep()
        dispatch.settle_outbox()
        assert open_in(county, busy) == set()
    with county.look() as session:
        assert session.scalars(select(OutboxItem.kind).where(OutboxItem.kind == "ended")).all() == []


def test_a_project_that_has_not_ended_is_left_alone(county: County, busy: int) -> None:
    with county.change() as session:
        project_states.announce_end(session, busy, now=NOW)
    dispatch.settle_outbox()
    assert open_in(county, busy) >= set(RUNNING)
    assert kinds(county, busy, "open") == set(KINDS)
