"""Repairs for the workshop: which finding has one, and carrying it out with the county's vocabulary."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import sandbox
from app.engine import repairs
from app.engine.repairs import Mended
from app.errors import Finding
from app.services import definitions, vocabulary


def label(finding: Finding, kind: str, *, english: bool) -> str:
    """Return what the button of a finding's repair says; empty where it has none that works on this file."""
    said = repairs.repair_of(finding.code, kind) if finding.values.get(repairs.MENDABLE) else None
    return "" if said is None else said[english]


def former(session: Session, kind: str, key: str) -> str:
    """Return the form in force, from which a lost field comes back; empty for what is no form."""
    current = definitions.in_force(session, kind, key) if kind == "form" else None
    return "" if current is None else current.source


def mend(session: Session, content: str, kind: str, *, key: str, code: str, element_id: str) -> Mended:
    """Return a file with one finding mended; nothing is stored.

    Raises NotFound where there is no such repair, Refused where this case needs a person, DiagramNotExecutable where
    the content is no such file. `key` is the file's id: a field that a form lost comes back as it is in force.
    """
    words = vocabulary.current(session)
    return sandbox.mend(content, code, element_id, kind, words, former=former(session, kind, key))
