"""PAGES: views that parse, call and render; one module a room."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Give the application its pages, login, language, filters, headers and error pages."""
    from flask_wtf import CSRFProtect  # noqa: PLC0415 -- with the rooms, only where pages are served

    from app.web import errors, filters, frame, headers, identity, language, rooms, signed_session, untrusted  # noqa: PLC0415

    settings = app.config.get("SETTINGS")
    https = bool(settings and settings.https)
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # a token lives as long as the session that it belongs to
    app.config.update(
        SESSION_COOKIE_NAME="__Host-xiuwu" if https else "xiuwu",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_FORM_MEMORY_SIZE=untrusted.LARGEST_FORM,
    )
    app.session_interface = signed_session.SignedSession()
    headers.register(app)
    untrusted.register(app)
    identity.register(app)
    language.register(app)
    CSRFProtect(app)  # type: ignore[no-untyped-call]
    filters.register(app)
    frame.register(app)
    errors.register(app)
    rooms.register(app)
