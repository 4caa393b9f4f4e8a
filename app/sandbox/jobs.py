"""What the child does, by name: a closed table of functions on a file, a vocabulary and plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from app.engine import decisions, differences, drawn_file, repairs
from app.engine.lint.report import findings_to_json
from app.errors import DiagramNotExecutable, Refused
from app.feel import FeelError
from app.feel.values import encode
from app.sandbox.findings import findings_of

if TYPE_CHECKING:
    from app.engine.lint import Vocabulary

Answer: TypeAlias = "dict[str, object]"
Job: TypeAlias = "Callable[[bytes, Vocabulary, Mapping[str, object]], Answer]"


def carry_out(name: str, source: bytes, vocabulary: Vocabulary, values: Mapping[str, object]) -> Answer:
    """Do one job; what it refuses comes back as findings or as a sentence with its values, like any answer."""
    try:
        return JOBS[name](source, vocabulary, values)
    except DiagramNotExecutable as refused:
        return {"findings_refused": findings_to_json(refused.findings)}
    except (Refused, FeelError) as refused:
        values = {key: str(value) for key, value in refused.values.items()}
        return {"refused": refused.message, "values": values, "status": getattr(refused, "status", 400)}


def _lint(source: bytes, vocabulary: Vocabulary, values: Mapping[str, object]) -> Answer:
    kind, former = str(values["kind"]), values.get("former")
    found = findings_of(source, kind, vocabulary)
    if isinstance(former, str):
        text = source.decode("utf-8", "surrogatepass")
        found = tuple(repairs.tried(text, found, vocabulary, kind=kind, former=former))
    return {"findings": findings_to_json(found)}


def _convert(source: bytes, _vocabulary: Vocabulary, _values: Mapping[str, object]) -> Answer:
    text, done = repairs.converted(source.decode("utf-8", "surrogatepass"))
    return {"text": text, "done": done}


def _mend(source: bytes, vocabulary: Vocabulary, values: Mapping[str, object]) -> Answer:
    code, element_id = str(values["code"]), str(values["element"])
    done = repairs.mend(
        source.decode("utf-8", "surrogatepass"), code, element_id, vocabulary,
        kind=str(values["kind"]), former=str(values["former"]),
    )  # fmt: skip
    return asdict(done)


def _compare(source: bytes, vocabulary: Vocabulary, values: Mapping[str, object]) -> Answer:
    right = source.decode("utf-8", "surrogatepass")
    changes = differences.compare(str(values["left"]), right, str(values["kind"]), vocabulary)
    return {"changes": [asdict(change) for change in changes]}


def _try(source: bytes, _vocabulary: Vocabulary, values: Mapping[str, object]) -> Answer:
    text = source.decode("utf-8", "surrogatepass")
    key, _ = drawn_file.identity_of(text, "dmn")
    inputs = values["inputs"]
    given = inputs if isinstance(inputs, Mapping) else {}
    found = decisions.evaluate_decision(source, key, given, now=datetime.fromisoformat(str(values["now"])))
    return {"outputs": encode(found)}


JOBS: Final[Mapping[str, Job]] = {"lint": _lint, "mend": _mend, "compare": _compare, "convert": _convert, "try": _try}
