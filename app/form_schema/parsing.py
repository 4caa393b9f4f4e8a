"""Read a .form file: everything that would go wrong with it later is found before it is published."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from app.errors import DiagramNotExecutable, Finding
from app.form_schema.component_lint import Lint
from app.form_schema.findings import finding
from app.form_schema.model import FormModel, build

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_BYTES: Final = 1_000_000
LARGEST_SHOWN: Final = "1 MB"
DEEPEST: Final = 8
"""Levels of groups and lists."""
MOST_COMPONENTS: Final = 500
NEWEST_SCHEMA: Final = 19
"""What form-js 1.23 writes."""


def parse_form(source: bytes | str) -> FormModel:
    """Return the form in `source` (a form-js schema as JSON).

    Raises DiagramNotExecutable with every finding when one of them is an error; warnings alone do not refuse a form.
    """
    schema, found = _read(source)
    errors = [each for each in found if each.severity == "error"]
    if errors or schema is None:
        raise DiagramNotExecutable(found)
    components = schema.get("components")
    return FormModel(str(schema["id"]), schema, build(components if isinstance(components, list) else []))


def lint_form(source: bytes | str) -> tuple[Finding, ...]:
    """Return everything that is wrong (error) or doubtful (warning) in a form, whatever its bytes are."""
    return tuple(_read(source)[1])


def _read(source: bytes | str) -> tuple[Mapping[str, object] | None, list[Finding]]:
    if len(source) > LARGEST_BYTES:
        return None, [finding("form-too-large", "", limit=LARGEST_SHOWN)]
    try:
        schema = _loaded(source)
    except UnicodeError:
        return None, [finding("form-not-utf8", "")]
    except RecursionError:
        return None, [finding("form-too-deep", "", limit=DEEPEST)]
    except ValueError as wrong:
        line, column = (wrong.lineno, wrong.colno) if isinstance(wrong, json.JSONDecodeError) else (1, 1)
        return None, [finding("form-not-json", "", line=line, column=column)]
    return (schema, _lint(schema)) if isinstance(schema, dict) else (None, [finding("form-not-schema", "")])


def _loaded(source: bytes | str) -> object:
    text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    schema: object = json.loads(text, parse_constant=_no_constant)
    # An escaped half of a surrogate pair is valid JSON and no text that a database could keep.
    json.dumps(schema, ensure_ascii=False).encode()
    return schema


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _lint(schema: Mapping[str, object]) -> list[Finding]:
    components = schema.get("components")
    if schema.get("type") != "default" or not isinstance(components, list):
        return [finding("form-not-schema", "")]
    try:
        count, depth = _size(components, 1)
    except RecursionError:
        return [finding("form-too-deep", "", limit=DEEPEST)]
    if depth > DEEPEST:
        return [finding("form-too-deep", "", limit=DEEPEST)]
    if count > MOST_COMPONENTS:
        return [finding("form-too-many", "", limit=MOST_COMPONENTS, count=count)]
    lint = Lint()
    lint.form(schema)
    version = schema.get("schemaVersion")
    if isinstance(version, int) and version > NEWEST_SCHEMA:
        lint.note("form-newer", "", version=version, known=NEWEST_SCHEMA)
    lint.components(components)
    return lint.found


def _size(components: list[object], level: int) -> tuple[int, int]:
    count, depth = len(components), level
    for component in components:
        inner = component.get("components") if isinstance(component, dict) else None
        if isinstance(inner, list):
            below, deepest = _size(inner, level + 1)
            count, depth = count + below, max(depth, deepest)
    return count, depth
