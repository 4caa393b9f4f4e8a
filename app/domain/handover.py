"""Handing over when somebody leaves: who may start it, and to whom the work may go."""

from __future__ import annotations

from collections.abc import Collection

HEADS = "_head"
LEAD = "unit_lead"


def may_start(roles: Collection[str], *, same_organisation: bool) -> bool:
    """Whether a person may hand over somebody's work: a head of the same organisation, or the system administrator."""
    return "sys_admin" in roles or (same_organisation and any(role.endswith(HEADS) for role in roles))


def may_lead(roles: Collection[str]) -> bool:
    """Whether a person may take over projects: whoever leads one is named by the unit for that (第十五条, G-15)."""
    return LEAD in roles
