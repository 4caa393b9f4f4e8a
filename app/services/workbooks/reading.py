"""Rows of a workbook: each cell read as its column says, with a sentence that names the cell for whatever cannot be."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from app.services.workbooks.layout import LONGEST, Column, Layout
from app.services.workbooks.safety import Unreadable, prove

SIGNIFICANT = 15
"""Digits that a spreadsheet shows of a number; what it stores beyond them is rounding."""
HEADING_ROWS = 5
"""The heading of the columns stands in one of the first rows."""
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
Cell = ReadOnlyCell | EmptyCell | SheetCell | MergedCell
"""What the library says a row may hold; read-only, it is of the first two."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: where, and a message id with its values."""

    cell: str
    label: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    english: str = ""
    """Where the form itself brings the sentence, its English."""
    rule: str = ""
    """The article that it rests on."""
    remedy: str = ""
    """What to do, a message id with the same values."""


@dataclass
class ReadRow:
    """One filled-in row."""

    number: int
    values: dict[str, Any]
    """Column label → value; an empty cell has none."""
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class ReadSheet:
    """A workbook as it was read: where each column stands, and its rows."""

    letters: Mapping[str, str]
    """Column label → letter."""
    rows: tuple[ReadRow, ...]


def read(content: bytes, layout: Layout) -> ReadSheet:
    """Return the filled-in rows of a workbook; raise Unreadable for a file that is none, or not the template."""
    prove(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False, rich_text=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as broken:
        raise Unreadable("这个表格文件已损坏，打不开，请重新另存后再上传。") from broken
    try:
        if layout.sheet not in book.sheetnames:
            raise Unreadable("没有找到工作表“%(sheet)s”，请用下载的模板填写，不要改工作表的名字。", sheet=layout.sheet)
        sheet = book[layout.sheet]
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        return _sheet(sheet.iter_rows(), layout)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as broken:
        raise Unreadable("这个表格文件已损坏，打不开，请重新另存后再上传。") from broken
    finally:
        book.close()


def _sheet(lines: Iterator[Sequence[Cell]], layout: Layout) -> ReadSheet:
    known = {column.label: column for column in layout.columns}
    places: dict[int, Column] = {}
    rows: list[ReadRow] = []
    for number, line in enumerate(lines, start=1):
        if not places:
            places = _places(line, known)
            if not places and number >= HEADING_ROWS:
                break
            continue
        if all(cell.value is None or cell.value == "" for cell in line):
            continue
        if len(rows) >= layout.most_rows:
            raise Unreadable(
                "一个文件最多 %(limit)s 行，第 %(row)s 行起还有内容，请分成几个文件。",
                limit=layout.most_rows,
                row=number,
            )
        rows.append(_row(number, line, places))
    missing = [label for label in known if label not in {column.label for column in places.values()}]
    if missing:
        raise Unreadable("表头缺少“%(labels)s”，请用最新的模板填写，不要删改表头。", labels=missing)
    if not rows:
        raise Unreadable("工作表“%(sheet)s”里一行也没有填。", sheet=layout.sheet)
    return ReadSheet({column.label: get_column_letter(place + 1) for place, column in places.items()}, tuple(rows))


def _places(line: Sequence[Cell], known: Mapping[str, Column]) -> dict[int, Column]:
    """Return where each column stands if this is the row of headings; a mark of what is required is not part of it."""
    found: dict[int, Column] = {}
    for place, cell in enumerate(line):
        text = str(cell.value or "").strip()
        column = known.get(text) or known.get(text.removesuffix("（万元）"))
        if column is not None and column not in found.values():
            found[place] = column
    return found if len(found) * 2 > len(known) else {}


def _row(number: int, line: Sequence[Cell], places: Mapping[int, Column]) -> ReadRow:
    row = ReadRow(number, {})
    for place, cell in enumerate(line):
        if cell.value is None or cell.value == "":
            continue
        where = f"{get_column_letter(place + 1)}{number}"
        column = places.get(place)
        if column is None:
            row.problems.append(Problem(where, "", "%(cell)s 不在模板的列里，请清空。", {"cell": where}))
            continue
        problem = _refused(cell, column, where)
        value = None if problem else _value(cell.value, column)
        if problem is None and value is None:
            problem = _mistyped(cell.value, column, where)
        if problem:
            row.problems.append(problem)
        else:
            row.values[column.label] = value
    return row


def _refused(cell: Cell, column: Column, where: str) -> Problem | None:
    """Return what no kind of cell may be: a formula, an error, endless text."""
    kind, value = getattr(cell, "data_type", ""), cell.value
    named = {"cell": where, "label": column.label}
    if kind == "f" or (isinstance(value, str) and value.startswith("=")):
        return Problem(where, column.label, "%(cell)s“%(label)s”是公式，请改成数值或文字（选择性粘贴，数值）。", named)
    if kind == "e":
        return Problem(
            where, column.label, "%(cell)s“%(label)s”是出错的值 %(value)s，请改正。", named | {"value": value}
        )
    if isinstance(value, str) and len(value) > LONGEST:
        return Problem(
            where, column.label, "%(cell)s“%(label)s”有 %(count)s 个字，最多 %(limit)s 个字。",
            named | {"count": len(value), "limit": LONGEST},
        )  # fmt: skip
    if isinstance(value, str) and UNSTORABLE.search(value):
        return Problem(where, column.label, "%(cell)s“%(label)s”含有不能保存的字符，请重新输入。", named)
    return None


def _value(value: Any, column: Column) -> Any:
    """Return a cell's value as the form posts it, or None where the column wants another kind."""
    match column.kind:
        case "number":
            return _number(value)
        case "day":
            return value.date().isoformat() if isinstance(value, datetime) else _iso(value)
        case "choice":
            return _choice(value, column)
        case _:
            return _text(value)


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    plain = float(f"{value:.{SIGNIFICANT}g}")
    return int(plain) if plain == int(plain) else plain


def _iso(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else None


def _choice(value: Any, column: Column) -> Any:
    text = _text(value)
    if not column.options:
        return text.split(" ", maxsplit=1)[0] if text else None
    if isinstance(value, bool):
        text = "是" if value else "否"
    return next((one.value for one in column.options if text in {one.label, str(one.value)}), None)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value == int(value):
        value = int(value)  # a telephone number that the spreadsheet took for an amount
    if isinstance(value, datetime):
        value = value.date().isoformat()
    return str(value).strip() or None


def _mistyped(value: Any, column: Column, where: str) -> Problem:
    named: dict[str, Any] = {"cell": where, "label": column.label, "value": str(value)[:40]}
    if column.kind == "number":
        message = "%(cell)s“%(label)s”应当是数字，现在是文字“%(value)s”，请去掉逗号和单位，设成数值格式。"
        if not isinstance(value, str):
            message = "%(cell)s“%(label)s”应当是数字，现在是“%(value)s”，请设成数值格式。"
    elif column.kind == "day":
        message = "%(cell)s“%(label)s”应当是日期，现在是“%(value)s”，请设成日期格式，例如 2026-10-09。"
    elif column.kind == "choice":
        message = "%(cell)s“%(label)s”只能填%(options)s，现在是“%(value)s”。"
        named["options"] = [one.label for one in column.options]
    else:
        message = "%(cell)s“%(label)s”应当是文字，现在是“%(value)s”。"
    return Problem(where, column.label, message, named)
