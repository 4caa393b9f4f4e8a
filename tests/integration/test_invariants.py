"""The global invariants of specification §4.5, each with somebody who tries to get round it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import app
from app import dispatch
from app.domain.states import FINAL, TRANSITIONS, IllegalTransition, State, advance
from app.engine.step import Thrown
from app.errors import Refused
from app.models.business import Project
from app.models.process import ProcessInstance
from app.services import process_instances, project_states
from app.services.process_instances import Run
from tests.integration.web_clients import NOW, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]

APP = Path(app.__file__).parent
MAIN = "p00_lifecycle"


@pytest.fixture
def approved(county: County) -> int:
    key = int(county.places["own.project_id"])
    with county.change() as session:
        session.get_one(Project, key).state = "PLAN_APPROVED"
    return key


def mains(county: County, key: int) -> list[str]:
    query = select(ProcessInstance.status).where(ProcessInstance.project_id == key, ProcessInstance.process_key == MAIN)
    with county.look() as session:
        return sorted(session.scalars(query))


def announce(county: County, key: int) -> None:
    with county.change() as session:
        number = session.get_one(Project, key).no
        thrown = Thrown("message", "plan.item.approved", number, {"project_no": number}, element_id="")
        Run(session, NOW).throw(None, thrown)
    dispatch.settle_outbox()


def test_an_item_approved_twice_starts_one_main_instance(county: County, approved: int) -> None:
    announce(county, approved)
    assert mains(county, approved) == ["active"]
    announce(county, approved)
    announce(county, approved)
    assert mains(county, approved) == ["active"]


def begin(county: County, key: int) -> None:
    with county.change() as session:
        project = session.get_one(Project, key)
        process_instances.start(
            session, MAIN, now=NOW, by=None, variables={"project_no": project.no}, project_id=project.id,
            unit_id=project.unit_id, start_event_id="start",
        )  # fmt: skip


def test_no_second_main_instance_is_started_while_one_is_open(county: County, approved: int) -> None:
    announce(county, approved)
    with pytest.raises(Refused, match="一个项目同时只有一个主流程"):
        begin(county, approved)
    assert mains(county, approved) == ["active"]


def test_no_second_main_instance_is_stored_whoever_writes_it(county: County, approved: int) -> None:
    announce(county, approved)
    with pytest.raises(IntegrityError), county.change() as session:  # noqa: PT012 -- the index speaks at the commit
        running = session.scalars(select(ProcessInstance).where(ProcessInstance.process_key == MAIN)).one()
        session.add(
            ProcessInstance(
                definition_id=running.definition_id, process_key=MAIN, project_id=approved, state=running.state,
                started_at=NOW,
            )
        )  # fmt: skip
    assert mains(county, approved) == ["active"]


def test_a_suspended_main_instance_is_still_the_one(county: County, approved: int) -> None:
    announce(county, approved)
    with county.change() as session:
        for instance in session.scalars(select(ProcessInstance).where(ProcessInstance.process_key == MAIN)):
            instance.status = "suspended"
    announce(county, approved)
    assert mains(county, approved) == ["suspended"]


def test_the_state_is_written_in_one_place_only() -> None:
    """A project begins as a draft (F-02) or exempt (F-01); every other state comes from an event in project_states."""
    written = []
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            flat = [one for target in targets for one in (target.elts if isinstance(target, ast.Tuple) else [target])]
            if any(isinstance(one, ast.Attribute) and one.attr == "state_since" for one in flat):
                written.append(path.relative_to(APP).as_posix())
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id == "update" and ast.unparse(node) == "update(Project)":
                written.append(f"{path.relative_to(APP).as_posix()} updates projects at once")
    assert written == ["services/project_states.py"]


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_leads_out_of_an_end(county: County, approved: int, state: State) -> None:
    assert all(state not in moves for moves in TRANSITIONS.values())
    with county.change() as session:
        project = session.get_one(Project, approved)
        project.state = state
        session.flush()
        for event in TRANSITIONS:
            with pytest.raises(IllegalTransition):
                project_states.move(session, project, event, now=NOW)
        assert project.state == state


def test_an_alternate_is_only_what_got_no_funds() -> None:
    into = {event for event, moves in TRANSITIONS.items() if State.ALTERNATE in moves.values()}
    assert into == {"budget.withheld", "budget.lapsed"}
    assert advance(State.BUDGETED, "budget.lapsed") is State.ALTERNATE
    for state in (State.CONTRACTED, State.BUILDING, State.OPERATING):
        with pytest.raises(IllegalTransition):
            advance(state, "budget.lapsed")
