"""What the workshop asks of a file that is being drawn: its findings, a repair of one, and a try of a decision."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.engine import decisions, drawn_file
from app.engine.lint import sandbox
from app.errors import Finding, Refused
from app.feel import FeelError
from app.services import vocabulary

UNDECIDED = "soundness-unknown"
"""The finding that says that the exploration did not come to its end."""


@dataclass(frozen=True)
class Checked:
    """The findings of a file and how long they took."""

    findings: tuple[Finding, ...]
    undecided: bool
    milliseconds: int


def lint(session: Session, content: str, kind: str) -> Checked:
    """Return every finding of a file, judged in a child process under limits of time and memory. Never raises."""
    began = time.monotonic()
    words = vocabulary.current(session)
    source = content.encode("utf-8", "surrogatepass")
    if kind == "form":
        findings = vocabulary.lint(session, source, kind, words)
    else:
        source = drawn_file.declared_as_utf_8(content).encode("utf-8", "surrogatepass")
        findings = sandbox.lint_bytes(source, words, kind="decision" if kind == "dmn" else "process")
    took = round((time.monotonic() - began) * 1000)
    return Checked(findings, any(one.code == UNDECIDED for one in findings), took)


def try_decision(content: str, inputs: Mapping[str, object], *, now: datetime) -> object:
    """Return what a decision table that is being drawn gives for these inputs; raise Refused with the sentence."""
    source = drawn_file.declared_as_utf_8(content).encode()
    try:
        key, _ = drawn_file.identity_of(content, "dmn")
        return decisions.evaluate_decision(source, key, inputs, now=now)
    except FeelError as failed:
        raise Refused(failed.message, **failed.values) from None
