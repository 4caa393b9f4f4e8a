"""Two projects of the demonstration at every stage of their lives: one database a stage, made once for all workers.

A test takes up a project where it stands (in review, funded, under construction …) without living through what was
before: the stories are told once a state of the sources, by running the engine, and each stage is copied aside.
"""

from __future__ import annotations

import pickle
import sqlite3
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app import clock, migrations, unit_of_work
from app.demo import load as loading
from app.models.business import Project
from app.services import audit
from tests.county import kept

if TYPE_CHECKING:
    from app.demo.story import Telling

INVESTMENT, SERVICE = "XWXX-2025-T-009", "XWXX-2025-G-004"
"""医保基金智能监管系统 and 12345热线智能客服云服务: from the plan to their operation without a detour."""
BEGINNING = date(2024, 9, 27)
END = datetime(2026, 6, 22, 9, 0, tzinfo=clock.SHANGHAI)
"""When both are in operation."""
AUDIT_KEY = b"of the tests' stages, 32 bytes.."


@dataclass(frozen=True)
class Stage:
    """A project at the moment it reached a state."""

    number: str
    state: str
    database: Path
    now: datetime
    notes: dict[str, Any]
    """What the answer book has noted of its whole life, so that it can answer out of turn too."""


def stages() -> tuple[Stage, ...]:
    """Return every stage of both projects, in the order in which they were reached."""
    folder = kept("stages", "tests.stages")
    found = pickle.loads((folder / "stages.pickle").read_bytes())  # noqa: S301 -- written by `build` below
    return tuple(Stage(number, state, folder / name, now, notes) for number, state, name, now, notes in found)


def build(folder: Path) -> None:
    """Tell the two stories into `folder`, a database a stage."""
    folder.mkdir(parents=True)
    draft = folder / "loading.sqlite3"
    unit_of_work.configure(f"sqlite:///{draft}", durable=False)
    audit.configure(AUDIT_KEY)
    migrations.upgrade()
    known: dict[str, str] = {}
    found: list[tuple[str, str, str, datetime, dict[str, Any]]] = []
    telling: list[Telling] = []

    def told(day: date, _completed: int) -> None:
        with unit_of_work.read_only() as session:
            states = dict(session.execute(select(Project.no, Project.state)).all())
        new = {number: state for number, state in states.items() if known.get(number) != state}
        known.update(new)
        if new:
            name = f"{day:%Y%m%d}.sqlite3"
            _copy(draft, folder / name)
            for number, state in new.items():
                found.append((number, state, name, clock.now(), telling[0].stories[number].notes))
        (folder / "stages.pickle").write_bytes(pickle.dumps(found))

    loading.load(
        folder / "blobs", only=(INVESTMENT, SERVICE), begin=BEGINNING, until=END, told=told, began=telling.append
    )
    unit_of_work.database().dispose()
    draft.unlink()


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as reading, sqlite3.connect(target) as writing:
        reading.backup(writing)
    writing.execute("PRAGMA journal_mode=delete")
    writing.close()
    reading.close()


if __name__ == "__main__":
    build(Path(sys.argv[1]))
