"""The Word templates of papers: those we ship, those the bureau has changed, and which version is in force."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models.papers import PaperTemplate, PaperTemplateVerdict

SHIPPED = Path(__file__).resolve().parents[2] / "papers"
"""Our templates, one .docx a kind; made by app/papers/build.py and changed in Word like any other."""


@cache
def shipped(kind: str) -> tuple[bytes, str]:
    """Return the shipped template of a kind and its SHA-256."""
    source = (SHIPPED / f"{kind.lower()}.docx").read_bytes()
    return source, hashlib.sha256(source).hexdigest()


def in_force_id(session: Session, kind: str, *, now: datetime) -> int:
    """Return the id of the template that is in force; the shipped one is entered the first time it is needed.

    A template that the bureau has released stays in force when a new version of the application ships another.
    """
    found = in_force(session, kind)
    source, digest = shipped(kind)
    if found is not None and (not found.shipped or found.sha256 == digest):
        return found.id
    row = PaperTemplate(
        kind=kind, version=next_version(session, kind), name=f"{kind.lower()}.docx", source=source, sha256=digest,
        shipped=True, uploaded_by_id=None, uploaded_at=now, reason="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(PaperTemplateVerdict(template_id=row.id, verdict="released", by_id=None, at=now))
    session.flush()
    return row.id


def in_force(session: Session, kind: str) -> PaperTemplate | None:
    """Return the template that was released last; None before any paper of the kind was signed or template uploaded."""
    return session.scalar(
        select(PaperTemplate)
        .join(PaperTemplateVerdict, PaperTemplateVerdict.template_id == PaperTemplate.id)
        .where(PaperTemplate.kind == kind, PaperTemplateVerdict.verdict == "released")
        .order_by(PaperTemplateVerdict.id.desc())
        .limit(1)
    )


def next_version(session: Session, kind: str) -> int:
    """Return the number of the next version of a kind's template."""
    return (session.scalar(select(func.max(PaperTemplate.version)).where(PaperTemplate.kind == kind)) or 0) + 1


def source_of(session: Session, kind: str, template_id: int | None) -> bytes:
    """Return the bytes of the template with which a paper is written; without one, of that in force or shipped."""
    row = session.get(PaperTemplate, template_id) if template_id is not None else in_force(session, kind)
    return row.source if row is not None else shipped(kind)[0]


def version_of(session: Session, kind: str, template_id: int) -> bytes:
    """Return the bytes of one version; raise NotFound where the kind has no such version."""
    row = session.get(PaperTemplate, template_id)
    if row is None or row.kind != kind:
        raise NotFound
    return row.source
