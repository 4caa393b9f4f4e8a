"""Where the program speaks Chinese: the sentences of its modules and of its templates, with their places."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import babel_extract

APP = Path(__file__).resolve().parents[2] / "app"
CHINESE = re.compile("[\u4e00-\u9fff]")
GETTEXT = ("_", "gettext", "ngettext", "lazy_gettext", "_l")
NOT_SAID = frozenset({"Article", "CheckConstraint", "Finding", "compile", "maketrans", "startswith", "endswith"})
"""Calls whose Chinese is a quotation, a constraint or a pattern, or has its English beside it."""
IN_BOTH_LANGUAGES = re.compile("(?<=>)修(?=</span>)|中文")
"""The seal, and what the Chinese call their language."""


@dataclass(frozen=True)
class Sentence:
    """A Chinese text and where it stands; `pieced` where an f-string builds it, so that nobody can translate it."""

    text: str
    path: Path
    line: int
    pieced: bool = False

    @property
    def file(self) -> str:
        """The module's path below app/."""
        return self.path.relative_to(APP).as_posix()

    def __str__(self) -> str:
        return f"app/{self.file}:{self.line}: {self.text}"


def of_module(path: Path) -> Iterator[Sentence]:
    """Yield the Chinese texts of a module: neither docstrings, nor what it only compares with or looks for.

    The docstring of a command is the help that it prints.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = set(map(id, _silent(tree))) - set(map(id, _helps(tree)))
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in silent and CHINESE.search(str(node.value)):
            yield Sentence(str(node.value), path, node.lineno, id(node) in pieces)


def _helps(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and isinstance(node.body[0], ast.Expr):
            called = [one.func for one in node.decorator_list if isinstance(one, ast.Call)]
            if any(isinstance(one, ast.Attribute) and one.attr == "command" for one in called):
                yield node.body[0].value


def _silent(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value  # docstrings of modules, functions, classes and fields
        elif isinstance(node, ast.Compare):
            yield from ast.walk(node)
        elif isinstance(node, (ast.MatchValue, ast.Subscript)):
            yield from ast.walk(node.value if isinstance(node, ast.MatchValue) else node.slice)
        elif isinstance(node, ast.Call) and _name(node.func) in NOT_SAID:
            yield from (part for argument in node.args for part in ast.walk(argument))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def of_template(path: Path) -> Iterator[Sentence]:
    """Yield the message ids of a template."""
    for line, _function, message, _comments in babel_extract(BytesIO(path.read_bytes()), GETTEXT, (), {}):
        for text in message if isinstance(message, tuple) else (message,):
            if text:
                yield Sentence(text, path, line)


def outside_gettext(path: Path) -> Iterator[Sentence]:
    """Yield the Chinese of a template that stands in no call of gettext: as text, or as a string of an expression."""
    known = {one.text for one in of_template(path)}
    for line, kind, written in Environment(autoescape=True).lex(path.read_text(encoding="utf-8")):
        text = IN_BOTH_LANGUAGES.sub("", written)
        if kind == "data" and CHINESE.search(text):
            yield Sentence(text.strip(), path, line)
        elif kind == "string" and CHINESE.search(text) and text[1:-1] not in known:
            yield Sentence(text, path, line)


def of_script(path: Path) -> Iterator[str]:
    """Yield the sentences that a script asks the page for: t('…')."""
    yield from re.findall(r"\bt\(\s*'([^']+)'", path.read_text(encoding="utf-8"))


def scripts() -> list[Path]:
    """Return the scripts of the pages."""
    return sorted((APP / "frontend" / "browser").rglob("*.js"))


def modules() -> list[Path]:
    """Return every Python file below app/."""
    return sorted(APP.rglob("*.py"))


def templates() -> list[Path]:
    """Return every template."""
    return sorted((APP / "templates").rglob("*.html"))
