"""Systems without a project of their own (存量): those that ran before the regulation came into force (第三十六条)."""

from __future__ import annotations

from datetime import date

from app.domain.articles import Article, implements
from app.domain.parameters import Parameters, effective_date
from app.domain.reasons import Refusals, refuse

IN_FORCE = Article(36, "本办法自发布之日起施行")


@implements(IN_FORCE)
def legacy_refusals(online_on: date | None, note: str, parameters: Parameters) -> Refusals:
    """Refuse a later system as 存量 unless its entry says how it came about without a project [C]."""
    since = effective_date(parameters)
    if online_on is not None and online_on >= since and not note.strip():
        yield refuse(
            "G-21", IN_FORCE, "系统于%(online_on)s投运，办法已于%(since)s施行，不属于存量系统。",
            "在说明中写明没有对应项目的原因，或者由原项目登记。",
            holder="unit_clerk", link=("form", "f22"), online_on=online_on, since=since,
        )  # fmt: skip
