"""How many pages a file says it has; nothing is guessed."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.demo.papers import pdf
from app.services.page_counts import PDF, WORD, page_count


def word(properties: str | None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
        if properties is not None:
            archive.writestr("docProps/app.xml", properties)
    return out.getvalue()


@pytest.mark.parametrize(
    ("media_type", "body", "pages"),
    [
        (PDF, pdf("标题", ["一段话。"]), 1),
        (PDF, b"%PDF-1.7 packed objects", None),
        ("image/png", b"", 1),
        (WORD, word("<Properties><Pages>12</Pages></Properties>"), 12),
        (WORD, word("<Properties><Pages>0</Pages></Properties>"), None),
        (WORD, word("<Properties/>"), None),
        (WORD, word(None), None),
        (WORD, b"no zip", None),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"", None),
    ],
)
def test_a_file_has_as_many_pages_as_it_says(media_type: str, body: bytes, pages: int | None) -> None:
    assert page_count(media_type, lambda: body) == pages
