"""Files that anybody may have written, judged in a warm child process under limits of time and memory.

    lint(source, kind, vocabulary) -> tuple[Finding, ...]         every finding, whatever the bytes are
    convert(text) -> tuple[str, changes]                          the notation of Camunda 7 rewritten
    lint_file(path, vocabulary) -> tuple[Finding, ...]            the same for a file on disk
    mend(text, code, element_id, kind, vocabulary) -> Mended      one finding mended
    compare(left, right, kind, vocabulary) -> tuple[Change, ...]  two states of a file
    try_decision(text, inputs, now=) -> object                     a decision table tried with values

No file can harm the process that asks: beyond five seconds or 500 MB the child is ended and a sentence comes back.
"""

from __future__ import annotations

from app.sandbox.entrance import compare, convert, lint, lint_file, mend, try_decision
from app.sandbox.findings import fields_needed, findings_of
from app.sandbox.pool import MEGABYTES, SECONDS, warm

__all__ = [
    "MEGABYTES",
    "SECONDS",
    "compare",
    "convert",
    "fields_needed",
    "findings_of",
    "lint",
    "lint_file",
    "mend",
    "try_decision",
    "warm",
]
