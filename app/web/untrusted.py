"""What arrives from outside, before any page reads it: unkeepable text, numbers beyond any row, broken JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import request
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.datastructures import MultiDict
    from werkzeug.routing import Map

LARGEST_ROW = 2**31 - 1
"""The largest key that every database keeps in an integer column."""
LARGEST_FORM = 4 * 1024 * 1024
"""Bytes of answers; only an upload may be larger."""
UPLOAD = "attachments.upload"
FILES = "workshop_files.upload"
PLACE = re.compile(
    r"(?:[a-z]+~)?(?:[12][0-9]{3}|9999)-[0-9]{2}-[0-9]{2}(?:T[0-9:.]{5,15}\+0[08]:00)?~[0-9]{1,9}", re.ASCII
)
"""Where a page of a list begins: group, day or moment, row."""


class RowNumber(IntegerConverter):
    """A key in an address: a number beyond any row is an address that does not exist."""

    def __init__(self, url_map: Map, fixed_digits: int = 0, min: int | None = None, max: int = LARGEST_ROW) -> None:  # noqa: A002 -- the names of the library
        super().__init__(url_map, fixed_digits, min, max)


def register(app: Flask) -> None:
    """Refuse what no page can work with, before any page; call it before the rooms are registered."""
    app.url_map.converters["int"] = RowNumber
    settings = app.config.get("SETTINGS")
    if settings and settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]

    @app.before_request
    def refuse_unreadable() -> None:
        if request.endpoint not in {UPLOAD, FILES}:
            request.max_content_length = LARGEST_FORM
            request.max_form_memory_size = LARGEST_FORM
        texts = (request.path, *_values(request.args))
        if any("\0" in text for text in texts) or any("\0" in text for text in _values(request.form)):
            raise BadRequest


def _values(posted: MultiDict[str, str]) -> list[str]:
    return [text for key, values in posted.lists() for text in (key, *values)]


def whole(name: str, default: int = 0) -> int:
    """Return a whole number of the query string; what is none, or no row could have, is the default."""
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < len(str(LARGEST_ROW))):
        return default
    return int(text)


def posted_row(name: str) -> int:
    """Return the key of a row that was posted; 0, which no row has, for what is none or beyond any row."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(LARGEST_ROW)) else 0


def place() -> str:
    """Return the query string's `cursor` if it is one that a list of ours could have written, else nothing."""
    text = request.args.get("cursor", "")
    return text if PLACE.fullmatch(text) else ""


def posted_json() -> dict[str, object]:
    """Return the posted JSON object; raise BadRequest for anything else, so that nothing is taken for empty answers."""
    if not request.is_json:
        raise BadRequest
    return parsed(request.get_data(as_text=False))


def posted_values() -> Mapping[str, object]:
    """Return the answers in the posted JSON object; raise BadRequest where it has none."""
    values = posted_json().get("values")
    if not isinstance(values, dict):
        raise BadRequest
    return values


def parsed(text: str | bytes) -> dict[str, object]:
    """Return the JSON object in `text`; raise BadRequest for what is none, too deep, or cannot be kept as UTF-8."""
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as broken:
        raise BadRequest from broken
    if not isinstance(found, dict):
        raise BadRequest
    return found
