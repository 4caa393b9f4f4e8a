"""The refusals that every floor raises and only the entrances catch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from app.domain.refusals import Refusal


def failure(error: BaseException) -> str:
    """Return what a row keeps of a failure that nobody was there to read: a sentence where it has one."""
    if isinstance(error, Refused):
        return Sentence(error.message, **error.values).stored()
    return f"{type(error).__name__}: {error}"[:2000]


class Sentence(str):
    """A filled-in Chinese sentence that remembers its message id and values, to be said in another language too."""

    __slots__ = ("message", "values")
    message: str
    values: Mapping[str, object]

    def __new__(cls, message: str, /, **values: object) -> Self:
        """Fill the message id in."""
        made = super().__new__(cls, message % values if values else message)
        made.message, made.values = message, values
        return made

    def stored(self) -> str:
        """Return it as a table or a state keeps it."""
        return json.dumps(_folded(self), ensure_ascii=False, default=str)

    @classmethod
    def read(cls, text: str) -> Sentence:
        """Return what `stored` has kept; any other text is a sentence as it stands."""
        try:
            found = json.loads(text) if text.startswith('{"message"') else None
        except ValueError:
            found = None
        return cls(text) if found is None else _unfolded(found)


def _folded(sentence: Sentence) -> dict[str, object]:
    values = {name: _folded(value) if isinstance(value, Sentence) else value for name, value in sentence.values.items()}
    return {"message": sentence.message, "values": values}


def _unfolded(found: Mapping[str, Any]) -> Sentence:
    nested = {
        name: _unfolded(value) if isinstance(value, dict) and value.keys() == {"message", "values"} else value
        for name, value in found["values"].items()
    }
    return Sentence(found["message"], **nested)


class Refused(Exception):
    """Somebody asked for what cannot be; `message` is a key of the translation catalogue with its `values`."""

    status = 400

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


class NotFound(Refused):
    """It does not exist, or the reader may not know that it exists (404)."""

    status = 404

    def __init__(self, message: str = "没有这一页，或它不属于你的范围。", /, **values: object) -> None:
        super().__init__(message, **values)


class NotPermitted(Refused):
    """She sees it and may not act on it (403)."""

    status = 403


class AlreadyDone(Refused):
    """Somebody else has just done it (409)."""

    status = 409


class InvalidAnswers(Refused):
    """A form's answers are wrong, missing, surplus or forged (422): each field's path with its messages."""

    status = 422

    def __init__(self, errors: Mapping[str, Sequence[str]], /) -> None:
        super().__init__("表单有 %(count)s 处需要改正。", count=len(errors))
        self.errors = {path: tuple(messages) for path, messages in errors.items()}


class RegulationViolation(Refused):
    """The regulation forbids it (422): every refusal, each with its article and its remedy."""

    status = 422
    project_no = ""
    """The project that it is about, where whoever caught it knows; its pages then offer the way out."""

    def __init__(self, refusals: Sequence[Refusal], /) -> None:
        super().__init__("依《办法》不能办理，共 %(count)s 项原因。", count=len(refusals))
        self.refusals = tuple(refusals)


@dataclass(frozen=True)
class Finding:
    """What is wrong with a drawn file, and where: sentences in Chinese and English, and a hint in both."""

    code: str
    element_id: str
    severity: str  # "error" | "warning" | "info"
    message: str
    message_en: str
    hint: str = ""
    hint_en: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


class DiagramNotExecutable(Refused):
    """A diagram, table or form cannot be published as it is (422): all findings at once."""

    status = 422

    def __init__(self, findings: Sequence[Finding], /) -> None:
        super().__init__("这份文件有 %(count)s 处需要改正。", count=len(findings))
        self.findings = tuple(findings)
