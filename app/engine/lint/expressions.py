"""Rules on FEEL: its grammar, what would silently go wrong, and the facts and variables that it names."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app import feel
from app.engine.lint.nearest import nearest_hint
from app.engine.lint.rules import ERROR, INFO, WARNING, Hits, at, rule
from app.engine.lint.sources import Expression, expressions
from app.engine.lint.tasks import written
from app.engine.lint.variables import known_variables
from app.engine.lint.vocabulary import FACT_ROOTS, Named, facts_like, knows_fact
from app.feel import FeelError, FeelName, FeelProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.engine.lint.diagram import Diagram

TIME_BUDGET: Final = 2.0
"""Seconds for reading all expressions of one file; what is left over is said to be unchecked."""

_CLOCK: Final = frozenset({"today", "now"})
"""Functions; without brackets the FEEL reader itself says so."""


@dataclass(frozen=True)
class Reading:
    """What the FEEL reader says of one expression."""

    expression: Expression
    names: tuple[FeelName, ...] = ()
    problems: tuple[FeelProblem, ...] = ()
    refused: str = ""
    """Why it could not be read at all."""


@dataclass(frozen=True)
class Readings:
    """All expressions that were read, and how many were not because the time was up."""

    read: tuple[Reading, ...]
    left: int


@rule(
    "not-feel",
    ERROR,
    zh="“%(name)s”的%(purpose)s“%(text)s”不是 FEEL 表达式：它不以 = 开头。",
    en="The %(purpose)s “%(text)s” of “%(name)s” is no FEEL expression: it does not begin with =.",
    hint="%(way)s",
    hint_en="%(way)s",
)
def not_feel(diagram: Diagram) -> Hits:
    """Yield each text that ought to be FEEL and is not."""
    for item in diagram.remember(expressions):
        if item.must_be_feel and not item.text.startswith("="):
            yield at(item.element_id, name=item.label, purpose=item.purpose, text=item.text, way=_as_feel(item.text))


@rule(
    "other-language",
    ERROR,
    zh="连线“%(name)s”的条件写明用 %(language)s 语言；只执行 FEEL。",
    en="The condition of the flow “%(name)s” is declared as %(language)s; only FEEL is executed.",
    hint="请改写为以 = 开头的 FEEL 表达式，并删去语言属性。",
    hint_en="Write a FEEL expression that begins with = and remove the language attribute.",
)
def other_language(diagram: Diagram) -> Hits:
    """Yield each condition in a scripting language."""
    for flow in diagram.flows:
        language = "" if flow.condition is None else flow.condition.get("language", "").strip()
        if language and "feel" not in language.lower():
            yield at(flow.id, name=flow.label, language=language)


@rule(
    "feel",
    ERROR,
    zh="“%(name)s”的%(purpose)s（第 %(line)s 行第 %(column)s 字）：%(problem)s",
    en="The %(purpose)s of “%(name)s” (line %(line)s, column %(column)s): %(problem)s",
    hint="%(way)s",
    hint_en="%(way)s",
)
def feel_problems(diagram: Diagram) -> Hits:
    """Yield all that the FEEL reader finds wrong or suspicious, under its own codes (`feel-syntax` …)."""
    for reading in diagram.remember(readings).read:
        item = reading.expression
        for problem in reading.problems:
            hit = at(
                item.element_id,
                name=item.label,
                purpose=item.purpose,
                line=problem.line,
                column=problem.column,
                offset=problem.offset,
                length=problem.length,
                expression=item.text,
                problem=Named(problem.message % problem.values, problem.message_en % problem.values),
                way=Named(problem.hint % problem.values, problem.hint_en % problem.values),
            )
            yield replace(hit, code=f"feel-{problem.code}", severity=problem.severity)


@rule(
    "feel-unreadable",
    ERROR,
    zh="“%(name)s”的%(purpose)s太复杂，读不出来：%(why)s",
    en="The %(purpose)s of “%(name)s” is too tangled to be read: %(why)s",
    hint="请拆成几个脚本任务，或改用决策表。",
    hint_en="Split it into several script tasks, or use a decision table.",
)
def feel_unreadable(diagram: Diagram) -> Hits:
    """Yield each expression that the FEEL reader gave up on."""
    for reading in diagram.remember(readings).read:
        item = reading.expression
        if reading.refused:
            yield at(item.element_id, name=item.label, purpose=item.purpose, why=reading.refused)


@rule(
    "feel-unchecked",
    ERROR,
    zh="表达式太多，检查到时限为止还有 %(count)s 个没有检查。",
    en="There are too many expressions; %(count)s were not checked when the time was up.",
    hint="请拆成几个流程。",
    hint_en="Split it into several processes.",
)
def feel_unchecked(diagram: Diagram) -> Hits:
    """Yield the file if there was no time for all its expressions."""
    left = diagram.remember(readings).left
    if left:
        yield at("", count=left)


@rule(
    "unknown-fact",
    ERROR,
    zh="“%(name)s”的%(purpose)s（第 %(line)s 行第 %(column)s 字）用了不存在的事实“%(fact)s”。",
    en="The %(purpose)s of “%(name)s” (line %(line)s, column %(column)s) names a fact that does not exist: “%(fact)s”.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def unknown_fact(diagram: Diagram) -> Hits:
    """Yield each fact that the vocabulary does not know."""
    for item, name in _names(diagram):
        root = name.path.partition(".")[0]
        if root in FACT_ROOTS and root not in item.locals and not knows_fact(diagram.vocabulary, name.path):
            yield at(
                item.element_id,
                name=item.label,
                purpose=item.purpose,
                line=name.line,
                column=name.column,
                offset=name.offset,
                length=name.length,
                expression=item.text,
                fact=name.path,
                nearest=nearest_hint(diagram, name.path, facts_like(diagram.vocabulary, name.path)),
            )


@rule(
    "unknown-variable",
    WARNING,
    zh="“%(name)s”的%(purpose)s（第 %(line)s 行第 %(column)s 字）用了变量“%(variable)s”，前面没有哪一步给出它。",
    en="The %(purpose)s of “%(name)s” (line %(line)s, column %(column)s) reads the variable “%(variable)s”, which no "
    "earlier step provides.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def unknown_variable(diagram: Diagram) -> Hits:
    """Yield each variable that no step before provides."""
    known = diagram.remember(known_variables)
    for item, name in _names(diagram):
        root = name.path.partition(".")[0]
        if root in FACT_ROOTS | _CLOCK or root in item.locals or known.may_exist(root, item.moment):
            continue
        yield at(
            item.element_id,
            name=item.label,
            purpose=item.purpose,
            line=name.line,
            column=name.column,
            offset=name.offset,
            length=name.length,
            expression=item.text,
            variable=root,
            nearest=nearest_hint(diagram, root, [*known.names(item.moment), *item.locals]),
        )


@rule(
    "variable-hides-fact",
    ERROR,
    zh="“%(name)s”写入名为“%(variable)s”的变量，这个名字留给事实，写了也读不到。",
    en="“%(name)s” writes a variable called “%(variable)s”; that name belongs to the facts, so it could never be read.",
    hint="请换一个变量名。",
    hint_en="Choose another name.",
)
def variable_hides_fact(diagram: Diagram) -> Hits:
    """Yield each variable that has the name of a root of the facts."""
    for node in diagram.nodes:
        for variable in written(node):
            if variable in FACT_ROOTS:
                yield at(node.id, name=node.label, variable=variable)


@rule(
    "constant-condition",
    INFO,
    zh="连线“%(name)s”的条件总是 %(text)s。",
    en="The condition of the flow “%(name)s” is always %(text)s.",
    hint="总是成立的，请设为默认连线；总不成立的，请删去。",
    hint_en="Make a flow that is always taken the default; remove one that never is.",
)
def constant_condition(diagram: Diagram) -> Hits:
    """Yield each condition that is the word true or false."""
    for item in diagram.remember(expressions):
        text = item.text.lstrip("= ")
        if item.purpose.en == "condition" and text in ("true", "false"):
            yield at(item.element_id, name=item.label, text=text)


def readings(diagram: Diagram) -> Readings:
    """Let the FEEL reader look at every expression, within the time budget."""
    wanted = [item for item in diagram.remember(expressions) if item.text.startswith("=")]
    began = time.monotonic()
    read: list[Reading] = []
    for item in wanted:
        if time.monotonic() - began > TIME_BUDGET:
            break
        read.append(_read(item))
    return Readings(tuple(read), len(wanted) - len(read))


def _read(item: Expression) -> Reading:
    try:
        return Reading(item, feel.references(item.text), feel.check(item.text))
    except FeelError as error:
        return Reading(item, refused=str(error))


def _names(diagram: Diagram) -> Iterator[tuple[Expression, FeelName]]:
    """Yield the names that expressions certainly read, each once per expression."""
    for reading in diagram.remember(readings).read:
        seen: set[str] = set()
        for name in reading.names:
            if name.certain and name.path not in seen:
                seen.add(name.path)
                yield reading.expression, name


def _as_feel(text: str) -> Named:
    inner = text.strip()
    if inner.startswith(("${", "#{")) and inner.endswith("}"):
        body = inner[2:-1].strip().replace("==", "=").replace("&&", "and").replace("||", "or")
        return Named(f"试改为：= {body}", f"Try: = {body}")
    return Named(f"试改为：= {inner}", f"Try: = {inner}")
