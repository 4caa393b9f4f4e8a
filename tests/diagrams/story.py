"""Runs one shipped process step by step, with the facts that a test gives and without a database."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.clock import SHANGHAI
from app.domain.deadline_kinds import KINDS
from app.domain.parameters import Parameters
from app.engine import runtime
from app.engine.definition import parse_process

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.engine.definition import ProcessModel
    from app.engine.step import Step, UserTaskWait

BPMN = Path(__file__).parents[2] / "bpmn"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
NO_DEADLINE: Mapping[str, object] = {"due": None, "fires_at": None, "reminders": [], "overdue": False}


@cache
def model_of(process_id: str) -> ProcessModel:
    """Return the parsed model of a shipped process."""
    return parse_process((BPMN / f"{process_id}.bpmn").read_bytes(), name=process_id)


class CountyOnPaper:
    """What a step asks of the application, answered from what the test wrote down."""

    def __init__(
        self, project: Mapping[str, object], deadlines: Mapping[str, date], results: Mapping[str, object]
    ) -> None:
        self.now = NOW
        self.project = {"no": "XWXX-2026-T-001", **project}
        self.deadlines = dict(deadlines)
        self.results = dict(results)
        self.submissions: dict[str, Mapping[str, object]] = {}
        self.done: list[tuple[str, Mapping[str, object], Mapping[str, str]]] = []

    def facts(self, names: frozenset[str]) -> Mapping[str, object]:
        found: dict[str, object] = {}
        for name in names:
            root = name.partition(".")[0]
            found[root] = {
                "project": self.project,
                "deadline": {kind: self._deadline(kind) for kind in KINDS},
                "submission": self._submitted(names),
                "hold": {"active": []},
                "instance": {"key": "1"},
                "parameter": asdict(Parameters()),
            }[root]
        return found

    def operation(self, kind: str, inputs: Mapping[str, object], headers: Mapping[str, str]) -> Mapping[str, object]:
        self.done.append((kind, dict(inputs), dict(headers)))
        found = self.results.get(kind, {})
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        assert isinstance(found, dict)
        return found

    def decision_source(self, decision_id: str) -> str:
        path = BPMN / f"{decision_id}.dmn"
        if not path.exists():
            raise KeyError(decision_id)
        return path.read_text(encoding="utf-8")

    def after_working_days(self, start: date, days: int) -> date:
        day = start
        while days:
            day += timedelta(days=1)
            days -= day.weekday() < 5
        return day

    def _submitted(self, names: frozenset[str]) -> Mapping[str, object]:
        """A field that was not submitted answers null."""
        asked = [name.split(".") for name in names if name.startswith("submission.") and name.count(".") > 1]
        nothing = {form: {field: None for _, of, field, *_ in asked if of == form} for _, form, *_ in asked}
        return {form: {**fields, **self.submissions.get(form, {})} for form, fields in nothing.items()}

    def _deadline(self, kind: str) -> Mapping[str, object]:
        due = self.deadlines.get(kind)
        if due is None:
            return NO_DEADLINE
        fires_at = datetime.combine(due + timedelta(days=1), time(), SHANGHAI)
        reminders = [datetime.combine(due - timedelta(days=n), time(8, 30), SHANGHAI) for n in (30, 15, 7, 3, 1)]
        return {"due": due, "fires_at": fires_at, "reminders": reminders, "overdue": self.now >= fires_at}


class Story:
    """One instance of a shipped process, told act by act."""

    def __init__(
        self,
        process_id: str,
        *,
        project: Mapping[str, object] | None = None,
        deadlines: Mapping[str, date] | None = None,
        results: Mapping[str, object] | None = None,
        variables: Mapping[str, object] | None = None,
        start: str | None = None,
    ) -> None:
        self.model = model_of(process_id)
        self.county = CountyOnPaper(project or {}, deadlines or {}, results or {})
        self.thrown: list[tuple[str, str, Mapping[str, object]]] = []
        self.visited: list[str] = []
        given = {"project_no": "XWXX-2026-T-001", **(variables or {})}
        self.step = self._after(runtime.start(self.model, given, self.county, start_event_id=start))

    @property
    def open_tasks(self) -> list[str]:
        """Element ids of the open user tasks, in order of the alphabet."""
        return sorted(wait.element_id for wait in self.step.after.user_tasks.values())

    @property
    def calls(self) -> list[str]:
        """Process ids of the called processes that run."""
        return sorted(wait.process_id for wait in self.step.after.calls.values())

    @property
    def end(self) -> str:
        """The end event reached, empty while the instance is active."""
        return self.step.end_event_id

    @property
    def operations(self) -> list[str]:
        """Types of the operations done so far."""
        return [kind for kind, _, _ in self.county.done]

    @property
    def notices(self) -> list[str]:
        """Templates of the notices sent so far."""
        return [headers["template"] for kind, _, headers in self.county.done if kind == "notice.send"]

    def task(self, element_id: str) -> UserTaskWait:
        """Return the first open task of this element."""
        return next(wait for wait in self.step.after.user_tasks.values() if wait.element_id == element_id)

    def do(self, element_id: str, **answers: object) -> Story:
        """Complete a user task with these answers; all that the form routes is given."""
        wait = self.task(element_id)
        self.county.submissions[wait.form_id] = answers
        self.step = self._after(
            runtime.complete_user_task(
                self.model, self.step.state, wait.key, self.county, answers=answers, routing=answers
            )
        )
        return self

    def sign(self, *element_ids: str, result: str = "同意") -> Story:
        """Sign these tasks one after another."""
        for element_id in element_ids:
            self.do(element_id, result=result, opinion="意见")
        return self

    def confirm(self, *element_ids: str, result: str = "属实") -> Story:
        """Confirm these tasks one after another."""
        for element_id in element_ids:
            self.do(element_id, result=result)
        return self

    def returned(self, process_id: str, **project: object) -> Story:
        """The called process has ended; the project's facts are now these."""
        self.county.project.update(project)
        wait = next(wait for wait in self.step.after.calls.values() if wait.process_id == process_id)
        self.step = self._after(runtime.call_finished(self.model, self.step.state, wait.key, self.county, outputs={}))
        return self

    def hear(self, message: str, **payload: object) -> Story:
        """Deliver a message to the first subscription that waits for it."""
        wait = next(wait for wait in self.step.after.subscriptions.values() if wait.name == message)
        self.step = self._after(runtime.deliver(self.model, self.step.state, wait.key, self.county, payload=payload))
        return self

    def wait_for(self, element_id: str) -> Story:
        """Move the clock to the moment when this timer is due, and fire it."""
        wait = next(wait for wait in self.step.after.timers.values() if wait.element_id == element_id)
        self.county.now = max(self.county.now, wait.due_at)
        self.step = self._after(runtime.fire_timer(self.model, self.step.state, wait.key, self.county))
        return self

    def refresh(self) -> Story:
        """Evaluate the waiting timers again because the ledger moved."""
        self.step = self._after(runtime.refresh_timers(self.model, self.step.state, self.county))
        return self

    def _after(self, step: Step) -> Step:
        assert not step.after.incidents, [wait.error for wait in step.after.incidents.values()]
        self.thrown.extend((item.name, item.correlation_key, item.payload) for item in step.thrown)
        self.visited.extend(entry.element_id for entry in step.history)
        return step
