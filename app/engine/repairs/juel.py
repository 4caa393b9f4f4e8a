"""JUEL, the expressions `${…}` and `#{…}` of Camunda 7, Flowable and Activiti, said in FEEL where FEEL can say them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST: Final = 2000
DEEPEST: Final = 40
COUNTS: Final = {
    "nrOfInstances": "numberOfInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
}
"""What a completion condition calls its counts there → here."""

_WHOLE: Final = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)(?!\w)|(?P<text>'[^'\\]*'|"[^"\\]*")|(?P<name>[^\W\d]\w*)|"""
    r"""(?P<sign>&&|\|\||==|!=|<=|>=|[-<>!?:.(),+*/%]))"""
)
_BINARY: Final[Mapping[str, tuple[int, str]]] = {
    "||": (1, "or"), "or": (1, "or"), "&&": (2, "and"), "and": (2, "and"),
    "==": (3, "="), "eq": (3, "="), "!=": (3, "!="), "ne": (3, "!="),
    "<": (3, "<"), "lt": (3, "<"), ">": (3, ">"), "gt": (3, ">"),
    "<=": (3, "<="), "le": (3, "<="), ">=": (3, ">="), "ge": (3, ">="),
    "+": (4, "+"), "-": (4, "-"), "*": (5, "*"), "/": (5, "/"), "div": (5, "/"), "%": (5, "%"), "mod": (5, "%"),
}  # fmt: skip
_COMPARING: Final = 3
_WORDS: Final = frozenset(_BINARY) | {"not", "empty", "instanceof"}
_ALONE: Final = 9
"""How closely an operand holds together that needs no parentheses anywhere."""


class _Unsaid(Exception):
    """FEEL has no way to say this, or it is no JUEL."""


class _Part(NamedTuple):
    """A piece of FEEL, and how closely it holds together (the greater, the closer)."""

    text: str
    binds: int = _ALONE

    def within(self, binds: int) -> str:
        """Return it as an operand of an operator that binds so closely."""
        return self.text if self.binds >= binds else f"({self.text})"


def feel_of(text: str, names: Mapping[str, str] | None = None) -> str | None:
    """Return a whole `${…}` in FEEL, with its leading “=”; None where it calls, indexes or is more than one.

    `names`: variables that are called otherwise here.
    """
    found = _WHOLE.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    try:
        reader = _Reader(_tokens(found[1]), names or {})
        return f"={reader.whole()}"
    except _Unsaid:
        return None


def is_juel(text: str) -> bool:
    """Say whether a text holds an expression of JUEL."""
    return "${" in text or "#{" in text


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place, end = [], 0, len(text.rstrip())
    while place < end:
        token = _TOKEN.match(text, place)
        if token is None or token.lastgroup is None:
            raise _Unsaid
        found.append((token.lastgroup, token[token.lastgroup]))
        place = token.end()
    return found


class _Reader:
    """Reads the tokens of one expression by precedence, and says each piece in FEEL."""

    def __init__(self, tokens: Sequence[tuple[str, str]], names: Mapping[str, str]) -> None:
        self.tokens, self.names = tokens, names
        self.place = self.depth = 0

    def whole(self) -> str:
        """Return the whole expression."""
        found = self._choice()
        if self.place != len(self.tokens):
            raise _Unsaid
        return found.text

    def _choice(self) -> _Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Unsaid
        found = self._joined(1)
        if self._takes("?"):
            yes = self._choice()
            self._must(":")
            found = _Part(f"if {found.text} then {yes.text} else {self._choice().text}", 0)
        self.depth -= 1
        return found

    def _joined(self, least: int) -> _Part:
        left = self._single()
        while (binary := _BINARY.get(self._next())) is not None and binary[0] >= least:
            self.place += 1
            binds, sign = binary
            right = self._joined(binds + 1)
            if sign == "%":
                left = _Part(f"modulo({left.text}, {right.text})")
                continue
            own = left.within(binds + (binds == _COMPARING))  # FEEL does not chain comparisons
            left = _Part(f"{own} {sign} {right.within(binds + 1)}", binds)
        return left

    def _single(self) -> _Part:
        if self._takes("!") or self._takes("not"):
            return _Part(f"not({self._nested().text})")
        if self._takes("-"):
            return _Part(f"-{self._nested().within(_ALONE)}", _COMPARING + 2)
        return self._reached(self._operand())

    def _nested(self) -> _Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Unsaid
        found = self._single()
        self.depth -= 1
        return found

    def _operand(self) -> _Part:
        if self._takes("("):
            found = self._choice()
            self._must(")")
            return found
        kind, text = self._token()
        if kind == "text":
            return _Part('"' + text[1:-1].replace('"', '\\"') + '"')
        if kind == "number":
            return _Part(text)
        if kind != "name" or text in _WORDS:
            raise _Unsaid
        return _Part(self.names.get(text, text))

    def _reached(self, of: _Part) -> _Part:
        """Return what stands behind dots: properties, and the few methods that FEEL has a word for."""
        while self._takes("."):
            kind, name = self._token()
            if kind != "name":
                raise _Unsaid
            of = self._called(of, name) if self._takes("(") else _Part(f"{of.within(_ALONE)}.{name}")
        return of

    def _called(self, of: _Part, name: str) -> _Part:
        given = [] if self._next() == ")" else [self._choice()]
        self._must(")")
        if name == "equals" and given:
            return _Part(f"{of.within(_COMPARING + 1)} = {given[0].within(_COMPARING + 1)}", _COMPARING)
        if name == "getVariable" and of.text == "execution" and given and re.fullmatch(r'"[^\W\d]\w*"', given[0].text):
            return _Part(given[0].text[1:-1])
        if name == "size" and not given:
            return _Part(f"count({of.text})")
        raise _Unsaid

    def _next(self) -> str:
        kind, text = self.tokens[self.place] if self.place < len(self.tokens) else ("", "")
        return "" if kind == "text" else text

    def _token(self) -> tuple[str, str]:
        if self.place >= len(self.tokens):
            raise _Unsaid
        self.place += 1
        return self.tokens[self.place - 1]

    def _takes(self, sign: str) -> bool:
        found = self._next() == sign
        self.place += found
        return found

    def _must(self, sign: str) -> None:
        if not self._takes(sign):
            raise _Unsaid
