"""The security filings of a system (T-22a … T-22c): when their deadlines start, and what has been filed already."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.models.business import AcceptanceAttempt

if TYPE_CHECKING:
    from app.services.recorders.work import Work

FILED_FROM = 2
"""等保 level from which a system is filed with the police (专业惯例)."""
RETESTED_FROM = 3
"""等保 level from which a system is tested every year."""


def in_operation(work: Work, day: date) -> None:
    """Start the 30 days for the 等保 filing at trial operation or going online, whichever comes first (第三十条)."""
    if work.project.mlps_level < FILED_FROM or _number_filed(work):
        return
    running = next((row for row in work.facts.deadlines if row.kind == "mlps_filing"), None)
    if running is None or day < running.start:
        work.deadline("mlps_filing", day)


def at_application(work: Work) -> None:
    """With F-16a: a filing number ends T-22a, an assessment report starts T-22b, a test report T-22c (第三十条)."""
    if work.text("mlps_no"):
        work.met("mlps_filing")
    if work.given("crypto_report"):
        work.deadline("crypto_filing", work.today)
    if work.project.mlps_level >= RETESTED_FROM and work.given("mlps_report"):
        work.deadline("mlps_retest", work.today)


def _number_filed(work: Work) -> bool:
    attempts = work.session.query(AcceptanceAttempt).filter_by(project_id=work.project.id)
    return any((attempt.application or {}).get("mlps_no") for attempt in attempts)
