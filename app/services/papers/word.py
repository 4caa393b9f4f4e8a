"""A paper as a Word file: the content written into a template, and the check of a template that somebody uploads."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

import segno
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Mm, Pt, RGBColor
from docxtpl.inline_image import InlineImage
from docxtpl.template import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from app.domain.papers import LAYOUTS, Content
from app.domain.papers import content as contents
from app.errors import Refused
from app.services.papers import samples

LARGEST = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
QR_SIDE = Mm(22)
MARK_SIZE, MARK_COLOUR = Pt(28), RGBColor(0xC0, 0x00, 0x00)
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.Not,
    nodes.And, nodes.Or, nodes.Const,
)  # fmt: skip
"""What a template may say: name a value, repeat over a list, leave out where there is nothing."""
DEEPEST = 2
"""Loops inside each other."""


class TemplateRefused(Refused):
    """An uploaded Word template cannot be used (422)."""

    status = 422


def render(template: bytes, content: Content, *, address: str = "", prices: bool = True, mark: str = "") -> bytes:
    """Return the paper as .docx; `address` is where its record stands, for the QR code; `mark` heads every page.

    Raises TemplateRefused when the template cannot be written, with what is wrong in it.
    """
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        document = DocxTemplate(io.BytesIO(template))
        values: dict[str, object] = contents.context(content, prices=prices)
        values["qr"] = InlineImage(document, _qr(address), width=QR_SIDE) if address else ""
        document.render(values, environment, autoescape=True)
        if mark:
            _head_with(document, mark)
        out = io.BytesIO()
        document.save(out)
    except (TemplateError, PackageNotFoundError, KeyError, ValueError) as wrong:
        raise TemplateRefused("模板写不出文书：%(reason)s", reason=str(wrong)[:200]) from wrong
    return out.getvalue()


def _head_with(document: DocxTemplate, mark: str) -> None:
    """Write above every page that the paper is no longer in force, whatever its template looks like."""
    written = document.docx
    assert written is not None  # noqa: S101 -- it has just been rendered
    for section in written.sections:
        section.header.is_linked_to_previous = False
        paragraph = section.header.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(mark)
        run.font.size, run.font.bold, run.font.color.rgb = MARK_SIZE, True, MARK_COLOUR


def _qr(address: str) -> io.BytesIO:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=6, border=2)
    out.seek(0)
    return out


def check(source: bytes, kind: str) -> None:
    """Refuse a template that does not open, carries macros or links, names unknown values, or cannot be written.

    Raises TemplateRefused with the sentence that says what and where.
    """
    _check_package(source)
    known = contents.placeholders(LAYOUTS[kind]) | {"qr"}
    rows = _fields(kind)
    for tree in _parsed(source):
        _check_tree(tree, known)
        _check_rows(tree, rows)
    render(source, samples.sample(kind), address="https://example.invalid/papers/1")


def _check_package(source: bytes) -> None:
    if not source:
        raise TemplateRefused("没有收到文件。")
    if len(source) > LARGEST:
        raise TemplateRefused("模板太大，不超过 %(limit)s MB。", limit=LARGEST // 1024 // 1024)
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            members = archive.infolist()
            if sum(one.file_size for one in members) > MOST_UNPACKED:
                raise TemplateRefused("模板解开后过大，不能接收。")
            names = {one.filename for one in members}
            rels = b"".join(archive.read(name) for name in names if name.endswith(".rels"))
            types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as broken:
        raise TemplateRefused("文件不是 Word 文档（.docx），或者已损坏，请在 Word 中另存后再传。") from broken
    if "word/document.xml" not in names:
        raise TemplateRefused("文件不是 Word 文档（.docx），或者已损坏，请在 Word 中另存后再传。")
    if any("vba" in name.lower() or name.lower().endswith(".bin") for name in names) or b"macroEnabled" in types:
        raise TemplateRefused("模板带有宏或者嵌入对象，不能使用，请在 Word 中另存为不带宏的 .docx。")
    if b'TargetMode="External"' in rels:
        raise TemplateRefused("模板链接了外部文件或网址，不能使用，请删除链接后再传。")


def _parsed(source: bytes) -> Iterable[nodes.Template]:
    environment = SandboxedEnvironment()
    try:
        document = DocxTemplate(io.BytesIO(source))
        document.init_docx()
        texts = [document.patch_xml(document.get_xml())]
        for uri in (document.HEADER_URI, document.FOOTER_URI):
            texts += [document.patch_xml(document.xml_to_string(part)) for part in _parts(document, uri)]
        return [environment.parse(text) for text in texts]
    except (TemplateError, PackageNotFoundError, KeyError, ValueError) as wrong:
        raise TemplateRefused("模板里的占位符写得不对：%(reason)s", reason=str(wrong)[:200]) from wrong


def _parts(document: DocxTemplate, uri: str) -> list[object]:
    """Return the XML of the headers or footers."""
    docx = document.docx
    assert docx is not None  # noqa: S101 -- init_docx has opened it
    return [
        relation.target_part._element  # noqa: SLF001 -- docxtpl reads headers the same way
        for relation in docx.part.rels.values()
        if relation.reltype == uri
    ]


def _check_tree(tree: nodes.Template, known: frozenset[str]) -> None:
    loops = {
        name.name for loop in tree.find_all(nodes.For) for name in [loop.target] if isinstance(name, nodes.Name)
    } | {"loop"}
    for node in _walk(tree, 0):
        if not isinstance(node, ALLOWED):
            raise TemplateRefused("模板里只能写占位符、循环和“有则写”，不能写 %(what)s。", what=type(node).__name__)
        if isinstance(node, nodes.Name) and node.name not in known | loops:
            raise TemplateRefused(
                "模板里的占位符 %(name)s 不认识，这种文书可以用的有：%(known)s。",
                name=node.name,
                known="、".join(sorted(known)),
            )


def _fields(kind: str) -> Mapping[str, frozenset[str]]:
    """Return what a row of each list of a kind's layout may be asked for."""
    values = contents.context(samples.sample(kind))
    return {
        key: frozenset(rows[0]) for key, rows in values.items() if isinstance(rows, list) and isinstance(rows[0], dict)
    }


def _check_rows(tree: nodes.Template, rows: Mapping[str, frozenset[str]]) -> None:
    """Refuse a field that the rows of a loop do not have, in words rather than in those of the template engine."""
    for loop in tree.find_all(nodes.For):
        if not (isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.Name) and loop.iter.name in rows):
            continue
        known = rows[loop.iter.name]
        for asked in loop.find_all(nodes.Getattr):
            if isinstance(asked.node, nodes.Name) and asked.node.name == loop.target.name and asked.attr not in known:
                raise TemplateRefused(
                    "模板里的占位符“%(name)s”不认识，这一行可以用的有：%(known)s。",
                    name=f"{asked.node.name}.{asked.attr}",
                    known="、".join(sorted(known)),
                )


def _walk(node: nodes.Node, depth: int) -> Iterable[nodes.Node]:
    deeper = depth + isinstance(node, nodes.For)
    if deeper > DEEPEST:
        raise TemplateRefused("模板里的循环套得太深。")
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child, deeper)
