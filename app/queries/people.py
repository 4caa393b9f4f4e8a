"""Accounts as the system administrator sees them: persons, organisations, roles, sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.queries.inbox import Choice


@dataclass(frozen=True)
class UserRow:
    """One account."""

    id: int
    user_name: str
    name: str
    organisation: str
    organisation_code: str
    roles: tuple[str, ...]
    active: bool
    last_seen: datetime | None = None
    locked_until: datetime | None = None


@dataclass(frozen=True)
class UserList:
    """One page of accounts."""

    rows: tuple[UserRow, ...]
    total: int
    organisations: tuple[Choice, ...]
    text: str = ""
    organisation: str = ""
    role: str = ""
    next_cursor: str = ""
