"""A vocabulary as a line of JSON and back, for the child process that lints under limits."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass

from app.engine.lint import Form, Named, Operation, Process, Recorder, Vocabulary

_KINDS: Mapping[str, Callable[..., object]] = {
    kind.__name__: kind for kind in (Form, Named, Operation, Process, Recorder, Vocabulary)
}
_KIND = "$kind"
_SET = "$set"


def vocabulary_to_json(vocabulary: Vocabulary) -> bytes:
    """Return the vocabulary as one line of JSON."""
    return json.dumps(_plain(vocabulary), ensure_ascii=True, separators=(",", ":")).encode()


def vocabulary_from_json(line: bytes) -> Vocabulary:
    """Return the vocabulary that `vocabulary_to_json` wrote; raises ValueError for anything else."""
    found = _typed(json.loads(line))
    if not isinstance(found, Vocabulary):
        raise ValueError("no vocabulary")  # noqa: TRY004 -- what is wrong is the text
    return found


def _plain(value: object) -> object:
    if is_dataclass(value):
        parts = {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
        return {_KIND: type(value).__name__, **parts}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return {_SET: sorted(value)}
    return value


def _typed(value: object) -> object:
    if isinstance(value, list):
        return tuple(_typed(item) for item in value)
    if not isinstance(value, dict):
        return value
    if _SET in value:
        return frozenset(value[_SET])
    read = {key: _typed(item) for key, item in value.items() if key != _KIND}
    return _KINDS[value[_KIND]](**read) if _KIND in value else read
