"""The shipped definitions: `forms/`, `bpmn/*.dmn`, `bpmn/*.bpmn`, imported through the same `publish` as all others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import drawn_file
from app.engine.differences import Change, compare
from app.errors import DiagramNotExecutable
from app.models.process import Definition
from app.services import definitions, vocabulary, working_copies


def shipped_files(root: Path) -> list[Path]:
    """Return the files in the order in which they can be published: forms, decision tables, diagrams."""
    return [
        *sorted((root / "forms").glob("*.form")),
        *sorted((root / "bpmn").glob("*.dmn")),
        *sorted((root / "bpmn").glob("*.bpmn")),
    ]


def import_files(
    session: Session,
    files: Iterable[Path],
    *,
    now: datetime,
    told: Callable[[Path, bool], None] = lambda _path, _new: None,
) -> int:
    """Publish shipped files that are not in force yet as they are; return how many became a new version.

    The installation itself releases what it ships. Raises DiagramNotExecutable with the findings of the first file
    that cannot be published.
    """
    new = 0
    for path in files:
        published = definitions.publish(
            session, path.read_bytes(), kind=definitions.kind_of(path), now=now, by=None, shipped=True
        )
        new += published.new
        told(path, published.new)
    return new


def export(session: Session, folder: Path) -> list[Path]:
    """Write every version in force to `folder`/bpmn and `folder`/forms as it was published; return the paths."""
    written = []
    for definition in session.scalars(
        select(Definition).where(Definition.in_force).order_by(Definition.kind, Definition.key)
    ):
        target = folder / ("forms" if definition.kind == "form" else "bpmn") / f"{definition.key}.{definition.kind}"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(definition.source, encoding="utf-8")
        written.append(target)
    return written


@dataclass(frozen=True)
class Compared:
    """One file beside the version in force of the same id."""

    name: str
    version: int
    """In force; 0 for none."""
    state: str
    """`same`, `differs`, `missing` (nothing is in force) or `extra` (in force, and no such file)."""
    changes: tuple[Change, ...] = ()


def compared(session: Session, root: Path) -> list[Compared]:
    """Compare the files in `root`/bpmn and `root`/forms with what is in force; files that cannot be read differ."""
    standing = {
        (row.kind, row.key): row
        for row in session.scalars(select(Definition).where(Definition.in_force).order_by(Definition.kind))
    }
    words = vocabulary.current(session)
    found = []
    for path in shipped_files(root):
        kind = definitions.kind_of(path)
        try:
            text = drawn_file.text_of(path.read_bytes(), kind)
            key, _ = working_copies.identity(kind, text)
        except (DiagramNotExecutable, OSError):
            found.append(Compared(path.name, 0, "differs"))
            continue
        row = standing.pop((kind, key), None)
        if row is None:
            found.append(Compared(path.name, 0, "missing"))
        elif row.source == text:
            found.append(Compared(path.name, row.version, "same"))
        else:
            found.append(Compared(path.name, row.version, "differs", compare(text, row.source, kind, words)))
    extra = [Compared(f"{key}.{kind}", row.version, "extra") for (kind, key), row in standing.items()]
    return [*found, *extra]
