"""Pictures for the handbooks: drawn into `docs/pictures` by the browser tests when `PICTURES=1` is set."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from app.settings import ROOT
from tests.browser.windows import DESKTOP, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.windows import Window

WANTED = os.environ.get("PICTURES") == "1"
FOLDER = ROOT / "docs" / "pictures"


def pictured(
    window: Window, name: str, *, folder: Path | None = None, settle: Callable[[], None] | None = None
) -> None:
    """Take the window's picture on a desktop and on a telephone; without a folder only where pictures are wanted."""
    place = FOLDER if WANTED else folder
    if place is None:
        return
    for width, height in (PHONE, DESKTOP):
        window.page.set_viewport_size({"width": width, "height": height})
        if settle is not None:
            settle()
        picture = window.page.screenshot(path=place / f"{name}-{width}.png")
        assert picture.startswith(b"\x89PNG")
