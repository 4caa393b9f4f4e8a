"""Whether the rules of a decision table leave cases out or meet in one: judged where all conditions are simple.

Simple are numbers, intervals and comparisons, texts, true and false, lists of these and `not(…)`. Each column falls
into the regions between the values that its cells name; a rule covers a set of regions in each column. A table with
any other condition is not judged, and nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.engine.decision_model import DecisionTable

MOST_CASES: Final = 20_000
"""Combinations of regions that are looked at; a table with more is not judged for gaps."""
MOST_SHOWN: Final = 3
MOST_OVERLAPS: Final = 20
"""Pairs of rules that are told; the rest is the same mistake."""

_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_COMPARED: Final = re.compile(rf"(<=|>=|<|>|=)?\s*({_NUMBER})")
_INTERVAL: Final = re.compile(rf"([\[\](])\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*([\])\[])")
_TEXT: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NOT: Final = re.compile(r"not\s*\((.*)\)", re.DOTALL)

Value = float | str | bool
Test = Callable[[Value], bool]

_TRUTH: Final = ((True, "true"), (False, "false"))
OTHER: Final = "\0other"
"""Any text that no cell of the column names."""


@dataclass(frozen=True)
class Region:
    """A part of what a column can hold in which every condition gives the same: a value of it, and how it reads."""

    sample: Value
    zh: str
    en: str


@dataclass(frozen=True)
class Coverage:
    """What was found: pairs of rules (from 1) that meet, with a case each, and cases that no rule covers."""

    overlaps: tuple[tuple[int, int, str, str], ...] = ()
    gaps: tuple[tuple[str, str], ...] = ()
    """Texts that no cell names are no gap: a column of texts holds one of a closed list, which its cells name."""


def coverage_of(table: DecisionTable) -> Coverage | None:
    """Return the overlaps and gaps of a table; None where its conditions are not simple."""
    width = len(table.inputs)
    rows = [[cell.text.strip() for cell in rule.inputs] for rule in table.rules]
    if not width or not rows or any(len(row) != width for row in rows):
        return None
    columns = [_column([row[place] for row in rows]) for place in range(width)]
    if any(column is None for column in columns):
        return None
    known = [column for column in columns if column is not None]
    covered = [
        [frozenset(at for at, region in enumerate(regions) if tests[number](region.sample)) for regions, tests in known]
        for number in range(len(rows))
    ]
    names = [cell.text for cell in table.inputs]
    regions = [each for each, _ in known]
    return Coverage(
        overlaps=tuple(islice(_overlaps(table, covered, names, regions), MOST_OVERLAPS)),
        gaps=tuple(_gaps(covered, names, regions)),
    )


def _overlaps(
    table: DecisionTable, covered: Sequence[Sequence[frozenset[int]]], names: Sequence[str],
    regions: Sequence[Sequence[Region]],
) -> Iterator[tuple[int, int, str, str]]:  # fmt: skip
    for one in range(len(covered)):
        for other in range(one + 1, len(covered)):
            if table.hit_policy == "ANY" and _outputs(table, one) == _outputs(table, other):
                continue
            shared = [left & right for left, right in zip(covered[one], covered[other], strict=True)]
            if all(shared):
                case = _case(names, [regions[place][min(each)] for place, each in enumerate(shared)])
                yield one + 1, other + 1, *case


def _outputs(table: DecisionTable, number: int) -> tuple[str, ...]:
    return tuple(cell.text.strip() for cell in table.rules[number].outputs)


def _gaps(
    covered: Sequence[Sequence[frozenset[int]]], names: Sequence[str], regions: Sequence[Sequence[Region]],
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """Yield the first cases that no rule covers."""
    count = 1
    for column in regions:
        count *= len(column)
    if count > MOST_CASES:
        return
    found = 0
    for case in product(*(range(len(column)) for column in regions)):
        named = [regions[place][at] for place, at in enumerate(case)]
        if any(region.sample == OTHER for region in named):
            continue
        if any(all(at in row[place] for place, at in enumerate(case)) for row in covered):
            continue
        yield _case(names, named)
        found += 1
        if found == MOST_SHOWN:
            return


def _case(names: Sequence[str], regions: Sequence[Region]) -> tuple[str, str]:
    pairs = list(zip(names, regions, strict=True))
    return "，".join(f"{name} {one.zh}" for name, one in pairs), ", ".join(f"{name} {one.en}" for name, one in pairs)


def _column(cells: Sequence[str]) -> tuple[list[Region], list[Test]] | None:
    """Return the regions of a column and the test of each cell; None where a cell is not simple."""
    said = [cell for cell in cells if cell not in {"", "-"}]
    parsed: Mapping[str, tuple[Test, set[Value]] | None] = {cell: _cell(cell) for cell in dict.fromkeys(said)}
    values: set[Value] = set()
    for found in parsed.values():
        if found is None:
            return None
        values |= found[1]
    kinds = {type(value) for value in values}
    if len(kinds) > 1:
        return None
    tests = [_always if cell not in parsed else (parsed[cell] or (_always, set()))[0] for cell in cells]
    return _regions(values), tests


def _always(_value: Value) -> bool:
    return True


def _regions(values: set[Value]) -> list[Region]:
    if not values:
        return [Region(OTHER + "any", "任意", "anything")]
    if isinstance(next(iter(values)), bool):
        return [Region(sample=value, zh=f"为 {word}", en=f"is {word}") for value, word in _TRUTH]
    if isinstance(next(iter(values)), str):
        named = [Region(value, f"为“{value}”", f"is “{value}”") for value in sorted(map(str, values))]
        return [*named, Region(OTHER, "为其他值", "is anything else")]
    points = sorted(float(value) for value in values)
    found = [Region(points[0] - 1, f"小于 {points[0]:g}", f"below {points[0]:g}")]
    for place, point in enumerate(points):
        found.append(Region(point, f"为 {point:g}", f"is {point:g}"))
        if place + 1 < len(points):
            after = points[place + 1]
            middle = (point + after) / 2
            found.append(Region(middle, f"在 {point:g} 与 {after:g} 之间", f"between {point:g} and {after:g}"))
    found.append(Region(points[-1] + 1, f"大于 {points[-1]:g}", f"above {points[-1]:g}"))
    return found


def _cell(text: str) -> tuple[Test, set[Value]] | None:
    negated = _NOT.fullmatch(text)
    if negated is not None:
        inner = _cell(negated[1].strip())
        if inner is None:
            return None
        inside, values = inner
        return (lambda value: not inside(value)), values
    parts = [_part(part) for part in _split(text)]
    if not parts or any(part is None for part in parts):
        return None
    tests = [part for part in parts if part is not None]
    return (lambda value: any(test(value) for test, _ in tests)), set().union(*(values for _, values in tests))


def _split(text: str) -> list[str]:
    """Return the parts of a list of conditions; commas inside texts belong to them."""
    parts, last = [], 0
    quoted = False
    for place, sign in enumerate(text):
        if sign == '"' and (place == 0 or text[place - 1] != "\\"):
            quoted = not quoted
        elif sign == "," and not quoted:
            parts.append(text[last:place].strip())
            last = place + 1
    return [*parts, text[last:].strip()]


def _part(text: str) -> tuple[Test, set[Value]] | None:
    if text in {"true", "false"}:
        wanted = text == "true"
        return (lambda value: value is wanted), {wanted}
    quoted = _TEXT.fullmatch(text)
    if quoted is not None:
        word = quoted[1]
        return (lambda value: value == word), {word}
    compared = _COMPARED.fullmatch(text)
    if compared is not None:
        return _compared(compared[1] or "=", float(compared[2])), {float(compared[2])}
    interval = _INTERVAL.fullmatch(text)
    if interval is None:
        return None
    low, high = float(interval[2]), float(interval[3])
    above = _compared(">=" if interval[1] == "[" else ">", low)
    below = _compared("<=" if interval[4] == "]" else "<", high)
    return (lambda value: above(value) and below(value)), {low, high}


def _compared(sign: str, bound: float) -> Test:
    compare: Mapping[str, Callable[[float], bool]] = {
        "=": lambda value: value == bound,
        "<": lambda value: value < bound,
        "<=": lambda value: value <= bound,
        ">": lambda value: value > bound,
        ">=": lambda value: value >= bound,
    }
    chosen = compare[sign]
    return lambda value: isinstance(value, (int, float)) and chosen(value)
