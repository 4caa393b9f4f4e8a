"""The facts that expressions name (app/domain/vocabulary.py FACTS), typed for FEEL and fetched only as named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain import holds, service_years, standing
from app.domain.deadline_kinds import LEDGER_KINDS
from app.domain.vocabulary import HOLDS
from app.models.business import DeadlineRow
from app.services.fact_rows import history

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.facts import ProjectFacts
    from app.models.accounts import Organisation
    from app.models.business import Project
    from app.services.fact_rows import Row
    from app.services.facts import Loaded

LEDGER_ONLY = frozenset({"deadline"})
OF_COUNTY = frozenset({"plan", "om_application", "library_year"})
"""Kinds of deadlines whose rows belong to no project."""


def fact_values(
    session: Session, project_id: int | None, names: Iterable[str], *, now: datetime
) -> dict[str, dict[str, object]]:
    """Return `project`, `deadline` and `hold` as far as `names` (dotted) ask for them; money in 分, dates as dates.

    Without a project every fact is there and null. At most three SQL statements; one where only deadlines are named.
    """
    wanted = {name: tuple(name.split(".")) for name in names}
    roots = {parts[0] for parts in wanted.values()} & {"project", "deadline", "hold"}
    if not roots:
        return {}
    kinds = {parts[1] for parts in wanted.values() if parts[0] == "deadline" and len(parts) > 1}
    county = _of_county(session) if kinds & OF_COUNTY else []
    if project_id is None:
        return _nothing(roots) | ({"deadline": _deadlines(county, now)} if "deadline" in roots else {})
    if roots == {"deadline"}:
        rows = history(session, project_id, only=LEDGER_ONLY).get("deadline", [])
        return {"deadline": _deadlines([*county, *rows], now)}
    from app.services.facts import load  # noqa: PLC0415 -- facts and their values know each other

    loaded = load(session, project_id, now=now)
    found: dict[str, dict[str, object]] = {}
    if "project" in roots:
        asked = {parts[1] for parts in wanted.values() if parts[0] == "project" and len(parts) > 1}
        found["project"] = _project(loaded, asked or set(PROJECT))
    if "deadline" in roots:
        found["deadline"] = _deadlines([*county, *loaded.rows.get("deadline", [])], now)
    if "hold" in roots:
        found["hold"] = _holds(loaded.facts)
    return found


def _of_county(session: Session) -> list[Row]:
    """Return the deadlines that run for every unit alike, for instance that of the annual plan (T-01)."""
    columns = DeadlineRow.__table__.c
    query = select(*columns).where(columns.project_id.is_(None)).order_by(columns.id)
    return [row._asdict() for row in session.execute(query)]


def _nothing(roots: set[str]) -> dict[str, dict[str, object]]:
    empty: dict[str, dict[str, object]] = {
        "project": dict.fromkeys(PROJECT),
        "deadline": {kind: _no_deadline() for kind in LEDGER_KINDS},
        "hold": {"active": [], **{name: {"active": False, "since": None} for name in HOLDS}},
    }
    return {root: empty[root] for root in roots}


def _no_deadline() -> dict[str, object]:
    return {"due": None, "fires_at": None, "reminders": [], "overdue": False}


def _deadlines(rows: list[Row], now: datetime) -> dict[str, object]:
    """Return each kind's row: the open one that fires first, else the newest."""
    found: dict[str, object] = {kind: _no_deadline() for kind in LEDGER_KINDS}
    chosen: dict[str, Row] = {}
    for row in rows:
        before = chosen.get(row["kind"])
        if before is None or _order(row) < _order(before):
            chosen[row["kind"]] = row
    for kind, row in chosen.items():
        found[kind] = {
            "due": row["due"],
            "fires_at": row["fires_at"],
            "reminders": [datetime.fromisoformat(text) for text in row["reminders"]],
            "overdue": row["status"] == "open" and now >= row["fires_at"],
        }
    return found


def _order(row: Row) -> tuple[bool, int]:
    return row["status"] != "open", -row["id"]


def _holds(facts: ProjectFacts) -> dict[str, object]:
    active = holds.in_force(facts)
    found: dict[str, object] = {"active": [hold.code for hold in active]}
    for name, code in HOLDS.items():
        since = [hold.since for hold in active if hold.code == code]
        found[name] = {"active": bool(since), "since": min(since, default=None)}
    return found


def _project(loaded: Loaded, asked: set[str]) -> dict[str, object]:
    return {name: PROJECT[name](loaded.project, loaded.unit, loaded.facts) for name in asked if name in PROJECT}


Value = Callable[["Project", "Organisation", "ProjectFacts"], object]


def _reviewed_fen(facts: ProjectFacts) -> int | None:
    review = standing.passed_review(facts)
    return review.reviewed_total_fen if review is not None else None


def _unchanged(facts: ProjectFacts) -> bool:
    """Whether the project was reviewed and its objective, content and total are the same since (G-19)."""
    return standing.passed_review(facts) is not None and not standing.fingerprint_changed(facts)


def _small_service(facts: ProjectFacts) -> bool:
    total = facts.scope[-1].total_fen if facts.scope else 0
    return facts.path.value == "G" and total < facts.parameters.service_panel_threshold_fen


def _attempt(facts: ProjectFacts) -> int:
    """Return which attempt is open or was concluded last, in its service year; the first before any application."""
    return max(len(standing.open_attempts(facts)), 1)


def _extension_days(facts: ProjectFacts) -> int:
    due, moved = facts.acceptance_due, holds.effective_acceptance_due(facts)
    return (moved - due).days if due is not None and moved is not None else 0


PROJECT: dict[str, Value] = {
    "no": lambda project, _unit, _facts: project.no,
    "name": lambda project, _unit, _facts: project.name,
    "unit": lambda _project, unit, _facts: unit.code,
    "unit_name": lambda _project, unit, _facts: unit.name,
    "unit_is_bureau": lambda _project, _unit, facts: facts.unit.is_bureau,
    "path": lambda project, _unit, _facts: project.path,
    "funding_form": lambda project, _unit, _facts: project.funding_form,
    "category": lambda project, _unit, _facts: project.category,
    "nature": lambda project, _unit, _facts: project.nature,
    "state": lambda project, _unit, _facts: project.state,
    "is_major": lambda project, _unit, _facts: project.is_major,
    "fy": lambda project, _unit, _facts: project.fy,
    "fy_entered": lambda project, _unit, _facts: project.fy_entered,
    "scope_version": lambda project, _unit, _facts: project.scope_version,
    "total_fen": lambda project, _unit, _facts: project.total_fen,
    "reviewed_fen": lambda _project, _unit, facts: _reviewed_fen(facts),
    "approved_fen": lambda _project, _unit, facts: standing.approved_fen(facts),
    "arranged_fen": lambda project, _unit, facts: (
        standing.arranged_fen(facts, project.fy) + standing.arranged_fen(facts, project.fy, om=True)
    ),
    "unspent_fen": lambda _project, _unit, facts: (
        standing.unspent_fen(facts, facts.today.year) + standing.unspent_fen(facts, facts.today.year, om=True)
    ),
    "contract_fen": lambda _project, _unit, facts: sum(contract.amount_fen for contract in facts.contracts),
    "paid_fen": lambda _project, _unit, facts: sum(p.amount_fen for p in facts.payments if p.status == "paid"),
    "library_status": lambda _project, _unit, facts: facts.library.status if facts.library else None,
    "unfunded_years": lambda _project, _unit, facts: facts.library.streak_closed if facts.library else 0,
    "reviewed_unchanged": lambda _project, _unit, facts: _unchanged(facts),
    "approval_valid": lambda _project, _unit, facts: standing.approved_fen(facts) is not None,
    "small_service": lambda _project, _unit, facts: _small_service(facts),
    "trial_required": lambda _project, _unit, facts: facts.parameters.trial_operation_required,
    "attempt": lambda _project, _unit, facts: _attempt(facts),
    "extensions": lambda _project, _unit, facts: sum(extension.registered for extension in facts.extensions),
    "extension_days": lambda _project, _unit, facts: _extension_days(facts),
    "completed_on": lambda project, _unit, _facts: project.completed_on,
    "accepted_on": lambda project, _unit, _facts: project.accepted_on,
    "online_on": lambda project, _unit, _facts: project.online_on,
    "supervised": lambda _project, _unit, facts: facts.supervision is not None,
    "service_continues": lambda _project, _unit, facts: service_years.continues(facts),
    "started": lambda _project, _unit, facts: holds.started_on(facts) is not None,
    "has_catalogue_entry": lambda _project, _unit, facts: facts.catalogue is not None,
    "catalogue_checked": lambda _project, _unit, facts: facts.catalogue is not None and facts.catalogue.checked,
    "has_om_plans": lambda _project, _unit, facts: _has_om_plans(facts),
    "mlps_level": lambda project, _unit, _facts: project.mlps_level,
    "crypto_required": lambda _project, _unit, facts: facts.filing.crypto_required if facts.filing else False,
}


def _has_om_plans(facts: ProjectFacts) -> bool:
    from app.domain.acts import Act  # noqa: PLC0415 -- asked rarely
    from app.domain.gates import check  # noqa: PLC0415

    return not check(["G-29"], facts, Act("f20a"))
