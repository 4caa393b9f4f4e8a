"""Whether a file is a plain workbook at all: proved on its bytes and its table of contents, before anything parses it.

What is bounded here bounds everything after it: bytes handed in, bytes unpacked, parts, cells. So no file costs more
than a few seconds and some ten megabytes, whatever it claims to be.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from app.errors import Refused

MOST_UNPACKED = 24 * 1024 * 1024
"""Bytes of all parts together; a template with its most rows has a tenth of it."""
MOST_PARTS = 200
MOST_CELLS = 150_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a file of the old binary format begins, and a new one with a password."""
ZIP = b"PK\x03\x04"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]{1,3}[0-9]{1,7})(?::[A-Z0-9]+)?[\"']")
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
WHOLE = "xl/workbook.xml"


class Unreadable(Refused):
    """The file is no workbook that is taken; the sentence says why and what to do (422)."""

    status = 422


def prove(content: bytes) -> None:
    """Raise Unreadable for whatever is not a plain .xlsx workbook of reasonable size."""
    if not content:
        raise Unreadable("请先选择填好的表格文件。")
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise Unreadable("这个表格设了打开密码，请取消密码后另存再上传。")
        raise Unreadable("这是旧格式（.xls）的表格，请另存为 .xlsx 再上传。")
    if not content.startswith(ZIP):
        raise Unreadable("这个文件不是 .xlsx 表格，请用下载的模板填写。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _contents(archive)
            for name, part in _parts(archive):
                _part(name, part)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as broken:
        raise Unreadable("这个表格文件已损坏，打不开，请重新另存后再上传。") from broken
    except RuntimeError as locked:  # a part with a password
        raise Unreadable("这个表格设了打开密码，请取消密码后另存再上传。") from locked


def _contents(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(
            "这个表格解开后太大（超过 %(limit)s MB），请只保留模板里的工作表和填写的行。",
            limit=MOST_UNPACKED // (1024 * 1024),
        )
    names = {part.filename for part in parts}
    if len(names) != len(parts):
        raise Unreadable("这个表格文件已损坏，打不开，请重新另存后再上传。")
    if any("vbaproject" in name.casefold() for name in names):
        raise Unreadable("这个表格带有宏，请另存为不带宏的 .xlsx 再上传。")
    if any(name.casefold().startswith("xl/externallinks/") for name in names):
        raise Unreadable("这个表格引用了别的文件，请断开外部链接（数据，编辑链接）后再上传。")
    if WHOLE not in names:
        raise Unreadable("这个文件不是 .xlsx 表格，请用下载的模板填写。")


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield the XML parts; the library reads no more of a part than its entry says, so the sum above holds."""
    for part in archive.infolist():
        if part.filename.endswith((".xml", ".rels")):
            yield part.filename, archive.read(part)


def _part(name: str, content: bytes) -> None:
    if DECLARED.search(content):
        raise Unreadable("这个表格文件里有不该有的声明，不能读取，请用下载的模板重新填写。")
    if SHEET.fullmatch(name) is None:
        return
    merged = MERGED.search(content)
    if merged:
        raise Unreadable("%(cell)s 起有合并的单元格，请取消合并，一格填一项。", cell=merged[1].decode())
    if sum(1 for _ in CELL.finditer(content)) > MOST_CELLS:
        raise Unreadable("工作表的单元格太多（超过 %(limit)s 个），请删除模板以外的行和列。", limit=MOST_CELLS)
