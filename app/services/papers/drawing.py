"""Makes the Word templates that we ship, one a kind, from the layouts: `python -m app.services.papers.drawing`.

They are ordinary Word files with placeholders; the bureau changes them in Word and uploads what it has changed.
"""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from app.domain.papers import KINDS, LAYOUTS, PaperKind
from app.domain.papers.layout import Part

TITLE, BODY, HEAD = "方正小标宋简体", "仿宋_GB2312", "黑体"
RED = RGBColor(0xC0, 0x00, 0x00)
WHITE = RGBColor(0xFF, 0xFF, 0xFF)
MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""Nobody's clock stands in a template, so that the same layout makes the same bytes."""


def draw(kind: PaperKind) -> bytes:
    """Return the shipped template of a kind as a Word file."""
    document = docx.Document()
    parts = LAYOUTS[kind.code]
    _page(document, wide=any(part.wide for part in parts) and not kind.red_head)
    if kind.red_head:
        _centred(document, "{{ issuer }}", TITLE, 26, RED)
        _centred(document, "{{ number }}", BODY, 14)
        _rule(document)
    _centred(document, "{{ title }}", TITLE, 20)
    if not kind.red_head:
        _centred(document, "{{ number }}", BODY, 12)
    _plain(document, "{%p if addressee %}")
    _plain(document, "{{ addressee }}：", indent=False)
    _plain(document, "{%p endif %}")
    attached = [part for part in parts if part.wide and kind.red_head]
    for part in parts:
        if part not in attached:
            _part(document, part)
    _close(document, kind)
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
    section.top_margin, section.bottom_margin = Mm(32), Mm(30)
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
    if part.heading:
        _heading(document, part.heading)
    if part.kind == "facts":
        _facts(document, part)
    elif part.kind == "table":
        labels = [(column.label, column.key, column.share) for column in part.columns]
        _table(document, part.key, labels, width=261 if part.wide else 156)
    else:
        _table(document, part.key, [("签署", "role", 40), ("姓名", "name", 30), ("日期", "on", 30)])


def _prose(document: Document, part: Part) -> None:
    _plain(document, f"{{%p if {part.key} %}}")
    if part.heading:
        _heading(document, part.heading)
    _plain(document, f"{{%p for line in {part.key} %}}")
    _plain(document, "{{ line }}")
    _plain(document, "{%p endfor %}")
    _plain(document, "{%p endif %}")


def _facts(document: Document, part: Part) -> None:
    table = document.add_table(rows=len(part.lines), cols=2, style="Table Grid")
    for row, (label, key) in zip(table.rows, part.lines, strict=True):
        _cell(row.cells[0], label, font=HEAD)
        _cell(row.cells[1], f"{{{{ {key} }}}}")
    _widths(table, [30, 70])


def _table(document: Document, key: str, columns: list[tuple[str, str, int]], *, width: int = 156) -> None:
    table = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    head, begin, body, end = table.rows
    _repeat(head._tr)  # noqa: SLF001 -- python-docx has no word for a repeated head
    for cell, (label, _key, _share) in zip(head.cells, columns, strict=True):
        _cell(cell, label, font=HEAD)
    _cell(begin.cells[0], f"{{%tr for row in {key} %}}")
    for cell, (_label, column, _share) in zip(body.cells, columns, strict=True):
        _cell(cell, f"{{{{ row.{column} }}}}")
    _cell(end.cells[0], "{%tr endfor %}")
    _widths(table, [share for _label, _key, share in columns], width=width)


def _widths(table: Table, shares: list[int], *, width: int = 156) -> None:
    table.autofit = False
    whole = sum(shares)
    for row in table.rows:
        for cell, share in zip(row.cells, shares, strict=True):
            cell.width = Mm(round(width * share / whole))


def _repeat(row: object) -> None:
    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)


def _close(document: Document, kind: PaperKind) -> None:
    _plain(document, "{%p if note %}")
    _plain(document, "重新印发说明：{{ note }}")
    _plain(document, "{%p endif %}")
    if kind.red_head:
        _right(document, "{{ issuer }}")
        _right(document, "{{ issued_on }}")
        _right(document, "（印章）")
        _plain(document, "{%p if copies %}")
        _plain(document, "抄送：{{ copies }}", indent=False)
        _plain(document, "{%p endif %}")
    _right(document, "{{ qr }}")


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
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    _styled(paragraph.add_run(text), HEAD, 14)


def _plain(document: Document, text: str, *, indent: bool = True) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(28)
    _styled(paragraph.add_run(text), BODY, 14)
    return paragraph


def _right(document: Document, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.paragraph_format.space_after = Pt(0)
    _styled(paragraph.add_run(text), BODY, 14)


def _cell(cell: _Cell, text: str, *, font: str = BODY) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    _styled(paragraph.add_run(text), font, 10)


def _styled(run: Run, font: str, size: int) -> Run:
    run.font.name, run.font.size = "Times New Roman", Pt(size)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 -- the Chinese font
    return run


def main(folder: Path) -> None:
    """Write every template into the folder."""
    for kind in KINDS.values():
        (folder / f"{kind.code.lower()}.docx").write_bytes(draw(kind))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "papers")
