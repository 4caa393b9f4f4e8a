"""Every page of the site with somebody who sees it, as addresses in the demonstration county."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

NUMBER = "XWXX-2025-T-001"
"""应急指挥综合平台: built, and on the last day of its acceptance period."""
TABS = ("process", "tasks", "deadlines", "holds", "money", "materials", "opinions", "trace")

PAGES: Mapping[str, tuple[str, ...]] = {
    "": ("/login", "/login?next=/inbox", "/nope"),
    "yjj.he": (
        "/inbox", "/inbox?tab=drafts", "/start", "/tasks/{task}", "/password", "/projects", "/notices", "/nope",
        "/week", "/handovers", "/projects/XWXX-2025-T-001/withdraw",
        *(f"/projects/{NUMBER}?tab={tab}" for tab in TABS),
    ),
    "dsj.qi": (
        "/inbox", "/inbox?q=没有这样的事", "/projects", "/projects/XWXX-2025-T-002?tab=holds", "/funds", "/holds",
        "/deadlines", "/deadlines/{deadline}", "/board", "/processes", "/processes/p09_acceptance",
        "/instances/{instance}", "/search?q=平台", "/regulation/21", "/notices", "/projects/NO", "/urging",
        "/substitutes", "/expert-tasks", "/expert-ties", "/meetings/XWXX-2026-T-012", "/inbox/sign", "/papers",
        f"/projects/{NUMBER}?tab=papers",
    ),
    "cgj.geng": ("/tasks/{filing}", "/substitutes"),
    "dsj.zhen": ("/people", "/people/new", "/people/{person}", "/operations", "/handovers"),
    "xzf.zhai": ("/inbox",),
}  # fmt: skip
"""User name (empty for nobody) → the pages that she looks at."""


def places(instance: Path) -> dict[str, int]:
    """Return the keys that stand in the addresses, looked up in the database of an instance folder."""
    asked = {
        "task": "SELECT t.id FROM user_task t JOIN project p ON p.id = t.project_id "
        "WHERE p.no = ? AND t.status = 'open' AND t.element_id = 'apply'",
        "filing": "SELECT t.id FROM user_task t JOIN project p ON p.id = t.project_id "
        "WHERE p.no = 'XWXX-2026-T-011' AND p.no <> ? AND t.status = 'open' AND t.element_id = 'sign_filing'",
        "deadline": "SELECT d.id FROM deadline d JOIN project p ON p.id = d.project_id "
        "WHERE p.no = ? AND d.kind = 'acceptance'",
        "instance": "SELECT i.id FROM process_instance i JOIN project p ON p.id = i.project_id "
        "WHERE p.no = ? AND i.process_key = 'p09_acceptance'",
    }
    with closing(sqlite3.connect(instance / "xiuwu.sqlite3")) as database:
        found = {name: int(database.execute(query, (NUMBER,)).fetchone()[0]) for name, query in asked.items()}
        found["person"] = int(database.execute("SELECT id FROM person WHERE username = 'yjj.he'").fetchone()[0])
    return found
