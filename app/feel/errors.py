"""What goes wrong with an expression: at run time, when it is checked, and when the interpreter cannot run at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class FeelError(Exception):
    """An expression that cannot be evaluated, or whose outcome is of no use where it stands.

    `message` is a Chinese sentence with %(name)s placeholders, a key of the translation catalogue; `values` fills them.
    `position` is (line, column), both counted from 1, in the expression as it was written. `unknown` holds the names
    that the expression reads and that do not exist. `str(error)` is the whole Chinese sentence.
    """

    def __init__(
        self,
        message: str,
        /,
        *,
        expression: str = "",
        position: tuple[int, int] | None = None,
        unknown: tuple[str, ...] = (),
        values: Mapping[str, object] | None = None,
        **more: object,
    ) -> None:
        self.message = message
        self.expression = expression
        self.position = position
        self.unknown = unknown
        self.values: dict[str, object] = {"expression": shortened(expression), **(values or {}), **more}
        super().__init__(message % self.values)

    def about(self, expression: str) -> FeelError:
        """Return the same complaint about `expression`, where the place that raised it did not know the text."""
        values = {name: value for name, value in self.values.items() if name != "expression"}
        return FeelError(
            self.message, expression=expression, position=self.position, unknown=self.unknown, values=values
        )


class FeelUnavailableError(RuntimeError):
    """The interpreter cannot run in this process: not built, or used before the process was forked."""


@dataclass(frozen=True)
class FeelProblem:
    """Something wrong or suspicious in the text of an expression, and where: line and column from 1, offset from 0."""

    code: str
    severity: str  # "error" | "warning"
    message: str
    message_en: str
    line: int
    column: int
    offset: int
    length: int
    hint: str = ""
    hint_en: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class FeelName:
    """A name that an expression reads, as a dotted path, and where it stands."""

    path: str
    line: int
    column: int
    offset: int
    length: int
    certain: bool
    """False inside a filter, where a name may also be a property of the filtered element."""


def shortened(text: str, length: int = 200) -> str:
    """Return `text` cut to `length` characters, for a sentence that people read."""
    return text if len(text) <= length else text[: length - 1] + "…"
