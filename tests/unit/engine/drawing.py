"""Diagrams for tests: a process from short lines, and a host that remembers what it was asked."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from app.clock import SHANGHAI
from app.engine.definition import ProcessModel, parse_process

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.engine.step import Variables

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=SHANGHAI)


def definitions(body: str, *, process_id: str = "p", outside: str = "") -> bytes:
    """Return a BPMN file with one executable process."""
    return (
        f'<bpmn:definitions {NAMESPACES} id="d" targetNamespace="t">{outside}'
        f'<bpmn:process id="{process_id}" name="流程" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    ).encode()


def draw(body: str, *, process_id: str = "p", outside: str = "") -> ProcessModel:
    """Return the model of such a file."""
    return parse_process(definitions(body, process_id=process_id, outside=outside))


def flow(source: str, target: str, condition: str = "", flow_id: str = "") -> str:
    """Return a sequence flow; its id is `source-target` unless given."""
    inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return (
        f'<bpmn:sequenceFlow id="{flow_id or f"{source}-{target}"}" sourceRef="{source}" targetRef="{target}">'
        f"{inside}</bpmn:sequenceFlow>"
    )


def flows(*chains: str) -> str:
    """Return sequence flows for chains such as `s > a > e`."""
    pairs = []
    for chain in chains:
        names = [name.strip() for name in chain.split(">")]
        pairs.extend(flow(source, target) for source, target in itertools.pairwise(names))
    return "".join(pairs)


def node(tag: str, element_id: str, inside: str = "", extensions: str = "", **attributes: str) -> str:
    """Return one element; `extensions` are zeebe elements, `inside` other children."""
    said = "".join(f' {name}="{value}"' for name, value in {"name": element_id, **attributes}.items())
    held = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""
    return f'<bpmn:{tag} id="{element_id}"{said}>{held}{inside}</bpmn:{tag}>'


def start(element_id: str = "s", inside: str = "") -> str:
    """Return a start event."""
    return node("startEvent", element_id, inside)


def end(element_id: str = "e", inside: str = "") -> str:
    """Return an end event."""
    return node("endEvent", element_id, inside)


def user(element_id: str, extensions: str = "", inside: str = "") -> str:
    """Return a user task."""
    return node("userTask", element_id, inside, extensions)


def timer(kind: str, text: str) -> str:
    """Return a timer definition; `kind` is timeDate, timeDuration or timeCycle."""
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"


def boundary(element_id: str, on: str, inside: str, *, interrupting: bool = True, extensions: str = "") -> str:
    """Return a boundary event."""
    cancel = "true" if interrupting else "false"
    return node("boundaryEvent", element_id, inside, extensions, attachedToRef=on, cancelActivity=cancel)


def message(name: str, key: str = "") -> str:
    """Return a message for the outside of the process; its id is its name."""
    held = (
        f'<bpmn:extensionElements><zeebe:subscription correlationKey="{key}"/></bpmn:extensionElements>' if key else ""
    )
    return f'<bpmn:message id="{name}" name="{name}">{held}</bpmn:message>'


def mapping(*, inputs: Mapping[str, str] | None = None, outputs: Mapping[str, str] | None = None) -> str:
    """Return an input and output mapping, target → source."""
    lines = [f'<zeebe:input source="{source}" target="{target}"/>' for target, source in (inputs or {}).items()]
    lines += [f'<zeebe:output source="{source}" target="{target}"/>' for target, source in (outputs or {}).items()]
    return f"<zeebe:ioMapping>{''.join(lines)}</zeebe:ioMapping>"


def loop(
    collection: str, element: str = "", *, sequential: bool = False, into: tuple[str, str] = ("", ""), until: str = ""
) -> str:
    """Return multi-instance characteristics; `into` is output collection and output element."""
    said = f'inputCollection="{collection}"'
    said += f' inputElement="{element}"' if element else ""
    said += f' outputCollection="{into[0]}" outputElement="{into[1]}"' if into[0] else ""
    ends = f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{"true" if sequential else "false"}">'
        f"<bpmn:extensionElements><zeebe:loopCharacteristics {said}/></bpmn:extensionElements>{ends}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


@dataclass
class StandIn:
    """A host: a clock that tests move, facts that they set, operations that they write."""

    now: datetime = NOON
    known: dict[str, object] = field(default_factory=dict)
    asked: list[frozenset[str]] = field(default_factory=list)
    operations: dict[str, Callable[[Variables, Mapping[str, str]], Variables]] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)

    def facts(self, names: frozenset[str]) -> Variables:
        """Return all facts and remember which were asked for."""
        self.asked.append(names)
        return self.known

    def operation(self, kind: str, inputs: Variables, headers: Mapping[str, str]) -> Variables:
        """Run the operation that the test wrote."""
        return self.operations[kind](inputs, headers)

    def decision_source(self, decision_id: str) -> str:
        """Return the decision table that the test gave."""
        return self.decisions[decision_id]

    def after_working_days(self, start: date, days: int) -> date:
        """Count Monday to Friday."""
        day = start
        while days:
            day += timedelta(days=1)
            days -= day.weekday() < 5
        return day
