"""Makes the Word templates that we ship, one a kind, from the layouts: `python -m app.services.papers.drawing`.

They are ordinary Word files with placeholders; the bureau changes them in Word and uploads what it has changed.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from app.domain.papers import KINDS, LAYOUTS, PaperKind
from app.domain.papers.layout import Column, Part
from app.domain.papers.sheet import TIGHT

TITLE, BODY, HEAD = "方正小标宋简体", "仿宋_GB2312", "黑体"
RED = RGBColor(0xC0, 0x00, 0x00)
PORTRAIT, LANDSCAPE = 156, 261
"""Width of the text, in mm."""
ALIGNED = {
    "text": None, "money": WD_ALIGN_PARAGRAPH.RIGHT, "number": WD_ALIGN_PARAGRAPH.RIGHT,
    "date": WD_ALIGN_PARAGRAPH.CENTER,
}  # fmt: skip
TEXT, LEADING = 16, 28.9
"""三号 in lines of 28.9 pt: 22 lines a page (GB/T 9704)."""
CELL, WIDE_CELL, TIGHT_CELL = 12, 9, 5.5
MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""Nobody's clock stands in a template, so that the same layout makes the same bytes."""


def draw(kind: PaperKind) -> bytes:
    """Return the shipped template of a kind as a Word file."""
    document = docx.Document()
    parts = LAYOUTS[kind.code]
    _page(document, wide=any(part.wide for part in parts) and not kind.red_head)
    if kind.red_head:
        _centred(document, "{{ issuer }}", TITLE, 30, RED)
        _number(document, kind)
        _rule(document)
    _centred(document, "{{ title }}", TITLE, 22)
    if not kind.red_head and kind.number:
        _centred(document, "{{ number }}", BODY, CELL)
    _plain(document, "{%p if addressee %}")
    _plain(document, "{{ addressee }}：", indent=False)
    _plain(document, "{%p endif %}")
    attached = [part for part in parts if part.wide and kind.red_head]
    slips = [part for part in parts if part.slip]
    for part in parts:
        if part not in attached + slips and not (kind.upward and part.kind == "signatures"):
            _part(document, part)
    _close(document, kind)
    for part in slips:
        _part(document, part)
    if attached:
        _landscape(document)
    for part in attached:
        _part(document, part)
    _footer(document)
    core = document.core_properties
    core.author, core.title, core.created, core.modified = "", kind.zh, MADE, MADE
    core.last_modified_by, core.comments = "", ""
    return _same_bytes(document)


def _same_bytes(document: Document) -> bytes:
    """Save with the same time in every member, so that a template made twice is the same file."""
    made, out = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            if member.filename.startswith("docProps/thumbnail"):
                continue
            info = zipfile.ZipInfo(member.filename, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            body = source.read(member)
            if member.filename == "_rels/.rels":
                body = _without_thumbnail(body)
            target.writestr(info, body)
    return out.getvalue()


def _without_thumbnail(rels: bytes) -> bytes:
    start = rels.find(b"thumbnail.jpeg")
    if start < 0:
        return rels
    left, right = rels.rfind(b"<Relationship ", 0, start), rels.find(b"/>", start) + 2
    return rels[:left] + rels[right:]


def _page(document: Document, *, wide: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    if wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(18)
        section.top_margin = section.bottom_margin = Mm(20)


def _landscape(document: Document) -> None:
    """Begin the pages of an attached table."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(20)


def _part(document: Document, part: Part) -> None:
    if part.kind == "prose":
        _prose(document, part)
        return
    if part.kind == "facts":
        _heading(document, part.heading)
        _facts(document, part)
        return
    _plain(document, f"{{%p if {part.key} %}}")
    _heading(document, part.heading)
    if part.kind == "signatures":
        _table(document, part.key, [Column("签署", "role", share=50), Column("姓名", "name", share=25),
                                    Column("日期", "on", "date", 25)])  # fmt: skip
    else:
        _table(document, part.key, part.columns, wide=part.wide)
    _plain(document, "{%p endif %}")


def _prose(document: Document, part: Part) -> None:
    _plain(document, f"{{%p if {part.key} %}}")
    _heading(document, part.heading)
    _plain(document, f"{{%p for line in {part.key} %}}")
    _plain(document, "{{ line }}")
    _plain(document, "{%p endfor %}")
    _plain(document, "{%p endif %}")


def _facts(document: Document, part: Part) -> None:
    table = _grid(document, len(part.lines), [30, 70], width=PORTRAIT)
    for row, (label, key) in zip(table.rows, part.lines, strict=True):
        _cell(row.cells[0], label, font=HEAD)
        _cell(row.cells[1], f"{{{{ {key} }}}}")


def _table(document: Document, key: str, columns: Sequence[Column], *, wide: bool = False) -> None:
    size = CELL if not wide else WIDE_CELL if len(columns) <= TIGHT else TIGHT_CELL
    table = _grid(document, 4, [column.share for column in columns], width=LANDSCAPE if wide else PORTRAIT)
    head, begin, body, end = table.rows
    _mark(head._tr.get_or_add_trPr(), "tblHeader")  # noqa: SLF001 -- python-docx has no word for a repeated head
    for row in (head, body):
        _mark(row._tr.get_or_add_trPr(), "cantSplit")  # noqa: SLF001 -- nor for a row kept whole
    for cell, column in zip(head.cells, columns, strict=True):
        _cell(cell, column.label, font=HEAD, size=size, align=WD_ALIGN_PARAGRAPH.CENTER)
    _cell(begin.cells[0], f"{{%tr for row in {key} %}}")
    for cell, column in zip(body.cells, columns, strict=True):
        _cell(cell, f"{{{{ row.{column.key} }}}}", size=size, align=ALIGNED[column.kind])
    _cell(end.cells[0], "{%tr endfor %}")


def _grid(document: Document, rows: int, shares: Sequence[int], *, width: int) -> Table:
    """Add a table whose columns have these shares of the width, in Word and in every other reader."""
    table: Table = document.add_table(rows=rows, cols=len(shares), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Mm(width * share / sum(shares))
        for cell in column.cells:
            cell.width = column.width
    document.add_paragraph().paragraph_format.line_spacing = Pt(TIGHT_CELL)
    return table


def _mark(properties: object, name: str) -> None:
    mark = OxmlElement(f"w:{name}")
    mark.set(qn("w:val"), "true")
    properties.append(mark)  # type: ignore[attr-defined]


def _close(document: Document, kind: PaperKind) -> None:
    _plain(document, "{%p if note %}")
    _plain(document, "重新印发说明：{{ note }}")
    _plain(document, "{%p endif %}")
    if kind.red_head:
        _right(document, "{{ issuer }}（印章）")
        _right(document, "{{ issued_on }}")
        _plain(document, "{%p if copies %}")
        _plain(document, "抄送：{{ copies }}", indent=False)
        _plain(document, "{%p endif %}")
    _plain(document, "{{ qr }}", indent=False).paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _number(document: Document, kind: PaperKind) -> None:
    if not kind.upward:
        _centred(document, "{{ number }}", BODY, TEXT)
        return
    signer = "{% for one in signatures %}{{ one.name }}{% endfor %}"
    paragraph = _plain(document, f"{{{{ number }}}}\t签发人：{signer}", indent=False)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(PORTRAIT), WD_TAB_ALIGNMENT.RIGHT)


def _footer(document: Document) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, code in (("第 ", "PAGE"), (" 页 共 ", "NUMPAGES"), (" 页", "")):
        _styled(paragraph.add_run(words), BODY, 12)
        if code:
            _field(paragraph.add_run(), code)


def _field(run: Run, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {text} "
        run._r.append(element)  # type: ignore[arg-type]  # noqa: SLF001 -- python-docx has no word for a field


def _rule(document: Document) -> None:
    paragraph = document.add_paragraph()
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "1"), ("color", "C00000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)  # type: ignore[arg-type]  # noqa: SLF001 -- nor for a border


def _centred(document: Document, text: str, font: str, size: int, colour: RGBColor | None = None) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = _styled(paragraph.add_run(text), font, size)
    if colour is not None:
        run.font.color.rgb = colour


def _heading(document: Document, text: str) -> None:
    if not text:
        return
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    _set(paragraph)
    _styled(paragraph.add_run(text), HEAD, TEXT)


def _set(paragraph: Paragraph) -> None:
    """Set a paragraph in the lines of the page."""
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(LEADING)


def _plain(document: Document, text: str, *, indent: bool = True) -> Paragraph:
    paragraph = document.add_paragraph()
    _set(paragraph)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * TEXT)
    _styled(paragraph.add_run(text), BODY, TEXT)
    return paragraph


def _right(document: Document, text: str) -> None:
    paragraph = _plain(document, text, indent=False)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.paragraph_format.right_indent = Pt(2 * TEXT)
    paragraph.paragraph_format.keep_with_next = True


def _cell(
    cell: _Cell, text: str, *, font: str = BODY, size: float = CELL, align: WD_ALIGN_PARAGRAPH | None = None
) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(size / 6)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _styled(paragraph.add_run(text), font, size)


def _styled(run: Run, font: str, size: float) -> Run:
    run.font.name, run.font.size = "Times New Roman", Pt(size)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 -- the Chinese font
    return run


def main(folder: Path) -> None:
    """Write every template into the folder."""
    for kind in KINDS.values():
        (folder / f"{kind.code.lower()}.docx").write_bytes(draw(kind))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "papers")
