"""The refusal of a value that cannot be: an amount, a number, a date; with its sentence for people."""

from __future__ import annotations


class InvalidValue(ValueError):
    """A value is unusable; `message` is a Chinese message id with %(name)s places for `values`."""

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(message % values)
        self.message = message
        self.values = values
