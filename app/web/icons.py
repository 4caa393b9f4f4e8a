"""Icons as single inline SVGs, so that they follow the text's colour and need no font."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).resolve().parent.parent / "frontend" / "icons"

HOLD = (
    '<path d="M2.5 1h11A1.5 1.5 0 0 1 15 2.5v11a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 1 13.5v-11A1.5 1.5 0 0 1 '
    "2.5 1m0 1a.5.5 0 0 0-.5.5v11a.5.5 0 0 0 .5.5h11a.5.5 0 0 0 .5-.5v-11a.5.5 0 0 0-.5-.5zM5.25 4.75h1.75v6.5H5.25zm"
    '3.75 0h1.75v6.5H9z"/>'
)
"""The pause sign of a hold; the icon set has none in a square."""


@cache
def _body(name: str) -> str:
    if name == "hold":
        return HOLD
    text = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    return text[text.index(">") + 1 : text.rindex("</svg>")].strip()


@cache
def icon(name: str, label: str = "") -> Markup:
    """Return the icon `name` (a file of app/frontend/icons, or `hold`); with a label it speaks, without it is silent.

    Raises FileNotFoundError for an icon that is not there.
    """
    speaks = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    # The body is a file of ours, never what somebody typed.
    body = Markup(_body(name))  # noqa: S704 -- a file of ours, never what somebody typed
    return Markup('<svg class="gl" viewBox="0 0 16 16" focusable="false" {}>{}</svg>').format(speaks, body)
