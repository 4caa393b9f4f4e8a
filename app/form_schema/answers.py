"""Judge a whole submission: what was posted becomes typed answers, or every field that is wrong is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from app.errors import InvalidAnswers
from app.form_schema import expressions, rules
from app.form_schema.context import display_context, number
from app.form_schema.messages import FieldMessage
from app.form_schema.model import FEN_PER_WAN, SINGLE_CHOICES, Field, FormModel
from app.form_schema.options import options
from app.form_schema.posted import Posted, named, shaped
from app.form_schema.visibility import Settled, Values, is_hidden, is_locked, settle

Answers = dict[str, object]
"""Typed answers by key: date, time, aware datetime, int, Decimal, bool, str, lists and maps of these; money in 分."""

__all__ = ["Answers", "FieldMessage", "routing_values", "validate"]


def validate(
    model: FormModel,
    posted: Mapping[str, object],
    *,
    context: Mapping[str, object],
    today: date,
    now: datetime,
    owns: Callable[[str], bool] | None = None,
) -> Answers:
    """Return the typed answers of a submission, or raise InvalidAnswers naming each field's path with its sentences.

    `posted` is the JSON that the browser sent. `context` holds the facts beside the form (project, deadline …) and the
    values of readonly fields; it may be typed, `display_context` is applied. `owns` says whether an attachment id may
    be used here. Hidden fields are left out, disabled and readonly ones are taken from the context, computed ones are
    computed here. Amounts come back in whole 分, dates as date.
    """
    brought = shaped(model.fields, posted)
    settled = settle(model.fields, brought.data, display_context(context), now=now)
    reading = _Reading(brought, settled, today, owns)
    answers = reading.scope(model.fields, settled.data, "", row=0)
    reading.match_patterns(now)
    errors = {**reading.errors, **brought.surplus}
    if errors:
        raise InvalidAnswers(errors)
    return answers


def routing_values(model: FormModel, answers: Mapping[str, object]) -> dict[str, object]:
    """Return what a submission gives to the process by itself: booleans, numbers, dates and single choices.

    Every such field at the top of the form is there; one that is empty or hidden is None, so that a second round
    overwrites what the first one said. Amounts are whole 分.
    """
    return {item.key: _variable(answers.get(item.key)) for item in model.answers() if _routes(item)}


@dataclass
class _Reading:
    """One pass over the visible answers."""

    brought: Posted
    settled: Settled
    today: date
    owns: Callable[[str], bool] | None
    errors: dict[str, Sequence[FieldMessage]] = field(default_factory=dict)
    patterns: list[rules.Case] = field(default_factory=list)
    known: Mapping[str, object] = field(init=False)
    """The whole form data: what stands beside the form, and the visible answers."""

    def __post_init__(self) -> None:
        self.known = {**self.settled.context, **self.settled.data}

    def scope(
        self, fields: Sequence[Field], data: Mapping[str, object], path: str, *, row: int, at: str = ""
    ) -> Answers:
        """Return the typed answers of one scope; `at` is the path of the scope whose expressions count."""
        answers: Answers = {}
        values = self.settled.values.get(at, {})
        for item in fields:
            if is_hidden(item, values):
                continue
            if item.type == "group" and not item.key:
                answers |= self.scope(item.children, data, path, row=row, at=at)
            elif item.key:
                answers[item.key] = self._answer(item, data.get(item.key), path + item.key, values, row=row, at=at)
        return answers

    def match_patterns(self, now: datetime) -> None:
        """Try all patterns at once, and note which texts do not match."""
        pairs = [case.pattern for case in self.patterns if case.pattern]
        for case, found in zip(self.patterns, expressions.matching(pairs, now=now), strict=True):
            if found is None:
                case.fail("“%(label)s”的格式无法核对，请改短后再试。")
            elif not found:
                _explain_pattern(case)
            if case.errors:
                self.errors[case.path] = case.errors

    def _answer(self, item: Field, value: object, path: str, values: Values, *, row: int, at: str) -> object:
        if item.type == "group":
            self._note_shape(path)
            inner = value if isinstance(value, Mapping) else {}
            return self.scope(item.children, inner, path + ".", row=row, at=at)
        if item.type == "dynamiclist":
            return self._list(item, value if isinstance(value, list) else [], path, values)
        return self._single(item, value, path, values, row=row)

    def _single(self, item: Field, value: object, path: str, values: Values, *, row: int) -> object:
        case = rules.Case(
            item, path, value, values, options(item, values, self.known), self.today, self.settled.data, row, self.owns
        )
        if item.type == "expression":
            return rules.computed(case)
        locked = is_locked(item, values)
        if not locked and self._note_shape(path):
            return None
        answer = rules.judge(case)
        if locked:
            return answer if not case.errors else None
        if case.errors:
            self.errors[path] = case.errors
        if case.pattern:
            self.patterns.append(case)
        return answer

    def _list(self, item: Field, rows: Sequence[Mapping[str, object]], path: str, values: Values) -> list[Answers]:
        if self._note_shape(path):
            return []
        typed = [
            self.scope(item.children, row, f"{path}[{place}].", row=place + 1, at=f"{path}[{place}].")
            for place, row in enumerate(rows)
        ]
        wrong = [*_count_errors(item, len(rows)), *_sum_errors(item, typed, values)]
        if wrong:
            self.errors[path] = wrong
        return typed

    def _note_shape(self, path: str) -> bool:
        if wrong := self.brought.mistyped.get(path):
            self.errors[path] = wrong
        return bool(wrong)


def _explain_pattern(case: rules.Case) -> None:
    if sentence := case.item.rules.get("patternErrorMessage"):
        english = case.item.properties.get("en.patternErrorMessage") or str(sentence)
        case.errors.append(FieldMessage(str(sentence), case.name(), english))
    else:
        case.fail("“%(label)s”的格式不对。")


def _count_errors(item: Field, count: int) -> list[FieldMessage]:
    least, most = (item.properties.get(f"list.{rule}") for rule in ("min", "max"))
    if least and count < int(least):
        return [
            FieldMessage(
                "“%(label)s”至少 %(limit)s 行，现为 %(count)s 行。",
                {"limit": int(least), "count": count, **named(item)},
            )
        ]
    if most and count > int(most):
        return [
            FieldMessage(
                "“%(label)s”最多 %(limit)s 行，现为 %(count)s 行。", {"limit": int(most), "count": count, **named(item)}
            )
        ]
    if item.properties.get("list.odd") == "true" and count % 2 == 0:
        return [FieldMessage("“%(label)s”须为单数，现为 %(count)s 行。", {"count": count, **named(item)})]
    return []


def _sum_errors(item: Field, rows: Sequence[Answers], values: Values) -> list[FieldMessage]:
    """Sums of money are exact here, in 分; the browser's binary fractions are not asked."""
    errors = []
    for name, written in item.properties.items():
        if not name.startswith("list.sum."):
            continue
        column = name.removeprefix("list.sum.")
        wanted, found = values.get(written), sum(_decimal(row.get(column)) for row in rows)
        money = any(child.is_money for child in _columns(item.children) if child.key == column)
        if isinstance(wanted, bool) or not isinstance(wanted, (int, float)):
            continue
        target = Decimal(rules.fen(_decimal(wanted))) if money else _decimal(wanted)
        if rows and found != target:
            unit = FEN_PER_WAN if money else 1
            shown = {"sum": number(Decimal(found) / unit), "total": number(target / unit)}
            message = (
                "“%(label)s”合计 %(sum)s 万元，应为 %(total)s 万元。"
                if money
                else "“%(label)s”合计 %(sum)s，应为 %(total)s。"
            )
            errors.append(FieldMessage(message, {**shown, **named(item)}))
    return errors


def _columns(fields: Sequence[Field]) -> list[Field]:
    return [inner for item in fields for inner in (_columns(item.children) if item.type == "group" else [item])]


def _decimal(value: object) -> Decimal:
    return (
        Decimal(str(value)) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else Decimal(0)
    )


def _routes(item: Field) -> bool:
    return item.type in {"checkbox", "number", "datetime", "expression"} | SINGLE_CHOICES


def _variable(value: object) -> object:
    if isinstance(value, Decimal):
        return number(value)
    return value if isinstance(value, (bool, int, float, str, date, datetime)) else None
