"""Workbooks written row by row, in constant memory: amounts as numbers, days as days, never a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, TYPE_CHECKING

from flask import send_file
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter

from app.web.cells import Written

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767
"""Characters that a cell of a workbook holds."""
HEADER_ROW = 3
TITLE_SIZE = 16
AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins like this is marked as text, so that no spreadsheet takes it for a formula, edited or not."""

THIN = Side(style="thin")
STYLES = {
    "title": NamedStyle("title_", font=Font(bold=True, size=TITLE_SIZE)),
    "note": NamedStyle("note_", font=Font(size=10)),
    "head": NamedStyle(
        "head_", font=Font(bold=True), border=Border(bottom=THIN), alignment=Alignment(wrap_text=True, vertical="top")
    ),
    "text": NamedStyle("text_", alignment=Alignment(wrap_text=True, vertical="top")),
    "number": NamedStyle("number_", number_format="0", alignment=Alignment(vertical="top")),
    "money": NamedStyle("money_", number_format="#,##0.00####", alignment=Alignment(vertical="top")),
    "day": NamedStyle("day_", number_format="yyyy-mm-dd", alignment=Alignment(vertical="top")),
    "sum": NamedStyle(
        "sum_", font=Font(bold=True), number_format="#,##0.00####", border=Border(top=THIN, bottom=Side(style="double"))
    ),
}


@dataclass(frozen=True)
class Heading:
    """A column of the workbook: what stands over it and how wide it is, in characters."""

    label: str
    width: int


@dataclass(frozen=True)
class Paper:
    """What stands around the rows."""

    title: str
    note: str
    headings: Sequence[Heading]


def save(
    paper: Paper, rows: Iterable[Sequence[Written]], into: IO[bytes], *, last: Sequence[Sequence[Written]] = ()
) -> None:
    """Write title, note, header row and rows, then the `last` lines as sums; the header row stays in sight."""
    book = Workbook(write_only=True)
    for style in STYLES.values():
        book.add_named_style(style)
    sheet = book.create_sheet(paper.title[:31])
    for place, heading in enumerate(paper.headings, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = heading.width
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.append([_cell(sheet, paper.title, "title")])
    sheet.append([_cell(sheet, paper.note, "note")])
    sheet.append([_cell(sheet, one.label, "head") for one in paper.headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    for row in last:
        sheet.append([_cell(sheet, value, "sum") for value in row])
    book.save(into)


def _cell(sheet: WriteOnlyWorksheet, value: Written, style: str = "") -> Cell:
    if isinstance(value, str):
        return _text(sheet, value, style or "text")
    cell = WriteOnlyCell(sheet, value=value)  # type: ignore[arg-type]  # Decimal and date are written too
    kind = "money" if isinstance(value, Decimal) else "day" if isinstance(value, date) else "number"
    cell.style = f"{style or kind}_"
    return cell


def _text(sheet: WriteOnlyWorksheet, value: str, style: str) -> Cell:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST])
    cell.data_type = "s"  # the library would take a text that begins with = for a formula
    cell.style = f"{style}_"
    if value.startswith(AS_FORMULA):
        cell.quotePrefix = True
    return cell


def download(
    paper: Paper, rows: Iterable[Sequence[Written]], *, name: str, last: Sequence[Sequence[Written]] = ()
) -> ResponseReturnValue:
    """Answer with the workbook as a file to keep; it never lies in memory as a whole."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by the server once it has been sent
    save(paper, rows, file, last=last)
    file.seek(0)
    return send_file(file, mimetype=MEDIA_TYPE, as_attachment=True, download_name=f"{name}.xlsx", max_age=0)
