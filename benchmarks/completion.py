"""(a) One completed task over HTTP against the engine alone and against Viewflow on an equal process."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from app import clock, unit_of_work
from app.engine import runtime
from app.engine.definition import parse_process
from app.engine.step import Step, Variables
from benchmarks import diagrams, servers
from benchmarks.browser import Browser
from benchmarks.figures import Figure, Measured, interleaved, timed
from benchmarks.installation import ANSWERS, Installation, start

COMPLETIONS = 330
STEPS = 3
MOST_OF_RAW = 15.0
MOST_OF_VIEWFLOW = 0.7


def figures(folder: Path) -> list[Figure]:
    """Measure and return the medians and their ratios."""
    processes = (COMPLETIONS + 12) // STEPS + 1
    installation = Installation(folder / "ours")
    clerk = installation.begin()
    with unit_of_work.unit_of_work() as session:
        for _ in range(processes):
            start(session, diagrams.THREE_TASKS, clerk)
    other = folder / "viewflow"
    with servers.ours(installation) as browser, servers.viewflow(other, processes) as their_browser:
        medians = interleaved(
            COMPLETIONS,
            {
                "engine": _engine_alone(),
                "ours": completing(browser, installation),
                "viewflow": _completing_viewflow(their_browser, other / "viewflow.sqlite3"),
            },
        )
    ours = medians["ours"]
    return [
        Figure("a  engine alone: load, complete, compact, save", medians["engine"], "ms"),
        Figure("a  completion over HTTP", ours, "ms"),
        Figure("a  completion over HTTP, Viewflow", medians["viewflow"], "ms"),
        Figure("a  completion ÷ engine alone", ours / medians["engine"], "×", MOST_OF_RAW),
        Figure("a  completion ÷ Viewflow", ours / medians["viewflow"], "×", MOST_OF_VIEWFLOW),
    ]


class _Nobody:
    """A host that is asked nothing by these processes but the time."""

    @property
    def now(self) -> datetime:
        return clock.now()

    def facts(self, names: frozenset[str]) -> Variables:
        raise KeyError(names)

    def operation(self, kind: str, inputs: Variables, headers: Mapping[str, str]) -> Variables:
        raise KeyError(kind, inputs, headers)

    def decision_source(self, decision_id: str) -> str:
        raise KeyError(decision_id)

    def after_working_days(self, start: date, days: int) -> date:
        raise KeyError(start, days)


def _engine_alone() -> Measured:
    """Complete one task after another, from text to text; a finished instance is started anew outside the measure."""
    model, host = parse_process(diagrams.three_tasks()), _Nobody()
    routing = {name: ANSWERS[name] for name in ("amount", "again")}
    step: Step | None = None

    def complete() -> float:
        nonlocal step
        if step is None or step.status != "active":
            step = runtime.start(model, {"instance_key": "1"}, host)
        key, state = next(iter(step.after.user_tasks)), step.state

        def act() -> None:
            nonlocal step
            step = runtime.complete_user_task(model, state, key, host, answers=ANSWERS, routing=routing)

        return timed(act)

    return complete


def completing(browser: Browser, installation: Installation) -> Measured:
    """Complete the oldest open task as the page of a task does; opening that page is not measured."""
    rows = sqlite3.connect(installation.folder / "xiuwu.sqlite3")

    def complete() -> float:
        (task_id,) = rows.execute("SELECT id FROM user_task WHERE status = 'open' ORDER BY id LIMIT 1").fetchone()
        browser.get(f"/tasks/{task_id}")

        def act() -> None:
            _done(browser.post_json(f"/tasks/{task_id}/complete", {"values": ANSWERS}), 200)

        return timed(act)

    return complete


def _completing_viewflow(browser: Browser, database: Path) -> Measured:
    rows = sqlite3.connect(database)
    oldest = "SELECT id, process_id, flow_task FROM viewflow_task WHERE status = 'ASSIGNED' ORDER BY id LIMIT 1"

    def complete() -> float:
        task_id, process_id, flow_task = rows.execute(oldest).fetchone()
        name = flow_task.rsplit(".", 1)[-1]
        address = f"/approval/{process_id}/{name}/{task_id}/execute/"
        browser.get(address)
        values = {f"{name}_{field}": str(value) for field, value in ANSWERS.items()}

        def act() -> None:
            _done(browser.post(address, values), 302)

        return timed(act)

    return complete


def _done(status: int, wanted: int) -> None:
    if status != wanted:
        raise RuntimeError(f"a completion was answered with {status}")
