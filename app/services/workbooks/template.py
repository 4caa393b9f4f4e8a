"""The workbook that people download, fill in and hand back: headings, lists to choose from, an explanation."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.services.workbooks.layout import Column, Layout

EXPLANATION = "填写说明"
LONGEST_LIST = 255
"""Characters that a list of choices in a cell's rule may have."""
WIDE, NARROW = 40, 16
LONG_TEXTS = ("主要内容", "建设依据", "项目名称", "系统名称", "说明")
DAY, AMOUNT, WHOLE, TEXT = "yyyy-mm-dd", "0.00####", "0", "@"


def workbook(layout: Layout) -> bytes:
    """Return the empty workbook of a layout."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 -- a new workbook has one
    sheet.title = layout.sheet
    sheet.freeze_panes = "A2"
    for place, column in enumerate(layout.columns, start=1):
        _heading(sheet, place, column)
        _rule(sheet, place, column, layout.most_rows)
    _explain(book.create_sheet(EXPLANATION), layout)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _heading(sheet: Worksheet, place: int, column: Column) -> None:
    cell = sheet.cell(1, place, column.label + ("（万元）" if column.money else ""))
    cell.font = Font(bold=True, color="A2231A" if column.required else "1B232D")
    cell.fill = PatternFill("solid", fgColor="EEEFEB")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if column.help:
        cell.comment = Comment(column.help, "")
    letter = get_column_letter(place)
    sheet.column_dimensions[letter].width = WIDE if column.label in LONG_TEXTS else NARROW


def _rule(sheet: Worksheet, place: int, column: Column, rows: int) -> None:
    letter = get_column_letter(place)
    cells = f"{letter}2:{letter}{rows + 1}"
    formats = {"number": AMOUNT if column.money else WHOLE, "day": DAY, "text": TEXT}
    sheet.column_dimensions[letter].number_format = formats.get(column.kind, "General")
    for row in range(2, rows + 2):
        sheet[f"{letter}{row}"].number_format = formats.get(column.kind, "General")
    rule = None
    choices = ",".join(one.label for one in column.offered)
    if column.kind == "choice" and 0 < len(choices) <= LONGEST_LIST:
        rule = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
    elif column.kind == "number":
        rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    elif column.kind == "day":
        rule = DataValidation(type="date", operator="greaterThan", formula1="18264", allow_blank=True)
    if rule is not None:
        rule.error = f"请按“{column.label}”的要求填写。"
        rule.add(cells)
        sheet.add_data_validation(rule)


def _explain(sheet: Worksheet, layout: Layout) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 90
    sheet.append([f"{layout.title}导入表填写说明"])
    sheet["A1"].font = Font(bold=True, size=14)
    for note in layout.notes:
        sheet.append(["", note])
    sheet.append([])
    sheet.append(["列", "怎样填"])
    for column in layout.columns:
        said = "必填。" if column.required else "按情况填。"
        if column.offered:
            said += f"可填：{'、'.join(one.label for one in column.offered)}。"
        sheet.append([column.label, said + column.help])
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
