"""The difference of two decision files: rules, columns and the cells of each rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from app.engine import drawn_file
from app.engine.decision_model import Cell, Decision, DecisionTable, Rule, read_decisions
from app.engine.differences.change import Change, Said, became, plain
from app.errors import DiagramNotExecutable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.engine.decision_model import Output


def compare_tables(left: str, right: str) -> Iterator[Change]:
    """Yield the changes from one decision file to another."""
    before, after = _read(left), _read(right)
    for key, decision in after.items():
        known = before.get(key)
        if known is None:
            yield Change(key, "added", f"增加决策「{decision.name}」。", f"Added the decision “{decision.name}”.")
        else:
            yield from _decision(known, decision)
    for key, decision in before.items():
        if key not in after:
            yield Change(key, "removed", f"删去决策「{decision.name}」。", f"Removed the decision “{decision.name}”.")


def _read(text: str) -> Mapping[str, Decision]:
    if not text:
        return {}
    try:
        return {one.decision_id: one for one in read_decisions(drawn_file.root_of(text, "dmn"))}
    except DiagramNotExecutable:
        return {}


def _decision(before: Decision, after: Decision) -> Iterator[Change]:
    if before.name != after.name:
        yield _named(after.decision_id, Said("决策的名称", "name of the decision"), before.name, after.name)
    if before.literal is not None and after.literal is not None and before.literal.text != after.literal.text:
        name = Said(f"决策「{after.name}」的表达式", f"expression of “{after.name}”")
        yield _named(after.decision_id, name, before.literal.text, after.literal.text)
    if before.table is not None and after.table is not None:
        yield from _table(before.table, after.table)


def _table(before: DecisionTable, after: DecisionTable) -> Iterator[Change]:
    if before.hit_policy != after.hit_policy or before.aggregation != after.aggregation:
        one, other = (f"{each.hit_policy} {each.aggregation}".strip() for each in (before, after))
        yield _named(after.element_id, Said("命中规则", "hit policy"), one, other)
    inputs = _columns([(each.element_id, each.text) for each in before.inputs],
                      [(each.element_id, each.text) for each in after.inputs])  # fmt: skip
    yield from (_column(*each) for each in inputs)
    outputs = _columns([(each.element_id, each.name) for each in before.outputs],
                       [(each.element_id, each.name) for each in after.outputs])  # fmt: skip
    yield from (_column(*each) for each in outputs)
    yield from _limits(before.outputs, after.outputs)
    yield from _rules(before, after)


def _columns(
    before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str | None, str | None]]:
    known, now = dict(before), dict(after)
    for key, text in after:
        if key not in known:
            yield key, None, text
        elif known[key] != text:
            yield key, known[key], text
    yield from ((key, text, None) for key, text in before if key not in now)


def _column(key: str, before: str | None, after: str | None) -> Change:
    if before is None:
        return Change(key, "added", f"增加列「{after}」。", f"Added the column “{after}”.")
    if after is None:
        return Change(key, "removed", f"删去列「{before}」。", f"Removed the column “{before}”.")
    return _named(key, Said("列", "column"), before, after)


def _limits(before: Sequence[Output], after: Sequence[Output]) -> Iterator[Change]:
    known = {each.element_id: each for each in before}
    for output in after:
        one = known.get(output.element_id)
        if one is None:
            continue
        for name, old, new in (
            (Said(f"列「{output.name}」的取值清单", f"values of “{output.name}”"), one.values, output.values),
            (Said(f"列「{output.name}」的默认值", f"default of “{output.name}”"), one.default, output.default),
        ):
            if old != new:
                yield _named(output.element_id, name, old, new)


def _rules(before: DecisionTable, after: DecisionTable) -> Iterator[Change]:
    known = {rule.element_id: (number, rule) for number, rule in enumerate(before.rules, start=1)}
    now = {rule.element_id for rule in after.rules}
    for number, rule in enumerate(after.rules, start=1):
        if rule.element_id not in known:
            said = _rule(rule, after)
            yield Change(
                rule.element_id, "added", f"增加第 {number} 条规则：{said.zh}。", f"Added rule {number}: {said.en}."
            )
            continue
        yield from _cells(number, known[rule.element_id][1], rule, before=before, after=after)
    for number, rule in enumerate(before.rules, start=1):
        if rule.element_id not in now:
            said = _rule(rule, before)
            yield Change(
                rule.element_id, "removed", f"删去第 {number} 条规则：{said.zh}。", f"Removed rule {number}: {said.en}."
            )
    kept = [rule.element_id for rule in before.rules if rule.element_id in now]
    order = [rule.element_id for rule in after.rules if rule.element_id in known]
    if kept != order:
        yield Change(after.element_id, "moved", "规则的先后顺序变了。", "The rules stand in another order.")


def _cells(number: int, one: Rule, other: Rule, *, before: DecisionTable, after: DecisionTable) -> Iterator[Change]:
    for name, old, new in _pairs(one, other, before=before, after=after):
        if old != new:
            of = Said(f"第 {number} 条规则的「{name}」", f"“{name}” of rule {number}")
            yield _named(other.element_id, of, old or "-", new or "-")


def _pairs(one: Rule, other: Rule, *, before: DecisionTable, after: DecisionTable) -> Iterator[tuple[str, str, str]]:
    sides: tuple[tuple[Sequence[Cell | Output], Sequence[Cell | Output], Sequence[Cell], Sequence[Cell]], ...] = (
        (before.inputs, after.inputs, one.inputs, other.inputs),
        (before.outputs, after.outputs, one.outputs, other.outputs),
    )
    for old_columns, new_columns, old_cells, new_cells in sides:
        known = {column.element_id: cell.text for column, cell in zip(old_columns, old_cells, strict=False)}
        for column, cell in zip(new_columns, new_cells, strict=False):
            if column.element_id in known:
                yield _title(column), known[column.element_id], cell.text


def _title(column: Cell | Output) -> str:
    return column.text if isinstance(column, Cell) else column.name


def _rule(rule: Rule, table: DecisionTable) -> Said:
    tests = [
        f"{_title(column)} {cell.text}" for column, cell in zip(table.inputs, rule.inputs, strict=False) if cell.text
    ]
    given = [
        f"{_title(column)} = {cell.text}"
        for column, cell in zip(table.outputs, rule.outputs, strict=False)
        if cell.text
    ]
    left, right = plain("；".join(tests) or "-"), plain("；".join(given) or "-")
    return Said(f"{left.zh} → {right.zh}", f"{left.en} → {right.en}")


def _named(element_id: str, name: Said, before: str, after: str) -> Change:
    how = became(plain(before), plain(after))
    return Change(element_id, "changed", f"{name.zh}{how.zh}。", f"The {name.en} {how.en}.", name.en)
