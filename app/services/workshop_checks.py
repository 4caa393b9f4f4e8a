"""What the workshop asks of a file that is being drawn: its findings, a repair of one, and a try of a decision."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import sandbox
from app.engine import drawn_file
from app.errors import Finding
from app.services import repairs, vocabulary

UNDECIDED = "soundness-unknown"
"""The finding that says that the exploration did not come to its end."""


@dataclass(frozen=True)
class Checked:
    """The findings of a file and how long they took."""

    findings: tuple[Finding, ...]
    undecided: bool
    milliseconds: int


def lint(session: Session, content: str, kind: str, *, mending: str | None = None) -> Checked:
    """Return every finding of a file, judged in a child process under limits of time and memory. Never raises.

    `mending`: the id of the file that is being drawn, where each finding shall say whether it has a repair that works.
    """
    began = time.monotonic()
    words = vocabulary.current(session)
    text = content if kind == "form" else drawn_file.declared_as_utf_8(content)
    former = None if mending is None else repairs.former(session, kind, mending)
    findings = sandbox.lint(text.encode("utf-8", "surrogatepass"), kind, words, former=former)
    took = round((time.monotonic() - began) * 1000)
    return Checked(findings, any(one.code == UNDECIDED for one in findings), took)


def try_decision(content: str, inputs: Mapping[str, object], *, now: datetime) -> object:
    """Return what a decision table that is being drawn gives for these inputs.

    Raises DiagramNotExecutable for a file that cannot be executed, Refused with the sentence where the table is
    violated or a cell gives nothing.
    """
    return sandbox.try_decision(drawn_file.declared_as_utf_8(content), inputs, now=now)
