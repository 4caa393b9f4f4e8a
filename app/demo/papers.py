"""Small real papers: a page of Chinese text as PDF, for the attachments of the demonstration."""

from __future__ import annotations

from collections.abc import Sequence

LINE = 30
"""Characters in a line of body text at 14 pt on A4."""

PAGE = b"""<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R
/Resources << /Font << /F1 4 0 R >> >> >>"""
FONT = b"""<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 6 0 R
/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"""
DESCRIPTOR = b"""<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]
/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"""


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """Return a one-page A4 PDF with a title and paragraphs, in a Chinese font that every reader supplies itself."""
    text = ["BT", "/F1 20 Tf", "72 760 Td", f"{_hex(title[:24])} Tj", "/F1 14 Tf", "0 -40 Td", "22 TL"]
    for line in _wrapped(lines):
        text += [f"{_hex(line)} Tj", "T*"]
    stream = "\n".join([*text, "ET"]).encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R] >>",
        FONT,
        DESCRIPTOR,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    )
    return _file(objects)


def _wrapped(lines: Sequence[str]) -> list[str]:
    return [line[start : start + LINE] for line in lines for start in range(0, max(len(line), 1), LINE)][:26]


def _hex(text: str) -> str:
    return f"<{text.encode('utf-16-be').hex().upper()}>"


def _file(objects: Sequence[bytes]) -> bytes:
    written = bytearray(b"%PDF-1.4\n%\xe4\xb8\xad\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        written += b"%010d 00000 n \n" % place
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(written)
