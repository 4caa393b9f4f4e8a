"""What a DMN 1.3 file says: its decisions, tables and literal expressions, read from XML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.feel import FeelTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HIT_POLICIES: Final = frozenset(
    {"UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"},
)
AGGREGATORS: Final = frozenset({"", "SUM", "MIN", "MAX", "COUNT"})
BY_PRIORITY: Final = frozenset({"PRIORITY", "OUTPUT ORDER"})


@dataclass(frozen=True)
class Cell:
    """One text of a table and the id of the element that holds it."""

    element_id: str
    text: str


@dataclass(frozen=True)
class Output:
    """An output column: its name in the result, its allowed values in order of priority, and its default."""

    element_id: str
    name: str
    values: str = ""
    default: str = ""


@dataclass(frozen=True)
class Rule:
    """One row: its input cells and its output cells."""

    element_id: str
    inputs: tuple[Cell, ...]
    outputs: tuple[Cell, ...]


@dataclass(frozen=True)
class DecisionTable:
    """A decision table as drawn."""

    element_id: str
    hit_policy: str
    aggregation: str
    inputs: tuple[Cell, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    @property
    def cells(self) -> FeelTable:
        """The table as the interpreter takes it."""
        return FeelTable(
            tuple(each.text for each in self.inputs),
            tuple(
                (tuple(cell.text for cell in rule.inputs), tuple(cell.text for cell in rule.outputs))
                for rule in self.rules
            ),
        )


@dataclass(frozen=True)
class Decision:
    """One decision: a table or a literal expression, the name of its result, and the decisions that it requires."""

    decision_id: str
    name: str
    result_name: str
    required: tuple[str, ...]
    table: DecisionTable | None = None
    literal: Cell | None = None
    unsupported: str = ""
    """The local name of a boxed expression that is not executed here (context, invocation …)."""


@dataclass(frozen=True)
class DecisionModel:
    """All decisions of one file. `key` and `name` are those of the decision that no other one requires."""

    key: str
    name: str
    decisions: Mapping[str, Decision]


def read_decisions(root: xml.XmlElement) -> tuple[Decision, ...]:
    """Return every decision of a DMN tree in the order of the file, whether it can be executed or not."""
    space = xml.namespace(root)
    return tuple(_decision(element, space) for element in xml.children(root, space, "decision"))


def model_of(decisions: tuple[Decision, ...]) -> DecisionModel:
    """Return the model of these decisions (at least one); the first that no other one requires gives key and name."""
    required = {each for decision in decisions for each in decision.required}
    top = next((decision for decision in decisions if decision.decision_id not in required), decisions[0])
    return DecisionModel(top.decision_id, top.name, {decision.decision_id: decision for decision in decisions})


def in_order(model: DecisionModel, decision_id: str) -> Iterator[Decision]:
    """Yield the decisions that `decision_id` rests on, each once and before those that require it, itself last."""
    done: set[str] = set()
    pending = [decision_id]
    while pending:
        decision = model.decisions[pending[-1]]
        missing = [each for each in decision.required if each not in done]
        if missing:
            pending.extend(missing)
            continue
        pending.pop()
        if decision.decision_id not in done:
            done.add(decision.decision_id)
            yield decision


def _decision(element: xml.XmlElement, space: str) -> Decision:
    variable = xml.child(element, space, "variable")
    table = xml.child(element, space, "decisionTable")
    literal = xml.child(element, space, "literalExpression")
    decision_id = element.get("id", "").strip()
    return Decision(
        decision_id=decision_id,
        name=element.get("name", "") or decision_id,
        result_name=variable.get("name", "") if variable is not None else "",
        required=tuple(_required(element, space)),
        table=None if table is None else _table(table, space),
        literal=None if literal is None else _cell(literal, space),
        unsupported=_boxed(element, space) if table is None and literal is None else "",
    )


def _required(element: xml.XmlElement, space: str) -> Iterator[str]:
    for requirement in xml.children(element, space, "informationRequirement"):
        reference = xml.child(requirement, space, "requiredDecision")
        if reference is not None:
            yield reference.get("href", "").rpartition("#")[2]


def _boxed(element: xml.XmlElement, space: str) -> str:
    kinds = ("context", "invocation", "list", "relation", "functionDefinition", "conditional", "filter", "for")
    boxed = xml.child(element, space, *kinds, "every", "some")
    return "" if boxed is None else xml.local_name(boxed)


def _table(element: xml.XmlElement, space: str) -> DecisionTable:
    return DecisionTable(
        element_id=xml.place_of(element),
        hit_policy=element.get("hitPolicy", "UNIQUE"),
        aggregation=element.get("aggregation", ""),
        inputs=tuple(_input(each, space) for each in xml.children(element, space, "input")),
        outputs=tuple(_output(each, space) for each in xml.children(element, space, "output")),
        rules=tuple(_rule(each, space) for each in xml.children(element, space, "rule")),
    )


def _input(element: xml.XmlElement, space: str) -> Cell:
    expression = xml.child(element, space, "inputExpression")
    text = "" if expression is None else _text(expression, space)
    return Cell(xml.place_of(element), text)


def _output(element: xml.XmlElement, space: str) -> Output:
    values = xml.child(element, space, "outputValues")
    default = xml.child(element, space, "defaultOutputEntry")
    return Output(
        element_id=xml.place_of(element),
        name=element.get("name", ""),
        values="" if values is None else _text(values, space),
        default="" if default is None else _text(default, space),
    )


def _rule(element: xml.XmlElement, space: str) -> Rule:
    return Rule(
        element_id=xml.place_of(element),
        inputs=tuple(_cell(each, space) for each in xml.children(element, space, "inputEntry")),
        outputs=tuple(_cell(each, space) for each in xml.children(element, space, "outputEntry")),
    )


def _cell(element: xml.XmlElement, space: str) -> Cell:
    return Cell(xml.place_of(element), _text(element, space))


def _text(element: xml.XmlElement, space: str) -> str:
    return xml.text_of(xml.child(element, space, "text"))
