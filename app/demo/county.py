"""What is known of the demonstration county: `county.json`, read into frozen rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.clock import SHANGHAI

SOURCE = Path(__file__).with_name("county.json")
PASSWORD = "Hongshi.Xia-2026"  # noqa: S105 -- of the demonstration only; a real installation has none of its accounts
"""The one password of the demonstration's accounts, shown after loading."""
OPENING = time(10, 0)
"""The hour at which the demonstration's last day begins."""


@dataclass(frozen=True)
class Someone:
    """A person: who she is and which roles she holds."""

    username: str
    name: str
    roles: tuple[str, ...]
    field: str = ""


@dataclass(frozen=True)
class Body:
    """An organisation with its people."""

    code: str
    name: str
    short: str
    kind: str
    eligible: bool
    parent: str
    trade: str
    legal_representative: str
    credit_code: str
    people: tuple[Someone, ...]


@dataclass(frozen=True)
class Plan:
    """A project as the demonstration wants it: number, name, unit, path, amounts, state, dates."""

    no: str
    name: str
    unit: str
    path: str
    nature: str
    state: str
    note: str
    row: Mapping[str, Any]
    """The row of `county.json` itself, with what only some projects have."""

    @property
    def fy(self) -> int:
        """The fiscal year in the number."""
        return int(self.no.split("-")[1])

    @property
    def serial(self) -> int:
        """The serial in the number."""
        return int(self.no.rsplit("-", 1)[1])

    @property
    def total(self) -> Decimal:
        """The total investment in 万元, as planned before any change."""
        return Decimal(self.row["investment_wan"])

    def money(self, key: str) -> Decimal:
        """Return an amount in 万元; zero where the project has none."""
        return Decimal(self.row.get(key) or "0")

    def day(self, key: str) -> date | None:
        """Return a date; None where the project has none."""
        text = self.row.get(key)
        return date.fromisoformat(text) if isinstance(text, str) else None


@dataclass(frozen=True)
class County:
    """All of it."""

    today: date
    bodies: tuple[Body, ...]
    plans: tuple[Plan, ...]

    @property
    def now(self) -> datetime:
        """The moment at which the demonstration begins."""
        return datetime.combine(self.today, OPENING, tzinfo=SHANGHAI)

    def body(self, code: str) -> Body:
        """Return an organisation by its code; raise KeyError."""
        return {body.code: body for body in self.bodies}[code]

    def plan(self, no: str) -> Plan:
        """Return a project by its number; raise KeyError."""
        return {plan.no: plan for plan in self.plans}[no]

    def of_trade(self, trade: str) -> list[Body]:
        """Return the companies of a trade, in the file's order."""
        return [body for body in self.bodies if body.trade == trade]


@cache
def county() -> County:
    """Return the demonstration county (read once)."""
    source = json.loads(SOURCE.read_text(encoding="utf-8"))
    return County(
        today=date.fromisoformat(source["today"]),
        bodies=tuple(_body(row) for row in source["organisations"]),
        plans=tuple(_plan(row) for row in source["projects"]),
    )


def _body(row: Mapping[str, Any]) -> Body:
    return Body(
        code=row["code"],
        name=row["name"],
        short=row["short"],
        kind=row["kind"],
        eligible=row.get("eligible", False),
        parent=row.get("parent", ""),
        trade=row.get("trade", ""),
        legal_representative=row.get("legal_representative", ""),
        credit_code=row.get("credit_code", ""),
        people=tuple(
            Someone(one["username"], one["name"], tuple(one["roles"]), one.get("field", "")) for one in row["people"]
        ),
    )


def _plan(row: Mapping[str, Any]) -> Plan:
    return Plan(
        no=row["no"],
        name=row["name"],
        unit=row["unit"],
        path=row["path"],
        nature=row["nature"],
        state=row["state"],
        note=row["note"],
        row=row,
    )
