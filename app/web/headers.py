"""The security headers of every answer, pages and errors alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

if TYPE_CHECKING:
    from flask import Flask, Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No inline script, no inline style, nothing from elsewhere; bpmn-js and form-js run under it."""

DRAWING_POLICY = POLICY.replace("style-src 'self';", "style-src 'self'; style-src-attr 'unsafe-inline';")
"""For the editors' page alone: bpmn-js and dmn-js write style attributes where they build their parts of the page."""
DRAWN = frozenset({"workshop.edit"})

DOWNLOAD_POLICY = "default-src 'none'; sandbox"
"""What people upload is never run, whatever it turns out to be."""


def register(app: Flask) -> None:
    """Set the headers after every request; HSTS only where the site is served over HTTPS."""
    https = bool(app.config.get("SESSION_COOKIE_SECURE"))

    @app.after_request
    def set_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", DRAWING_POLICY if request.endpoint in DRAWN else POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        headers["X-Frame-Options"] = "DENY"
        if request.endpoint == "static" and "-" in request.path.rpartition("/dist/")[2]:
            headers["Cache-Control"] = "public, max-age=31536000, immutable"  # its name holds its content's hash
        else:
            headers.setdefault("Cache-Control", "no-store")
        if https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response
