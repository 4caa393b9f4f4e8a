"""The refusals that every floor raises and only the entrances catch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.refusals import Refusal


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
