"""(e) A page of the inbox with few and with very many open tasks that the reader may see."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import text

from app import unit_of_work
from benchmarks import diagrams, servers
from benchmarks.browser import Browser
from benchmarks.figures import Figure, Measured, interleaved, timed
from benchmarks.installation import Installation, multiply, start

ROWS = 10
TASKS = (10, 100_000)
PAGES = 100
MOST = 1.2


def figures(folder: Path) -> list[Figure]:
    """Fetch the first page, of ten rows in both, from two installations."""
    with ExitStack() as stack:
        variants: dict[str, Measured] = {}
        for count in TASKS:
            installation = Installation(folder / f"tasks-{count}")
            clerk = installation.begin()
            with unit_of_work.unit_of_work() as session:
                multiply(session, start(session, diagrams.THREE_TASKS, clerk), count - 1)
                session.execute(text("ANALYZE"))
            variants[str(count)] = _page(stack.enter_context(servers.ours(installation, rows=ROWS)))
        medians = interleaved(PAGES, variants)
    few, many = (medians[str(count)] for count in TASKS)
    return [
        Figure(f"e  inbox page of {ROWS} rows, {TASKS[0]} open tasks", few, "ms"),
        Figure(f"e  inbox page of {ROWS} rows, {TASKS[1]} open tasks", many, "ms"),
        Figure(f"e  {TASKS[1]} ÷ {TASKS[0]} open tasks", many / few, "×", MOST),
    ]


def _page(browser: Browser) -> Measured:
    def fetch() -> float:
        return timed(lambda: browser.get("/inbox"))

    return fetch
