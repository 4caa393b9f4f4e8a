"""Differences for the workshop: two states of a file compared in the words of the county's vocabulary."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import sandbox
from app.engine.differences import Change
from app.services import vocabulary


def between(session: Session, left: str, right: str, kind: str) -> tuple[Change, ...]:
    """Return what has changed from one state of a file to another; an empty text stands for no file.

    Raises DiagramNotExecutable where the files are too tangled to be compared.
    """
    return sandbox.compare(left, right, kind, vocabulary.current(session))
