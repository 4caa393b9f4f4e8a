"""How a register's values read: on the page as words, in a workbook as numbers, days and text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.domain.articles import citation
from app.domain.numbers import PATHS, Path
from app.queries.register_sheets import Kind
from app.web import words
from app.web.filters import FEN_A_WAN, cited, file_size, full_width, iso, said, wan

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.queries.register_sheets import Column

CENTI = 100
Written = str | int | Decimal | date | None
"""What a workbook's cell may hold."""


def _path(value: str) -> str:
    return _(PATHS[Path(value)][0])


def _holds(value: str) -> str:
    return _("、").join(words.name_of(words.HOLDS, code) for code in dict.fromkeys(str(value).split()))


def _articles(value: list[int]) -> str:
    return cited("、".join(citation(number) for number in value))


SAYS: dict[Kind, Callable[[Any], str]] = {
    Kind.TEXT: lambda value: full_width(str(value)),
    Kind.TERM: lambda value: said(str(value)),
    Kind.MONEY: wan,
    Kind.NUMBER: str,
    Kind.CENTI: lambda value: f"{Decimal(value) / CENTI:.2f}",
    Kind.DAY: iso,
    Kind.MOMENT: iso,
    Kind.FLAG: lambda value: _("是") if value else _("否"),
    Kind.STATE: lambda value: words.name_of(words.STATES, value),
    Kind.PATH: _path,
    Kind.DEADLINE: lambda value: words.name_of(words.DEADLINES, value),
    Kind.HOLDS: _holds,
    Kind.ARTICLES: _articles,
    Kind.SIZE: file_size,
}


def reads(column: Column, value: Any, today: date) -> str:
    """Return how a value reads on the page; what is not there is empty."""
    if value is None:
        return ""
    if column.kind is Kind.OVERDUE:
        return str((today - value).days)
    return SAYS[column.kind](value)


WRITES: dict[Kind, Callable[[Any, date], Written]] = {
    Kind.MONEY: lambda value, _today: Decimal(value) / FEN_A_WAN,
    Kind.CENTI: lambda value, _today: Decimal(value) / CENTI,
    Kind.NUMBER: lambda value, _today: int(value),
    Kind.SIZE: lambda value, _today: int(value),
    Kind.OVERDUE: lambda value, today: int((today - value).days),
    Kind.DAY: lambda value, _today: value,
    Kind.MOMENT: lambda value, _today: value,
}
"""Kinds that a workbook holds as something else than text."""


def written(column: Column, value: Any, today: date) -> Written:
    """Return a value as a workbook holds it: 万元 exact, days as days, counts as numbers, everything else as text."""
    if value is None:
        return None
    writes = WRITES.get(column.kind)
    return writes(value, today) if writes else reads(column, value, today)
