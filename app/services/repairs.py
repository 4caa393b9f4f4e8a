"""Repairs for the workshop: which finding has one, and carrying it out with the county's vocabulary."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import sandbox
from app.engine import repairs
from app.engine.repairs import Mended
from app.errors import Finding, NotFound
from app.services import vocabulary


def label(finding: Finding, kind: str, *, english: bool) -> str:
    """Return what the button of a finding's repair says; empty where a person must mend it."""
    repair = repairs.repair_of(finding.code) if kind == "bpmn" else None
    if repair is None:
        return ""
    return repair.en if english else repair.zh


def mend(session: Session, content: str, kind: str, *, code: str, element_id: str) -> Mended:
    """Return a file with one finding mended; nothing is stored.

    Raises NotFound where there is no such repair, Refused where this case needs a person, DiagramNotExecutable where
    the content is no diagram.
    """
    if kind != "bpmn":
        raise NotFound("这一项没有可以代劳的修改。")
    return sandbox.mend(content, code, element_id, kind, vocabulary.current(session))
