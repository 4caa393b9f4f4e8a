"""Findings as people and as programs read them, and the exit status of a command that prints them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, Literal

from app.errors import Finding

Language = Literal["zh", "en"]

CLEAN: Final = 0
ERRORS: Final = 1
UNREADABLE: Final = 2

UNREADABLE_CODES: Final = frozenset(
    {
        "file-missing",
        "file-too-large",
        "file-empty",
        "doctype",
        "too-deep",
        "too-many-attributes",
        "wrong-encoding",
        "not-xml",
        "not-bpmn",
    }
    | {"dmn-not-dmn", "not-a-form", "unknown-kind"}
)
"""Findings that say that the bytes are no such file at all."""

_SEVERITIES: Final = {"error": ("错误", "error"), "warning": ("提醒", "warning"), "info": ("建议", "info")}
_CLEAN: Final = {"zh": "没有发现问题。", "en": "No findings."}
_COUNT: Final = {
    "zh": "共 {total} 项：错误 {error}，提醒 {warning}，建议 {info}。",
    "en": "{total} findings: {error} errors, {warning} warnings, {info} info.",
}


def as_text(findings: Sequence[Finding], lang: Language, *, name: str = "") -> str:
    """Return the findings of one file as lines: severity, element, code, sentence, and the hint below.

    `name` is the file's name, written above. The last line counts them.
    """
    lines = [name] if name else []
    if not findings:
        return "\n".join([*lines, _CLEAN[lang]])
    for item in findings:
        message, hint = _words(item, lang)
        where = item.element_id or "-"
        lines.append(f"  [{_SEVERITIES[item.severity][lang == 'en']}] {where}  {message}  ({item.code})")
        if hint:
            lines.append(f"      → {hint}")
    lines.append(_COUNT[lang].format(total=len(findings), **_counts(findings)))
    return "\n".join(lines)


def as_json(findings: Sequence[Finding], *, name: str = "") -> dict[str, object]:
    """Return the findings of one file as plain values for JSON, both languages side by side."""
    return {
        "file": name,
        "status": exit_status(findings),
        "counts": _counts(findings),
        "findings": findings_to_json(findings),
    }


def findings_to_json(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Return findings as plain values for JSON."""
    return [
        {
            "code": item.code,
            "element": item.element_id,
            "severity": item.severity,
            "message": item.message,
            "message_en": item.message_en,
            "hint": item.hint,
            "hint_en": item.hint_en,
            "values": {key: _plain(value) for key, value in item.values.items()},
        }
        for item in findings
    ]


def as_json_text(files: Iterable[tuple[str, Sequence[Finding]]]) -> str:
    """Return the findings of several files, named, as one JSON list."""
    return json.dumps([as_json(findings, name=name) for name, findings in files], ensure_ascii=False, indent=1)


def findings_from_json(values: Iterable[Mapping[str, object]]) -> tuple[Finding, ...]:
    """Return the findings that `findings_to_json` wrote."""
    found = []
    for value in values:
        extra = value["values"]
        found.append(
            Finding(
                code=str(value["code"]),
                element_id=str(value["element"]),
                severity=str(value["severity"]),
                message=str(value["message"]),
                message_en=str(value["message_en"]),
                hint=str(value["hint"]),
                hint_en=str(value["hint_en"]),
                values=dict(extra) if isinstance(extra, Mapping) else {},
            )
        )
    return tuple(found)


def exit_status(findings: Iterable[Finding]) -> int:
    """Return 0 without errors, 1 with findings of severity error, 2 for what cannot be read as such a file."""
    codes = {item.code for item in findings if item.severity == "error"}
    if codes & UNREADABLE_CODES:
        return UNREADABLE
    return ERRORS if codes else CLEAN


def worst_status(files: Iterable[Sequence[Finding]]) -> int:
    """Return the exit status of a command that looked at several files."""
    return max((exit_status(findings) for findings in files), default=CLEAN)


def _words(item: Finding, lang: Language) -> tuple[str, str]:
    return (item.message_en, item.hint_en) if lang == "en" else (item.message, item.hint)


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    return {severity: sum(item.severity == severity for item in findings) for severity in _SEVERITIES}


def _plain(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return str(value)
