"""Lint in a child process under limits of time and memory, so that no file whatever can harm the one that asks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final, Literal

from app.engine.lint.limits import too_tangled
from app.engine.lint.report import findings_from_json
from app.engine.lint.wire import vocabulary_to_json
from app.engine.xml import MAX_BYTES
from app.errors import Finding

if TYPE_CHECKING:
    from app.engine.lint.vocabulary import Vocabulary

Kind = Literal["process", "decision"]

SECONDS: Final = 5.0
"""Wall time for one file, the start of the child included."""
MEGABYTES: Final = 500
"""Resident memory of the child.

Watched from outside instead of RLIMIT_AS: V8 reserves several gigabytes of address space that it never touches, and
would not start under such a limit.
"""
_EVERY: Final = 0.02
_ROOT: Final = Path(__file__).resolve().parents[3]
_KINDS: Final[dict[str, Kind]] = {".bpmn": "process", ".xml": "process", ".dmn": "decision"}


def lint_file(file: Path, vocabulary: Vocabulary, *, seconds: float = SECONDS) -> tuple[Finding, ...]:
    """Return all findings on a `.bpmn` or `.dmn` file; a file that cannot be read is a finding too. Never raises."""
    kind = _KINDS.get(file.suffix.lower())
    if kind is None:
        return (_unreadable("unknown-kind", file),)
    try:
        with file.open("rb") as opened:
            source = opened.read(MAX_BYTES + 1)
    except OSError:
        return (_unreadable("file-missing", file),)
    return lint_bytes(source, vocabulary, kind=kind, seconds=seconds)


def lint_bytes(
    source: bytes, vocabulary: Vocabulary, *, kind: Kind = "process", seconds: float = SECONDS
) -> tuple[Finding, ...]:
    """Return all findings on the bytes of a diagram or decision file, or one that it is too large or too tangled."""
    with TemporaryFile() as given, TemporaryFile() as answer:
        given.write(vocabulary_to_json(vocabulary) + b"\n" + source[: MAX_BYTES + 1])
        given.seek(0)
        finished = _run(kind, given, answer, seconds)
        answer.seek(0)
        text = answer.read() if finished else b""
    try:
        return findings_from_json(json.loads(text))
    except (ValueError, KeyError, TypeError):
        return (too_tangled({"seconds": seconds, "megabytes": MEGABYTES}),)


def _run(kind: Kind, given: IO[bytes], answer: IO[bytes], seconds: float) -> bool:
    """Run the child; return whether it came to its end by itself, within the limits, with an answer."""
    child = subprocess.Popen(  # noqa: S603 -- our own module with fixed arguments
        [sys.executable, "-m", "app.engine.lint", kind],
        stdin=given,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    )
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline and _resident_megabytes(child.pid) <= MEGABYTES:
            try:
                return child.wait(_EVERY) == 0
            except subprocess.TimeoutExpired:
                continue
        return False
    finally:
        child.kill()
        child.wait()


def _resident_megabytes(pid: int) -> float:
    """Return the resident memory of a process; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


def _unreadable(code: str, file: Path) -> Finding:
    zh, en, hint, hint_en = _SENTENCES[code]
    values = {"name": file.name[:120]}
    return Finding(code, "", "error", zh % values, en % values, hint, hint_en, values)


_SENTENCES: Final = {
    "file-missing": (
        "文件“%(name)s”不存在，或不能读取。",
        "The file “%(name)s” does not exist or cannot be read.",
        "请核对路径和权限。",
        "Check the path and the permissions.",
    ),
    "unknown-kind": (
        "不认识“%(name)s”这种文件。",
        "“%(name)s” is not a kind of file that is known here.",
        "流程图是 .bpmn，决策表是 .dmn，表单是 .form。",
        "Diagrams are .bpmn, decision tables .dmn, forms .form.",
    ),
}
