"""The findings of a file of any kind: one function for every entrance, in this process or in the child."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from app.engine.lint import lint_decision, lint_process
from app.errors import DiagramNotExecutable, Finding
from app.form_schema import lint_form, parse_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.engine.lint import Recorder, Vocabulary

Kind = Literal["bpmn", "dmn", "form"]
KIND_OF_SUFFIX: Final[dict[str, Kind]] = {".bpmn": "bpmn", ".xml": "bpmn", ".dmn": "dmn", ".form": "form"}


def findings_of(source: bytes, kind: str, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Return every finding of a `bpmn`, `dmn` or `form` file, in words; nothing is raised whatever the bytes are."""
    if kind == "form":
        return (*lint_form(source), *_fields_missing(source, vocabulary))
    return lint_decision(source, vocabulary) if kind == "dmn" else lint_process(source, vocabulary)


def fields_needed(form_id: str, recorders: Mapping[str, Recorder] | None) -> frozenset[str]:
    """Return the fields without which a form cannot record what it is for, in whatever meaning a task gives it."""
    return frozenset().union(*(one.fields for one in (recorders or {}).values() if one.form == form_id))


def _fields_missing(source: bytes, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield one finding where a form that has a recorder lacks fields that the recorder needs."""
    try:
        model = parse_form(source)
    except DiagramNotExecutable:
        return
    missing = sorted(fields_needed(model.form_id, vocabulary.recorders) - {field.key for field in model.answers()})
    if missing:
        listed = "、".join(missing)
        yield Finding(
            "recorder-field-missing", "", "error",
            f"这张表单办理时要记录的字段缺少：{listed}。",
            f"The form lacks fields that its recorder needs: {', '.join(missing)}.",
            "请补上这些字段（字段名照写），否则任务办不成。",
            "Add fields with these keys; without them its tasks cannot be completed.",
            {"missing": missing},
        )  # fmt: skip
