"""代理: who may stand in for an absent colleague, in which roles, how long: more hands, never more powers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.domain import handover
from app.domain.articles import Article, implements
from app.domain.reasons import refuse
from app.domain.roles import PROJECT_ROLES

if TYPE_CHECKING:
    from app.domain.refusals import Refusal

RESPONSIBLE = Article(15, "建立健全项目责任制和管理制度")
PERSONAL = frozenset({"expert"})
"""A seat on a panel is given to a person after a check of conflicts (第十条): nobody sits for her."""


@dataclass(frozen=True)
class StandIn:
    """For whom a person acts today, in one role that both hold."""

    person_id: int
    name: str
    role: str


def may_appoint(roles: Collection[str], *, own: bool, same_organisation: bool) -> bool:
    """Whether somebody may name a substitute: for herself, or whoever may hand over the work of one who is absent.

    The regulation names a project lead and a system of responsibility (第十五条) and is silent on absence [C].
    """
    return own or handover.may_start(roles, same_organisation=same_organisation)


def shared_roles(absent: Collection[str], substitute: Collection[str]) -> frozenset[str]:
    """Return the roles in which one may stand in for the other: those that both hold and that are no personal seat.

    So the substitute sees nothing that her own roles do not show her, and conflicts and pairs are judged as ever.
    """
    return (frozenset(absent) & frozenset(substitute) & PROJECT_ROLES) - PERSONAL


def days_of(starts_on: date, ends_on: date) -> int:
    """Return how many days a substitution lasts, its first and last day counted; below 1 where it ends before."""
    return (ends_on - starts_on).days + 1


@implements(RESPONSIBLE, ids=("COI-09",))
def four_eyes(prepared: Collection[str], signing: Collection[str]) -> Iterator[Refusal]:
    """Yield a refusal when a substitution joins both steps of a pair in one hand (specification §2.5).

    `prepared` and `signing` are user names: who acted, and for whom, in each of the two steps.
    """
    if set(prepared) & set(signing):
        yield refuse(
            "COI-09", RESPONSIBLE, "填报人和签批人不能是同一人，代理人代办的也算本人办理。",
            "请另一位有权限的人签批。", holder="unit_head", link=("form", "f00s"), values={},
        )  # fmt: skip
