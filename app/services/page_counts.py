"""How many pages a file has, as far as the file itself can honestly say (the column 页数 of D-20)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
COUNTED = (
    "页数：PDF按页计，图片一张一页，Word文档用文件自记的页数；"
    "表格、压缩文件和未记页数的文件不计，文书和表单以打印时为准。"
)
"""What D-20 says of its column."""
PDF_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
WORD_PAGES = re.compile(rb"<Pages>(\d{1,5})</Pages>")
PROPERTIES, LONGEST_PROPERTIES = "docProps/app.xml", 64 * 1024


def page_count(media_type: str, read: Callable[[], bytes]) -> int | None:
    """Return the pages of a PDF, a picture or a Word file; None where the file does not say, such as a worksheet."""
    if media_type.startswith("image/"):
        return 1
    if media_type == PDF:
        return len(PDF_PAGE.findall(read())) or None
    return _of_word(read()) if media_type == WORD else None


def _of_word(body: bytes) -> int | None:
    """Return what Word itself wrote down when it last saved the file."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive, archive.open(PROPERTIES) as properties:
            found = WORD_PAGES.search(properties.read(LONGEST_PROPERTIES))
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError, RuntimeError):
        return None
    return (int(found[1]) or None) if found else None
