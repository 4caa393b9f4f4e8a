"""What is wrong with an answer, in a sentence that can be said in either language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class FieldMessage(str):
    """The Chinese sentence about one field; `message` is its key in the catalogue, `values` fill it.

    `values` holds the field's name as `label` and `label_en`. A sentence that the form itself brings
    (patternErrorMessage, check.message) stands in no catalogue; its English is `english`.
    """

    __slots__ = ("english", "message", "values")

    message: str
    values: Mapping[str, object]
    english: str

    def __new__(cls, message: str, values: Mapping[str, object], /, english: str = "") -> Self:
        """Fill `message`, unless the form brought it: what people wrote is never a format."""
        sentence = super().__new__(cls, message if english else message % values)
        sentence.message, sentence.values, sentence.english = message, values, english
        return sentence

    def spoken(self, translate: Callable[[str], str], lang: str) -> str:
        """Return the sentence in `lang`, the catalogue being asked by `translate`."""
        if lang == "zh":
            return str(self)
        # the English sentence names the field by its English name, under the same placeholder
        label = self.values.get("label_en", self.values.get("label", ""))
        return self.english or translate(self.message) % {**self.values, "label": label}

    def __reduce__(self) -> tuple[object, ...]:
        """Keep message and values when copied or pickled."""
        return type(self), (self.message, dict(self.values), self.english)
