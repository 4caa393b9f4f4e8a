"""A paper's page: the sheet with the code that leads to its record, as HTML and as a Word file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from urllib.parse import quote

import segno
from flask import Response, render_template, request
from markupsafe import Markup

from app.domain.papers.content import Content
from app.domain.papers.sheet import Sheet, sheet

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def address(path: str) -> str:
    """Return the full address of a page of this site."""
    return request.url_root.rstrip("/") + path


def code(target: str) -> Markup:
    """Return the QR code of an address as SVG without styles, which the site's policy allows."""
    out = io.BytesIO()
    segno.make(target, error="m", micro=False).save(
        out, kind="svg", scale=1, border=1, xmldecl=False, svgns=True, omitsize=True, svgclass=None, lineclass=None
    )
    return Markup(out.getvalue().decode())  # noqa: S704 -- written by segno from our own address


def made(content: Content, *, target: str, prices: bool = True, mark: str = "", draft: bool = False) -> Sheet:
    """Return the sheet of a content with its code, and with a word across it where it is void or a draft."""
    found = sheet(content, prices=prices).with_code(code(target) if target else "")
    return found.marked(mark, draft=draft) if mark else found


def printed(one: Sheet, *, back: str = "") -> ResponseReturnValue:
    """Return the page that is nothing but the paper."""
    return render_template("papers/print.html", sheets=(one,), title=one.title, back=back)


def download(body: bytes, name: str, *, media_type: str = WORD) -> Response:
    """Return bytes as a file to be saved, whatever Chinese its name has."""
    response = Response(body, mimetype=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
