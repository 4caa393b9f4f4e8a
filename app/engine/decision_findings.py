"""What is wrong or suspicious in a DMN file, all of it at once, with the id of the element."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from app import feel
from app.engine import xml
from app.engine.decision_coverage import coverage_of
from app.engine.decision_model import AGGREGATORS, BY_PRIORITY, HIT_POLICIES, Decision, DecisionTable, read_decisions
from app.engine.decision_sentences import SENTENCES
from app.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.engine.decision_model import Cell, Rule

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def findings_of(root: xml.XmlElement) -> tuple[Finding, ...]:
    """Return all findings of a DMN tree."""
    if xml.namespace(root) not in xml.DMN_VERSIONS or xml.local_name(root) != "definitions":
        return (_finding("dmn-not-dmn", ""),)
    decisions = read_decisions(root)
    if not decisions:
        return (_finding("dmn-no-decision", ""),)
    return tuple(_all(root, decisions))


def _all(root: xml.XmlElement, decisions: tuple[Decision, ...]) -> Iterator[Finding]:
    yield from _ids(root)
    yield from _languages(root)
    yield from _requirements(decisions)
    for decision in decisions:
        if decision.table is not None:
            yield from _table(decision, decision.table)
        elif decision.literal is not None:
            yield from _problems(decision.literal, feel.check(decision.literal.text))
        elif decision.unsupported:
            yield _finding("dmn-unsupported", decision.decision_id, kind=decision.unsupported, decision=decision.name)
        else:
            yield _finding("dmn-no-logic", decision.decision_id, decision=decision.name)


def _ids(root: xml.XmlElement) -> Iterator[Finding]:
    space = xml.namespace(root)
    counted = Counter(element.get("id") for element in xml.descendants(root, space) if element.get("id"))
    for element_id, number in counted.items():
        if number > 1:
            yield _finding("dmn-duplicate-id", str(element_id), id=element_id, number=number)
    for element in xml.children(root, space, "decision"):
        if not element.get("id", "").strip():
            yield _finding("dmn-decision-without-id", xml.place_of(element), decision=element.get("name", ""))


def _languages(root: xml.XmlElement) -> Iterator[Finding]:
    for element in (root, *xml.descendants(root, xml.namespace(root))):
        language = element.get("expressionLanguage", "")
        if language and "feel" not in language.lower():
            yield _finding("dmn-language", xml.place_of(element), language=language)


def _requirements(decisions: tuple[Decision, ...]) -> Iterator[Finding]:
    required = {decision.decision_id: decision.required for decision in decisions}
    for decision in decisions:
        for wanted in decision.required:
            if wanted not in required:
                yield _finding("dmn-requirement-unknown", decision.decision_id, decision=decision.name, wanted=wanted)
        if decision.decision_id in _reachable(required, decision.required):
            yield _finding("dmn-requirement-cycle", decision.decision_id, decision=decision.name)


def _reachable(required: dict[str, tuple[str, ...]], start: tuple[str, ...]) -> set[str]:
    reached: set[str] = set()
    pending = list(start)
    while pending:
        each = pending.pop()
        if each not in reached:
            reached.add(each)
            pending.extend(required.get(each, ()))
    return reached


def _table(decision: Decision, table: DecisionTable) -> Iterator[Finding]:
    yield from _policy(decision, table)
    yield from _columns(decision, table)
    if not table.rules:
        yield _finding("dmn-no-rules", table.element_id, decision=decision.name)
    for number, rule in enumerate(table.rules, start=1):
        if (len(rule.inputs), len(rule.outputs)) != (len(table.inputs), len(table.outputs)):
            yield _finding("dmn-rule-width", rule.element_id, decision=decision.name, rule=number)
            continue
        for cell in rule.inputs:
            yield from _problems(cell, feel.check_unary_tests(cell.text))
        for cell in rule.outputs:
            yield from _problems(cell, feel.check(cell.text) if cell.text else ())
    said = list(_shadowed(decision, table))
    yield from said
    if not any(finding.severity == "error" for finding in said):
        yield from _covered(decision, table, {(one.values.get("rule"), one.values.get("other")) for one in said})


def _covered(decision: Decision, table: DecisionTable, said: set[tuple[object, object]]) -> Iterator[Finding]:
    """Rules that meet where only one may hit, and cases that no rule covers although the table needs one."""
    found = coverage_of(table)
    if found is None:
        return
    whole = {number for number, rule in enumerate(table.rules, start=1) if set(_row(rule)) == {"-"}}
    if table.hit_policy in {"UNIQUE", "ANY"}:
        for one, other, zh, en in found.overlaps:
            if (other, one) not in said and not whole & {one, other}:
                yield _finding(
                    "dmn-rules-meet", table.rules[other - 1].element_id, decision=decision.name, rule=other, other=one,
                    case=zh, case_en=en,
                )  # fmt: skip
    single = table.hit_policy in {"UNIQUE", "ANY", "FIRST", "PRIORITY"}
    if single and found.gaps and not any(each.default for each in table.outputs):
        zh, en = "；".join(one for one, _ in found.gaps), "; ".join(other for _, other in found.gaps)
        yield _finding("dmn-gap", table.element_id, decision=decision.name, case=zh, case_en=en)


def _policy(decision: Decision, table: DecisionTable) -> Iterator[Finding]:
    policy, aggregation = table.hit_policy, table.aggregation
    if policy not in HIT_POLICIES:
        yield _finding("dmn-hit-policy", table.element_id, decision=decision.name, policy=policy)
    if aggregation not in AGGREGATORS:
        yield _finding("dmn-aggregation", table.element_id, decision=decision.name, aggregation=aggregation)
    if aggregation and policy != "COLLECT":
        yield _finding("dmn-aggregation-policy", table.element_id, decision=decision.name, policy=policy)
    if aggregation and len(table.outputs) > 1:
        yield _finding("dmn-aggregation-outputs", table.element_id, decision=decision.name)
    if policy in BY_PRIORITY and not any(output.values for output in table.outputs):
        yield _finding("dmn-priority-values", table.element_id, decision=decision.name, policy=policy)


def _columns(decision: Decision, table: DecisionTable) -> Iterator[Finding]:
    if not table.inputs:
        yield _finding("dmn-no-input", table.element_id, decision=decision.name)
    if not table.outputs:
        yield _finding("dmn-no-output", table.element_id, decision=decision.name)
    for each in table.inputs:
        if not each.text:
            yield _finding("dmn-input-empty", each.element_id, decision=decision.name)
        else:
            yield from _problems(each, feel.check(each.text))
    counted = Counter(output.name for output in table.outputs)
    for output in table.outputs:
        if len(table.outputs) > 1 and (not output.name or counted[output.name] > 1):
            yield _finding("dmn-output-name", output.element_id, decision=decision.name)
        if output.values:
            yield from _problems_of(output.element_id, output.values, feel.check(f"[{output.values}]"))
        if output.default:
            yield from _problems_of(output.element_id, output.default, feel.check(output.default))
    yield from _unlisted(decision, table)


def _unlisted(decision: Decision, table: DecisionTable) -> Iterator[Finding]:
    """A text that the column's own list of values does not hold; only where both are plain texts."""
    for column, output in enumerate(table.outputs):
        allowed = set(_STRING.findall(output.values))
        for number, rule in enumerate(table.rules, start=1):
            text = rule.outputs[column].text if column < len(rule.outputs) else ""
            if allowed and _STRING.fullmatch(text) and text not in allowed:
                code = "dmn-unlisted-priority" if table.hit_policy in BY_PRIORITY else "dmn-unlisted"
                yield _finding(code, rule.outputs[column].element_id, decision=decision.name, rule=number, text=text)


def _shadowed(decision: Decision, table: DecisionTable) -> Iterator[Finding]:
    """Rules with the very same conditions, and rules behind one that always hits."""
    seen: dict[tuple[str, ...], int] = {}
    always = 0
    for number, rule in enumerate(table.rules, start=1):
        row = _row(rule)
        if table.hit_policy in {"UNIQUE", "FIRST"} and row in seen:
            code = "dmn-rule-repeated" if table.hit_policy == "UNIQUE" else "dmn-rule-unreachable"
            yield _finding(code, rule.element_id, decision=decision.name, rule=number, other=seen[row])
        elif table.hit_policy == "FIRST" and always:
            yield _finding("dmn-rule-unreachable", rule.element_id, decision=decision.name, rule=number, other=always)
        elif table.hit_policy == "UNIQUE" and set(row) == {"-"} and len(table.rules) > 1:
            yield _finding("dmn-rule-overlaps", rule.element_id, decision=decision.name, rule=number)
        seen.setdefault(row, number)
        always = always or (number if set(row) <= {"-"} else 0)


def _row(rule: Rule) -> tuple[str, ...]:
    return tuple(cell.text or "-" for cell in rule.inputs)


def _problems(cell: Cell, problems: Iterable[feel.FeelProblem]) -> Iterator[Finding]:
    yield from _problems_of(cell.element_id, cell.text, problems)


def _problems_of(element_id: str, text: str, problems: Iterable[feel.FeelProblem]) -> Iterator[Finding]:
    for problem in problems:
        values = {**problem.values, "text": text}
        yield Finding(
            f"feel-{problem.code}",
            element_id,
            problem.severity,
            f"“{text}”：{problem.message % problem.values}",
            f"“{text}”: {problem.message_en % problem.values}",
            problem.hint % problem.values,
            problem.hint_en % problem.values,
            values,
        )


def _finding(code: str, element_id: str, **values: object) -> Finding:
    sentence = SENTENCES[code]
    return Finding(
        code,
        element_id,
        sentence.severity,
        sentence.zh % values,
        sentence.en % values,
        sentence.hint % values,
        sentence.hint_en % values,
        values,
    )
