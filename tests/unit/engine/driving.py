"""Drive an instance in tests by element ids; every step begins from the stored text, as in the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine import runtime
from tests.unit.engine.drawing import StandIn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from app.engine.definition import ProcessModel
    from app.engine.step import Step, Waits


class Drive:
    """One instance under way."""

    def __init__(
        self, model: ProcessModel, host: StandIn | None = None, *, at: str | None = None, **variables: object
    ) -> None:
        self.model = model
        self.host = host or StandIn()
        self.step = runtime.start(model, variables, self.host, start_event_id=at)
        self.path = self.told(self.step)

    @property
    def waits(self) -> Waits:
        return self.step.after

    @property
    def variables(self) -> Mapping[str, object]:
        return self.step.variables

    @property
    def open(self) -> list[str]:
        """The element ids of the user tasks that wait."""
        return sorted(wait.element_id for wait in self.waits.user_tasks.values())

    @property
    def ended(self) -> str:
        return f"{self.step.status} {self.step.end_event_id or self.step.error_code}".strip()

    def keys(self, rows: str, element_id: str) -> list[str]:
        return [key for key, row in getattr(self.waits, rows).items() if row.element_id == element_id]

    def complete(self, element_id: str, *, nth: int = 0, **answers: object) -> Drive:
        key = self.keys("user_tasks", element_id)[nth]
        return self.took(
            runtime.complete_user_task(self.model, self.step.state, key, self.host, answers=answers, routing=answers)
        )

    def fire(self, element_id: str, *, at: datetime | None = None, later: timedelta | None = None) -> Drive:
        """Fire a timer: at a moment, so much later than now, or when it is due."""
        (key,) = self.keys("timers", element_id)
        due = self.waits.timers[key].due_at
        self.host.now = at or (self.host.now + later if later is not None else max(due, self.host.now))
        return self.took(runtime.fire_timer(self.model, self.step.state, key, self.host))

    def deliver(self, element_id: str, *, nth: int = 0, **payload: object) -> Drive:
        key = self.keys("subscriptions", element_id)[nth]
        return self.took(runtime.deliver(self.model, self.step.state, key, self.host, payload=payload))

    def returned(self, element_id: str, *, nth: int = 0, **outputs: object) -> Drive:
        key = self.keys("calls", element_id)[nth]
        return self.took(runtime.call_finished(self.model, self.step.state, key, self.host, outputs=outputs))

    def failed(self, element_id: str, code: str) -> Drive:
        (key,) = self.keys("calls", element_id)
        return self.took(runtime.call_failed(self.model, self.step.state, key, self.host, code=code, message="原因"))

    def refresh(self) -> Drive:
        return self.took(runtime.refresh_timers(self.model, self.step.state, self.host))

    def retry(self, element_id: str) -> Drive:
        (key,) = self.keys("incidents", element_id)
        return self.took(runtime.retry(self.model, self.step.state, key, self.host))

    def due(self, element_id: str) -> datetime | None:
        keys = self.keys("timers", element_id)
        return self.waits.timers[keys[0]].due_at if keys else None

    def took(self, step: Step) -> Drive:
        assert step.before == self.step.after
        if step.state:
            assert runtime.waits(self.model, step.state, self.host) == step.after
        self.step = step
        self.path = [*self.path, *self.told(step)]
        return self

    def told(self, step: Step) -> list[str]:
        return [entry.element_id for entry in step.history if entry.event in ("completed", "fired")]


def thrown(step: Step) -> Sequence[tuple[str, str, str, Mapping[str, object]]]:
    return [(each.kind, each.name, each.correlation_key, each.payload) for each in step.thrown]
