"""How a register is read: one page with its sums in a fixed number of statements, or all rows as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from typing import cast as cast_to

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy import Row as Found
from sqlalchemy.orm import Session

from app.models.accounts import Organisation
from app.queries.inbox import Choice
from app.queries.register_sheets.columns import Column, Kind, Register, Sheet
from app.queries.scope import Reader

PAGE_ROWS = 50
AT_ONCE = 500
"""Rows of a stream that are in memory at a time."""
MOST_PRINTED = 5000
"""Rows of the printed page; longer registers are printed from the workbook."""


@dataclass(frozen=True)
class Asked:
    """What the reader asked to see of a register, as it stands in the address."""

    text: str = ""
    unit: str = ""
    state: str = ""
    year: int = 0
    sort: str = ""
    descending: bool = False
    page: int = 1


@dataclass(frozen=True)
class Row:
    """One line: its values in the order of the sheet's columns."""

    values: tuple[Any, ...]
    project_no: str = ""


@dataclass(frozen=True)
class Page:
    """One page of a register, with what the reader may choose from."""

    register: Register
    asked: Asked
    sheet: Sheet
    rows: tuple[Row, ...]
    total: int
    sums: Mapping[str, int | None]
    """Column → the exact sum over every row that the filter finds, in 分; None where no amount may be seen."""
    units: tuple[Choice, ...]
    states: tuple[str, ...]
    years: tuple[int, ...]

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // PAGE_ROWS))

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the page."""
        return tuple(one for one in self.sheet.columns if one.paged)

    def value(self, row: Row, column: Column) -> Any:
        """Return a row's value in a column."""
        place = next(place for place, one in enumerate(self.sheet.columns) if one.key == column.key)
        return row.values[place]


def page(
    session: Session, register: Register, reader: Reader, asked: Asked, *, today: date, whole: bool = False
) -> Page:
    """Return one page (`whole`: all rows up to MOST_PRINTED); six statements whatever the register holds."""
    sheet = register.draw(reader, today, asked.year)
    filtered = _filtered(sheet, asked, yearly=register.yearly)
    total, sums = _sums(session, sheet, filtered)
    last = max(1, -(-total // PAGE_ROWS))
    query = _ordered(sheet, asked, _rows(sheet, filtered))
    if whole:
        query = query.limit(MOST_PRINTED)
    else:
        query = query.limit(PAGE_ROWS).offset((min(asked.page, last) - 1) * PAGE_ROWS)
    return Page(
        register=register,
        asked=asked,
        sheet=sheet,
        rows=tuple(_row(sheet, one) for one in session.execute(query)),
        total=total,
        sums=sums,
        units=_units(session, sheet),
        states=_choices(session, sheet),
        years=_years(session, sheet),
    )


def stream(session: Session, sheet: Sheet, asked: Asked, *, yearly: bool) -> Iterator[Row]:
    """Yield every row that the filter finds, in order, a few hundred in memory at a time."""
    query = _ordered(sheet, asked, _rows(sheet, _filtered(sheet, asked, yearly=yearly)))
    for one in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield _row(sheet, one)


def _filtered(sheet: Sheet, asked: Asked, *, yearly: bool) -> list[ColumnElement[bool]]:
    conditions = list(sheet.where)
    if asked.text:
        like = f"%{asked.text.replace('%', '').replace('_', '')}%"
        conditions.append(or_(*(cast(one, String).ilike(like) for one in sheet.searched)))
    if asked.unit and sheet.unit is not None:
        conditions.append(Organisation.code == asked.unit)
    if asked.state and sheet.state is not None:
        conditions.append(sheet.state.value == asked.state)
    if asked.year and not yearly and sheet.year is not None:
        conditions.append(sheet.year == asked.year)
    return conditions


def _rows(sheet: Sheet, conditions: list[ColumnElement[bool]]) -> Select[Any]:
    number = sheet.project_no if sheet.project_no is not None else cast("", String)
    shown = [*(one.value.label(one.key) for one in sheet.columns), number.label("leads_to")]
    query: Select[Any] = select(*shown).select_from(sheet.source).where(*conditions)
    return query


def _ordered(sheet: Sheet, asked: Asked, query: Select[Any]) -> Select[Any]:
    column = sheet.column(asked.sort)
    descending = asked.descending if column is not None else sheet.descending
    by = column or sheet.column(sheet.order)
    assert by is not None  # noqa: S101 -- every sheet is ordered by one of its columns, tested
    if by.kind is Kind.OVERDUE:
        descending = not descending  # the earliest last day is the longest overdue
    value: Any = func.nullif(by.value, "") if by.kind in {Kind.TEXT, Kind.TERM} else by.value
    first = value.desc() if descending else value.asc()
    return query.order_by(first.nulls_last(), sheet.key.desc() if descending else sheet.key.asc())


def _sums(
    session: Session, sheet: Sheet, conditions: list[ColumnElement[bool]]
) -> tuple[int, Mapping[str, int | None]]:
    money = [one for one in sheet.columns if one.summed]
    inner = (
        select(sheet.key.label("key"), *(one.value.label(one.key) for one in money))
        .select_from(sheet.source)
        .where(*conditions)
        .subquery()
    )
    found = session.execute(
        select(func.count(), *(func.sum(inner.c[one.key]) for one in money)).select_from(inner)
    ).one()
    sums = {one.key: None if fen is None else int(fen) for one, fen in zip(money, found[1:], strict=True)}
    return int(found[0]), sums


def _row(sheet: Sheet, found: Found[Any]) -> Row:
    *raw, number = cast_to("tuple[Any, ...]", found)
    values = tuple(_typed(column, value) for column, value in zip(sheet.columns, raw, strict=True))
    return Row(values, number or "")


def _typed(column: Column, value: Any) -> Any:
    """Return a value as its kind says, whatever the database has made of it (days and amounts out of JSON are text)."""
    if value is None or value == "":
        return None
    match column.kind:
        case Kind.DAY | Kind.OVERDUE:
            return value if isinstance(value, date) else _day(str(value))
        case Kind.MOMENT:
            return value.date() if isinstance(value, datetime) else value
        case Kind.MONEY | Kind.NUMBER | Kind.CENTI | Kind.SIZE:
            return int(value)
        case Kind.FLAG:
            return bool(value)
        case _:
            return value


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _units(session: Session, sheet: Sheet) -> tuple[Choice, ...]:
    if sheet.unit is None:
        return ()
    known = select(sheet.unit).select_from(sheet.source).where(*sheet.where)
    query = select(Organisation.code, Organisation.short).where(Organisation.id.in_(known)).order_by(Organisation.id)
    return tuple(Choice(code, short) for code, short in session.execute(query))


def _choices(session: Session, sheet: Sheet) -> tuple[str, ...]:
    if sheet.state is None:
        return ()
    query: Any = select(sheet.state.value.label("value")).distinct().select_from(sheet.source).where(*sheet.where)
    return tuple(sorted(one for one in session.scalars(query) if one))


def _years(session: Session, sheet: Sheet) -> tuple[int, ...]:
    if sheet.years is not None:
        query = sheet.years
    elif sheet.year is not None:
        query = select(sheet.year).distinct().select_from(sheet.source).where(*sheet.where)
    else:
        return ()
    return tuple(sorted((one for one in session.scalars(query) if one), reverse=True))
