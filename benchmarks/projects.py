"""Projects for measuring: thousands of library entries, entered as rows, with a unit, a state and a little history."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert

from app import clock, unit_of_work
from app.models.business import BudgetLine, LibraryEntry, Opinion, Project
from app.services.context import Actor

FY = 2026
BATCH = 1_000


def enter(clerk: Actor, count: int, *, removed: int = 0) -> None:
    """Enter projects of the clerk's unit that wait in the library for the funds of `FY`.

    The first `removed` of them go without for the third year; of the others every second is funded and started.
    """
    now = clock.now()
    with unit_of_work.unit_of_work() as session:
        for first in range(1, count + 1, BATCH):
            keys = range(first, min(first + BATCH, count + 1))
            funded = {key for key in keys if key > removed and key % 2}
            session.execute(
                insert(Project),
                [
                    {
                        "id": key,
                        "no": f"XWXX-2024-T-{key:05}",
                        "name": f"平台 {key}",
                        "unit_id": clerk.organisation_id,
                        "fy": FY,
                        "fy_entered": 2024,
                        "path": "T",
                        "state": "BUDGETED" if key in funded else "ALTERNATE",
                        "state_since": now,
                        "start_order_on": date(FY, 5, 6) if key in funded else None,
                        "created_at": now,
                    }
                    for key in keys
                ],
            )
            session.execute(
                insert(LibraryEntry),
                [
                    {
                        "project_id": key,
                        "entered_fy": 2024,
                        "entered_on": date(2024, 6, 3),
                        "streak_closed": 2 if key <= removed else 0,
                        "status": "备选" if key <= removed else "在库",
                        "closed_fys": [2024, 2025],
                    }
                    for key in keys
                ],
            )
            lines = [
                {
                    "project_id": key,
                    "fy": FY,
                    "fund_type": "建设",
                    "arranged_fen": 100_000_000,
                    "approved_on": date(FY, 1, 9),
                    "review_opinion_id": key,
                }
                for key in sorted(funded)
            ]
            if lines:
                session.execute(insert(Opinion), [_passed(key) for key in sorted(funded)])
                session.execute(insert(BudgetLine), lines)


def _passed(key: int) -> dict[str, object]:
    return {
        "id": key,
        "project_id": key,
        "kind": "review",
        "scope_version": 1,
        "conclusion": "通过",
        "content": {},
        "drafted_on": date(2024, 5, 6),
        "drafted_by": "drafter",
        "signed_on": date(2024, 5, 7),
        "signed_by": "signer",
    }
