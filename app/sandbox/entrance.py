"""The ways into the sandbox: a job is handed to a child, and what does not come back becomes a sentence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from app.engine.differences import Change
from app.engine.lint import Vocabulary
from app.engine.lint.limits import too_tangled
from app.engine.lint.report import findings_from_json
from app.engine.repairs import Mended
from app.engine.xml import MAX_BYTES
from app.errors import DiagramNotExecutable, Finding, NotFound, Refused
from app.feel.values import decode
from app.sandbox import pool
from app.sandbox.findings import KIND_OF_SUFFIX
from app.sandbox.wire import vocabulary_to_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path


def lint(
    source: bytes, kind: str, vocabulary: Vocabulary, *, seconds: float | None = None, former: str | None = None
) -> tuple[Finding, ...]:
    """Return all findings on the bytes of a file, or one that it is too large or too tangled. Never raises.

    Where `former` is given (a form's version in force, else an empty text), each repair is tried, and a finding whose
    repair can be carried out says so among its values.
    """
    try:
        answer = _asked("lint", source[: MAX_BYTES + 1], vocabulary, {"kind": kind, "former": former}, seconds=seconds)
    except DiagramNotExecutable as refused:
        return refused.findings
    return findings_from_json(answer["findings"])  # type: ignore[arg-type]


def lint_file(file: Path, vocabulary: Vocabulary, *, seconds: float | None = None) -> tuple[Finding, ...]:
    """Return all findings on a file on disk; one that cannot be read is a finding too. Never raises."""
    kind = KIND_OF_SUFFIX.get(file.suffix.lower())
    if kind is None:
        return (_unreadable("unknown-kind", file),)
    try:
        with file.open("rb") as opened:
            source = opened.read(MAX_BYTES + 1)
    except OSError:
        return (_unreadable("file-missing", file),)
    return lint(source, kind, vocabulary, seconds=seconds)


def mend(text: str, code: str, element_id: str, kind: str, vocabulary: Vocabulary, *, former: str = "") -> Mended:
    """Return a file with one finding mended; raises as `repairs.mend` does."""
    values = {"code": code, "element": element_id, "kind": kind, "former": former}
    answer = _asked("mend", _bytes(text), vocabulary, values)
    changed: object = answer["changed"]
    listed = changed if isinstance(changed, list) else []
    return Mended(str(answer["text"]), tuple(str(one) for one in listed), str(answer["zh"]), str(answer["en"]))


def convert(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a diagram with the notation of Camunda 7 rewritten, and each change; raises as `repairs.converted`."""
    answer = _asked("convert", _bytes(text), Vocabulary(), {})
    done: object = answer["done"]
    pairs = done if isinstance(done, list) else []
    return str(answer["text"]), tuple((str(element), str(what)) for element, what in pairs)


def compare(left: str, right: str, kind: str, vocabulary: Vocabulary) -> tuple[Change, ...]:
    """Return what has changed from one state of a file to another; raises Refused where that takes too much."""
    answer = _asked("compare", _bytes(right), vocabulary, {"left": left, "kind": kind})
    changes: object = answer["changes"]
    return tuple(Change(**one) for one in changes) if isinstance(changes, list) else ()


def try_decision(text: str, inputs: Mapping[str, object], *, now: datetime) -> object:
    """Return what a decision file gives for these inputs; raises DiagramNotExecutable or Refused with the sentence."""
    answer = _asked("try", _bytes(text), Vocabulary(), {"inputs": inputs, "now": now.isoformat()})
    return decode(answer["outputs"])


def _asked(
    job: str, source: bytes, vocabulary: Vocabulary, values: Mapping[str, object], *, seconds: float | None = None
) -> Mapping[str, object]:
    head = json.dumps({"job": job, "values": values}, ensure_ascii=True).encode()
    text = pool.ask(head, vocabulary_to_json(vocabulary), source, seconds=seconds)
    if text is None:
        raise DiagramNotExecutable([too_tangled({"seconds": seconds or pool.SECONDS, "megabytes": pool.MEGABYTES})])
    answer: dict[str, object] = json.loads(text)
    if "findings_refused" in answer:
        raise DiagramNotExecutable(findings_from_json(answer["findings_refused"]))  # type: ignore[arg-type]
    if "refused" in answer:
        said = answer["values"]
        kind = NotFound if answer["status"] == NotFound.status else Refused
        raise kind(str(answer["refused"]), **(said if isinstance(said, dict) else {}))
    return answer


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


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
