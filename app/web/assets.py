"""The built bundles by name: which files an entry needs, from the manifest that the build writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import url_for
from markupsafe import Markup

MANIFEST = Path(__file__).resolve().parent.parent / "static" / "dist" / "manifest.json"


@dataclass(frozen=True)
class Entry:
    """The files of one entry below static/dist."""

    script: str = ""
    style: str = ""
    imports: tuple[str, ...] = ()


@cache
def _read(changed_at: int) -> dict[str, Entry]:
    del changed_at
    known = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return {
        name: Entry(files.get("js", ""), files.get("css", ""), tuple(files.get("imports", ())))
        for name, files in known.items()
    }


def entries() -> dict[str, Entry]:
    """Return every entry; raise FileNotFoundError when the bundles have not been built."""
    return _read(MANIFEST.stat().st_mtime_ns)


def _url(file: str) -> str:
    return url_for("static", filename=f"dist/{file}")


def styles(name: str) -> Markup:
    """Return the link to the entry's style sheet, or nothing when it has none."""
    entry = entries()[name]
    return Markup('<link rel="stylesheet" href="{}">').format(_url(entry.style)) if entry.style else Markup("")


def scripts(name: str) -> Markup:
    """Return the preloads and the module script of an entry."""
    entry = entries()[name]
    preloads = Markup("").join(
        Markup('<link rel="modulepreload" href="{}">').format(_url(file)) for file in entry.imports
    )
    return preloads + Markup('<script type="module" src="{}"></script>').format(_url(entry.script))


def asset(name: str) -> str:
    """Return the address of an entry's script, for a classic script that has to run before the first paint."""
    return _url(entries()[name].script)


def style_of(name: str) -> str:
    """Return the address of an entry's style sheet, for a script that fetches it only where it is needed."""
    return _url(entries()[name].style)
