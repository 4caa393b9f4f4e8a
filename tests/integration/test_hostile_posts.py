"""Whatever is posted to whatever address: a sentence in the site's own face, and never a failure."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, event

from app.models.accounts import LoginAttempt
from app.web.untrusted import LARGEST_FORM
from tests.architecture.test_routes import READERS, ROUTES, addresses
from tests.integration.web_clients import Browser, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

__all__ = ["_postgres_county", "_sqlite_county", "county"]

POSTED = [name for name in ROUTES if name.startswith("POST") and name not in {"POST /logout", "POST /login"}]
"""All but what opens and ends a session: those would change who asks the next question."""
DEEP = "[" * 5000 + "]" * 5000
HOSTILE: Mapping[str, Callable[[], dict[str, Any]]] = {
    "nothing": lambda: {"data": b"", "content_type": "application/x-www-form-urlencoded"},
    "bytes that are no text": lambda: {"data": bytes(range(128, 256)) * 9, "content_type": "application/json"},
    "bytes for a form": lambda: {"data": b"\xff\xfe%00=%FF&=&&%", "content_type": "application/x-www-form-urlencoded"},
    "broken JSON": lambda: {"data": '{"values": {"a":', "content_type": "application/json"},
    "a JSON list": lambda: {"json": [1, 2, 3]},
    "a JSON number": lambda: {"data": "1e999", "content_type": "application/json"},
    "deep JSON": lambda: {"data": f'{{"values": {DEEP}}}', "content_type": "application/json"},
    "wrong kinds in JSON": lambda: {"json": {key: [{"x": None}, -1, "\ud7ff", 1e308] for key in FIELDS}},
    "objects in JSON": lambda: {"json": {key: {"a": {"b": [True, None]}} for key in FIELDS}},
    "texts for every field": lambda: {"data": dict.fromkeys(FIELDS, "乱\u202e<script>'\";--")},
    "numbers beyond any row": lambda: {"data": dict.fromkeys(FIELDS, "99999999999999999999")},
    "negative numbers": lambda: {"data": dict.fromkeys(FIELDS, "-1")},
    "days that are none": lambda: {"data": dict.fromkeys(FIELDS, "2026-02-30")},
    "null signs": lambda: {"data": dict.fromkeys(FIELDS, "a\0b")},
    "another kind of content": lambda: {"data": "<a/>", "content_type": "text/xml"},
    "a broken upload": lambda: {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"},
    "a file for every field": lambda: {"data": {one: (io.BytesIO(b"MZ\0"), "../../a.exe") for one in FIELDS}},
}
FIELDS = (
    "values", "revision", "person", "substitute", "starts_on", "ends_on", "reason", "words", "result", "opinion",
    "task", "to", "from", "name", "kind", "key", "content", "finding", "inputs", "version", "language", "back", "mine",
    "keep", "agreed", "released", "roles", "active", "until", "file", "field", "value", "number", "year", "shared",
    "project", "not_secret", "employer", "kin", "organisation",
)  # fmt: skip
FACE = "政务信息化项目管理"


def suitable(name: str) -> str:
    """Return who of the readers gets furthest at a route with her own object."""
    best = {200: 0, 422: 1, 302: 2, 400: 3, 409: 4, 403: 5}
    answers = [answer[0] if isinstance(answer, tuple) else answer for answer in ROUTES[name].answers]
    place = min(range(1, len(READERS)), key=lambda at: best.get(answers[at], 9))
    return READERS[place]


def judged(answer: TestResponse) -> str:
    """Return what is wrong with an answer; nothing where it is a page or a sentence of the site's own."""
    text = answer.get_data().decode(errors="replace")  # an archive is no text
    if answer.status_code >= 500:
        return f"fails with {answer.status_code}"
    if "Traceback" in text or "werkzeug" in text:
        return "shows the machine"
    if answer.status_code >= 400 and not answer.is_json and FACE not in text:
        return f"{answer.status_code} in a foreign face"
    if answer.status_code >= 400 and answer.is_json and not answer.get_json().get("message"):
        return f"{answer.status_code} without a sentence"
    return ""


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_posted_makes_any_page_fail(county: County, what: str) -> None:
    wrong: dict[str, str] = {}
    browsers: dict[str, Browser] = {}
    for name in POSTED:
        who = suitable(name)
        browser = browsers.setdefault(who, county.as_(who))
        for address in addresses(county, name, ROUTES[name]):
            answer = browser.post(address, **HOSTILE[what]())
            if said := judged(answer):
                wrong[f"{who} {name} {address}"] = said
    assert wrong == {}


def test_too_much_is_refused_with_the_limit_and_costs_no_statement_of_writing(county: County) -> None:
    huge = b"a=" + b"x" * LARGEST_FORM
    written: list[str] = []

    def watch(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"} and "user_session" not in statement:
            written.append(statement)

    found = {}
    for name in POSTED:
        browser = county.as_(suitable(name))
        browser.token()
        with county.change() as session:
            session.execute(delete(LoginAttempt))
        event.listen(county.database.engine, "before_cursor_execute", watch)
        answer = browser.post(
            addresses(county, name, ROUTES[name])[0], data=huge, content_type="application/x-www-form-urlencoded"
        )
        event.remove(county.database.engine, "before_cursor_execute", watch)
        found[name] = judged(answer) or answer.status_code
    limits = {name: status for name, status in found.items() if status != 413}
    assert limits == {}
    assert written == []
