"""(b) SQL statements and commits of one completion, counted at the engine's door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from app import create_app, unit_of_work
from benchmarks import diagrams
from benchmarks.figures import Figure
from benchmarks.installation import ANSWERS, PASSWORD, USERNAME, Installation, start

MOST_STATEMENTS = 12
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
COMPLETIONS = 30


@dataclass
class Traffic:
    """What went to the database."""

    statements: list[str] = field(default_factory=list)
    """Every SELECT, INSERT, UPDATE and DELETE; what only begins or ends a transaction is not counted."""
    commits: int = 0


@contextmanager
def counted(engine: Engine) -> Iterator[Traffic]:
    """Count all that goes to a database inside the block."""
    traffic = Traffic()

    def executed(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            traffic.statements.append(statement)

    def committed(_connection: object) -> None:
        traffic.commits += 1

    event.listen(engine, "before_cursor_execute", executed)
    event.listen(engine, "commit", committed)
    try:
        yield traffic
    finally:
        event.remove(engine, "before_cursor_execute", executed)
        event.remove(engine, "commit", committed)


def figures(folder: Path) -> list[Figure]:
    """Complete tasks through the whole application, login and CSRF on, and return the most that one took."""
    installation = Installation(folder / "statements")
    clerk = installation.begin()
    with unit_of_work.unit_of_work() as session:
        for _ in range(COMPLETIONS // 3):
            start(session, diagrams.THREE_TASKS, clerk)
    client = create_app(installation.settings).test_client()
    client.post(
        "/login", data={"username": USERNAME, "password": PASSWORD, "csrf_token": _token(client.get("/login").text)}
    )
    token = _token(client.get(f"/tasks/{_oldest()}").text)
    most_statements = most_commits = 0
    for _ in range(COMPLETIONS):
        address = f"/tasks/{_oldest()}/complete"
        with counted(unit_of_work.engine()) as traffic:
            answer = client.post(address, json={"values": ANSWERS}, headers={"X-CSRFToken": token})
        if answer.status_code != 200:
            raise RuntimeError(f"a completion was answered with {answer.status_code}: {answer.text[:200]}")
        most_statements = max(most_statements, len(traffic.statements))
        most_commits = max(most_commits, traffic.commits)
    return [
        Figure("b  SQL statements of a completion, login included", most_statements, "", MOST_STATEMENTS),
        Figure("b  commits of a completion", most_commits, "", 1),
    ]


def _token(page: str) -> str:
    found = TOKEN.search(page)
    if found is None:
        raise RuntimeError("the page has no CSRF token")
    return found[1]


def _oldest() -> int:
    with unit_of_work.read_only() as session:
        return session.scalar(text("SELECT min(id) FROM user_task WHERE status = 'open'")) or 0
