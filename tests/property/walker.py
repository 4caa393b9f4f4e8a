"""Walks one shipped process at random: any task, any outcome, any timer, message or call, saved and loaded always."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import pytest

from app.domain.roles import PROJECT_ROLES
from app.domain.vocabulary import MESSAGES, PROCESSES
from app.engine import runtime
from app.engine.definition import parse_process
from app.engine.step import CallWait, Step, SubscriptionWait, TimerWait, UserTaskWait
from tests.property.county_by_chance import HOLD_CODES, CountyByChance
from tests.property.drawing import BPMN, drawing_of

if TYPE_CHECKING:
    from app.engine.definition import ProcessModel

Wait = UserTaskWait | TimerWait | SubscriptionWait | CallWait
COUNTY_WIDE = frozenset(
    {
        "p01_annual_plan",
        "p01u_unit_plan",
        "p12c_legacy",
        "p17_library",
        "p18_not_started",
        "p21_sharing",
        "p22_feedback",
        "p24_cloud_migration",
    }
)
"""Processes that are started without a project: every fact of one is null."""
MOST_BYTES = 8_000
"""Of a stored state."""
TRIES = 3
"""Ways to go on that an escape looks at before it takes the best."""
MOST_ESCAPE = 200
"""Acts within which an instance must be brought to its end, wherever it stands."""
LASTING = frozenset({"p12b_resources", "p20_hold"})
"""Processes that last until a message ends them: an item is updated as long as its system lives, a hold stands until
its evidence comes."""
LIKELY = {TimerWait: 0.5, SubscriptionWait: 0.2}
"""How likely an act is beside a person's or a called process's."""


@cache
def model_of(process_id: str) -> ProcessModel:
    """Return the parsed model of a shipped process."""
    return parse_process((BPMN / f"{process_id}.bpmn").read_bytes(), name=process_id)


@dataclass
class Walk:
    """One instance from its start to its end."""

    process_id: str
    county: CountyByChance
    step: Step
    told: list[str]
    """What has happened, for the reader of a failure."""
    flows: set[str] = field(default_factory=set)
    """The flows that the last act went along."""

    @property
    def ended(self) -> bool:
        """Whether the instance has come to its end."""
        return self.step.status != "active"

    @property
    def distance(self) -> int:
        """How far all that a person or a called process has to do is from the end of the diagram, taken together."""
        known = drawing_of(self.process_id).to_the_end
        after = self.step.after
        waits: list[Wait] = [*after.user_tasks.values(), *after.calls.values()]
        return sum(1 + known.get(wait.element_id, 0) for wait in waits)

    @property
    def waiting(self) -> list[str]:
        """The elements that wait for something."""
        after = self.step.after
        kinds = (after.user_tasks, after.calls, after.timers, after.subscriptions)
        return [wait.element_id for waits in kinds for wait in waits.values()]

    def copied(self) -> Walk:
        """Return the same walk up to here, to go on from in another way."""
        return replace(self, county=self.county.copied(), told=[*self.told], flows=set())

    def act(self, seen: Counter[str], *, heeding: bool = True) -> None:
        """Let one thing happen that can happen now; before it, facts may change, the ledger may move, time passes.

        What happened rarely so far (`seen`) is likelier, so that messages which end everything do not hide what comes
        late. Not `heeding` messages, one is only taken where there is nothing else to do.
        """
        chance = self.county.chance
        self.flows = set()
        if chance.random() < 0.4:
            self.county.turn()
        if chance.random() < 0.05:
            self._refresh()
        self.county.now += timedelta(hours=chance.randint(1, 30))
        after = self.step.after
        due: list[Wait] = [*after.user_tasks.values(), *after.calls.values(), *after.timers.values()]
        if heeding or not due:
            due.extend(after.subscriptions.values())
        weights = [LIKELY.get(type(wait), 1) / (1 + seen[wait.element_id]) for wait in due]
        (wait,) = chance.choices(due, weights)
        seen[wait.element_id] += 1
        self.told.append(f"{type(wait).__name__} {wait.element_id} at {self.county.now:%m-%d %H:%M}")
        self._arrive(self._happen(wait))

    def escape(self) -> None:
        """Bring the instance to its end without being told to from outside, always taking the best of a few ways on."""
        left = self
        for _ in range(MOST_ESCAPE):
            if left.ended:
                return
            ways = [left.copied() for _ in range(TRIES)]
            for way in ways:
                way.act(Counter(), heeding=self.process_id in LASTING)
            left = min(ways, key=lambda way: (not way.ended, way.distance))
        pytest.fail(left.story(f"not ended after {MOST_ESCAPE} acts"))

    def stop(self) -> None:
        """Terminated from outside where it stands, it leaves nothing that waits, and nothing can happen any more."""
        model, county = model_of(self.process_id), self.county
        step = runtime.terminate(model, self.step.state, county)
        assert (step.status, step.state) == ("terminated", "")
        assert step.after == runtime.waits(model, step.state, county)
        assert not any((step.after.user_tasks, step.after.timers, step.after.subscriptions, step.after.calls))
        for key in [*self.step.after.timers, *self.step.after.user_tasks]:
            with pytest.raises(KeyError):
                runtime.fire_timer(model, step.state, key, county)

    def story(self, what: object) -> str:
        """Return what went wrong with what led there."""
        return f"{self.process_id}: {what}\n" + "\n".join(self.told[-40:])

    def _happen(self, wait: Wait) -> Step:
        model, state, county = model_of(self.process_id), self.step.state, self.county
        match wait:
            case UserTaskWait():
                answers, routing = county.answer(wait)
                self.told.append(f"    {routing}")
                return runtime.complete_user_task(model, state, wait.key, county, answers=answers, routing=routing)
            case TimerWait():
                county.now = max(county.now, wait.due_at)
                return runtime.fire_timer(model, state, wait.key, county)
            case SubscriptionWait():
                codes = {"lift_code", "hold_code"}
                payload = {name: county.words(name in codes) for name in MESSAGES[wait.name].payload}
                return runtime.deliver(model, state, wait.key, county, payload=payload)
            case CallWait():
                if county.chance.random() < 0.1:
                    self._fail(wait)
                county.called(wait.process_id)
                return runtime.call_finished(model, self.step.state, wait.key, county, outputs={})

    def _fail(self, wait: CallWait) -> None:
        """A called process that fails is an incident of the call; tried again, it is called anew under the same key."""
        model = model_of(self.process_id)
        failed = runtime.call_failed(model, self.step.state, wait.key, self.county, code="x", message="出错")
        assert [incident.element_id for incident in failed.after.incidents.values()] == [wait.element_id]
        (key,) = failed.after.incidents
        self._arrive(runtime.retry(model, failed.state, key, self.county))
        assert self.step.after.calls[wait.key].process_id == wait.process_id

    def _refresh(self) -> None:
        """The ledger moves, and every waiting timer with it."""
        self.county.move_deadlines()
        self._arrive(runtime.refresh_timers(model_of(self.process_id), self.step.state, self.county))

    def _arrive(self, step: Step) -> None:
        """Stand where a step led, if it kept the rules."""
        self.step = step
        self.flows |= drawing_of(self.process_id).walked(step.history)
        assert not step.after.incidents, self.story([wait.error for wait in step.after.incidents.values()])
        assert all(thrown.name in MESSAGES and thrown.correlation_key for thrown in step.thrown)
        waiting = runtime.waits(model_of(self.process_id), step.state, self.county)
        assert waiting == step.after, self.story("loaded, it waits otherwise")
        if step.status != "active":
            assert (step.status, step.state) == ("completed", ""), self.story(step.status)
            return
        assert len(step.state.encode()) < MOST_BYTES, self.story(f"{len(step.state.encode())} bytes")
        lasting = [waiting.user_tasks, waiting.timers, waiting.subscriptions, waiting.calls]
        assert any(lasting), self.story("it waits for nothing that can happen")
        assert all(set(task.candidate_groups) & PROJECT_ROLES for task in waiting.user_tasks.values())
        assert all(wait.correlation_key for wait in waiting.subscriptions.values())
        assert all(call.process_id in PROCESSES for call in waiting.calls.values())


def start(process_id: str, chance: Random) -> Walk:
    """Start an instance by one of its start events, with what its callers give it."""
    drawing, county = drawing_of(process_id), CountyByChance(chance, has_project=process_id not in COUNTY_WIDE)
    event = chance.choice(drawing.starts)
    given: dict[str, object] = {"suggested": chance.random() < 0.5, "fund_type": "建设"}
    given |= {"unit": "nyj", "fy": 2027, "hold_code": chance.choice(HOLD_CODES), "cause": "逾期未验收"}
    if process_id not in COUNTY_WIDE:
        given["project_no"] = "XWXX-2026-T-001"
    chosen = None if event == drawing.plain_start else event
    step = runtime.start(model_of(process_id), given, county, start_event_id=chosen)
    walk = Walk(process_id, county, step, [f"start {event}"])
    walk._arrive(step)
    return walk
