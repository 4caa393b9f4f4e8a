"""Queries that see what has been written before them: the recorders and operations read what they have just added."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@contextmanager
def flushing(session: Session) -> Iterator[None]:
    """Let every query inside the block flush first; the unit of work leaves that off elsewhere."""
    before = session.autoflush
    session.autoflush = True
    try:
        yield
        session.flush()
    finally:
        session.autoflush = before
