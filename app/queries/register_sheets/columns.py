"""What a register is made of: columns that the database sorts and sums, the rows behind them, and who may open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, FromClause, Select, SQLColumnExpression

from app.queries.scope import Reader, kinds_of

Value = SQLColumnExpression[Any]
"""What the database can show, order by and compare: a mapped column or an expression."""


class Kind(StrEnum):
    """How a value reads on the page and in a workbook."""

    TEXT = "text"
    TERM = "term"
    """A Chinese word of a closed list, said in the reader's language."""
    MONEY = "money"
    """分; 万元 for people."""
    NUMBER = "number"
    CENTI = "centi"
    """Hundredths: a score."""
    DAY = "day"
    MOMENT = "moment"
    FLAG = "flag"
    STATE = "state"
    """A project's state."""
    PATH = "path"
    DEADLINE = "deadline"
    HOLDS = "holds"
    """Codes of holds, separated by spaces."""
    OVERDUE = "overdue"
    """The last day of what is late; people read how many days late it is."""
    ARTICLES = "articles"
    """A JSON list of article numbers."""
    SIZE = "size"


@dataclass(frozen=True, eq=False)  # an SQL expression compares into another expression
class Column:
    """One column: `key` in the address, `label` as the official paper heads it."""

    key: str
    label: str
    value: Value
    kind: Kind = Kind.TEXT
    width: int = 14
    """Characters in the workbook."""
    paged: bool = True
    """Whether the page shows it; the workbook has every column."""
    link: str = ""
    """`project` where the value leads to the project's file."""

    @property
    def summed(self) -> bool:
        """Whether the sheet adds it up."""
        return self.kind is Kind.MONEY

    @property
    def numeric(self) -> bool:
        """Whether it stands on the right."""
        return self.kind in {Kind.MONEY, Kind.NUMBER, Kind.CENTI, Kind.OVERDUE, Kind.SIZE}


@dataclass(frozen=True, eq=False)
class Sheet:
    """A register as one reader may see it on one day, in one fiscal year where it goes by years."""

    columns: tuple[Column, ...]
    source: FromClause
    """The rows, joined with `Project` and `Organisation` where they have any."""
    where: tuple[ColumnElement[bool], ...]
    key: Value
    """Unique; orders what the sorted column leaves equal."""
    order: str
    """Key of the column that orders it unless the reader asks otherwise."""
    searched: tuple[Value, ...]
    descending: bool = False
    unit: Value | None = None
    """The unit's key."""
    year: Value | None = None
    years: Select[int] | CompoundSelect[int] | None = None
    """Of a yearly register: the fiscal years that have a sheet."""
    state: Column | None = None
    """The column whose values the reader may choose one of."""
    project_no: Value | None = None

    def column(self, key: str) -> Column | None:
        """Return a column by its key."""
        return next((one for one in self.columns if one.key == key), None)


def anybody_with_projects(reader: Reader) -> bool:
    """Say whether the reader's roles act on projects at all; owners of diagrams and administrators have none."""
    return bool(kinds_of(reader))


@dataclass(frozen=True)
class Register:
    """A register: its place in the address, its name, what it rests on, and how its sheet is drawn up."""

    key: str
    title: str
    about: str
    """What it holds and why, in one sentence."""
    empty: str
    """What stands where there is no row."""
    draw: Callable[[Reader, date, int], Sheet]
    """Reader, today and fiscal year (which only a yearly register heeds) → the sheet."""
    paper: str = ""
    """The number of the official paper whose columns it has: D-07."""
    yearly: bool = False
    """Whether each fiscal year is a sheet of its own."""
    opens: Callable[[Reader], bool] = anybody_with_projects
