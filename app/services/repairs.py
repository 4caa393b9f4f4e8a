"""Repairs for the workshop: which finding has one, and carrying it out with the county's vocabulary."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import sandbox
from app.engine import repairs
from app.engine.repairs import Mended
from app.errors import Finding
from app.services import definitions, vocabulary


def label(finding: Finding, kind: str, *, english: bool) -> str:
    """Return what the button of a finding's repair says; empty where a person must mend it."""
    said = repairs.repair_of(finding.code, kind)
    return "" if said is None else said[english]


def mend(session: Session, content: str, kind: str, *, key: str, code: str, element_id: str) -> Mended:
    """Return a file with one finding mended; nothing is stored.

    Raises NotFound where there is no such repair, Refused where this case needs a person, DiagramNotExecutable where
    the content is no such file. `key` is the file's id: a field that a form lost comes back as it is in force.
    """
    current = definitions.in_force(session, kind, key) if kind == "form" else None
    former = "" if current is None else current.source
    return sandbox.mend(content, code, element_id, kind, vocabulary.current(session), former=former)
