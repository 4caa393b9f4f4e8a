"""Which language a page speaks: the person's choice, else the browser's cookie, else Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale
from flask import has_request_context, request
from flask_babel import Babel

from app.errors import NotFound
from app.services.accounts import LANGUAGES
from app.web.identity import visitor

if TYPE_CHECKING:
    from flask import Flask

LOCALES = {"zh": Locale("zh", "CN", "Hans"), "en": Locale("en")}
"""Parsed once: Flask-Babel would parse a name anew for every page."""
COOKIE = "lang"


def language() -> str:
    """Return `zh` or `en`; a page in a language that nobody knows (?lang=xx) is not there, and says so in her own."""
    if not has_request_context():
        return LANGUAGES[0]
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    who = visitor()
    chosen = who.person.language if who else ""
    chosen = chosen or request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def register(app: Flask) -> None:
    """Set up Flask-Babel with our own choice; times are converted by the filters, not by it."""

    @app.before_request
    def refuse_unknown() -> None:
        if request.args.get("lang", "") not in {"", *LANGUAGES}:
            raise NotFound

    Babel(  # type: ignore[no-untyped-call]
        app,
        default_locale=str(LOCALES["zh"]),
        default_timezone="Asia/Shanghai",
        locale_selector=lambda: LOCALES[language()],
    )
