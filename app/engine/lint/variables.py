"""Which process variables may exist when a node is reached: what every step before it, on some path, provides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from app.engine import xml
from app.engine.lint.graph import components
from app.engine.lint.tasks import mapping, setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from app.engine.lint.diagram import Diagram, Node, Scope

ROUTING_TYPES: Final = frozenset({"", "checkbox", "number", "datetime", "select", "radio"})
"""Types of form fields whose values go into the process by themselves: booleans, numbers, dates, single choices."""

_ANYTHING: Final = 1
"""The bit that says: unknown names may exist as well."""


@dataclass(frozen=True)
class Before:
    """The moment before a node begins; None is nowhere, where only what is given exists."""

    node: Node | None


@dataclass(frozen=True)
class After:
    """The moment when a node has completed. `open`: what it leaves behind is not known."""

    node: Node
    open: bool = False


At: TypeAlias = Before | After


class Variables:
    """The variables that may exist before and after each node of a diagram."""

    def __init__(self, diagram: Diagram) -> None:
        self._bits: dict[str, int] = {}
        self._given = self._mask(diagram.vocabulary.given) | self._mask(_inputs(diagram))
        self._before: dict[Node, int] = {}
        self._after: dict[Node, int] = {}
        provided = {node: self._provided(diagram, node) for node in diagram.nodes}
        for node in reversed(diagram.nodes):  # an inner node comes after its sub-process
            if node.inner is not None:
                for inner in node.inner.nodes:
                    provided[node] |= provided[inner]
        owners = {node.inner: node for node in diagram.nodes if node.inner is not None}
        for component in reversed(components(diagram.nodes, _onward)):
            arriving = self._arriving(component, owners)
            if len(component) > 1 or component[0] in set(component[0].successors):
                for node in component:
                    arriving |= provided[node]
            for node in component:
                self._before[node] = arriving
                self._after[node] = arriving | provided[node]

    def may_exist(self, name: str, moment: At) -> bool:
        """Say whether a variable may exist at a moment."""
        if isinstance(moment, After):
            known = self._after[moment.node] | (_ANYTHING if moment.open else 0)
        else:
            known = self._given if moment.node is None else self._before[moment.node]
        return bool(known & (self._bits.get(name, 0) | _ANYTHING))

    def names(self, moment: At) -> list[str]:
        """Return the names that may exist at a moment, for hints."""
        return [name for name in self._bits if self.may_exist(name, moment)]

    def _arriving(self, component: list[Node], owners: Mapping[Scope, Node]) -> int:
        """Return what comes into a component from outside it."""
        inside = set(component)
        arriving = self._given
        for node in component:
            for earlier in node.predecessors:
                if earlier not in inside:
                    arriving |= self._before[earlier] if earlier is node.host else self._after[earlier]
            owner = owners.get(node.scope)
            if owner is not None and owner not in inside:
                arriving |= self._before[owner]
        return arriving

    def _mask(self, names: Iterable[str]) -> int:
        mask = 0
        for name in names:
            mask |= self._bits.setdefault(name, 1 << (len(self._bits) + 1))
        return mask

    def _provided(self, diagram: Diagram, node: Node) -> int:
        outputs = [target.partition(".")[0] for target, _ in mapping(node, "output")]
        if node.loop is not None:
            zeebe = xml.extension(node.loop, "loopCharacteristics")
            collection = "" if zeebe is None else zeebe.get("outputCollection", "").strip()
            if collection:
                return self._mask([collection])
        if outputs:
            return self._mask(outputs)
        given = provided_by_itself(diagram, node)
        return _ANYTHING if given is None else self._mask(given)


def known_variables(diagram: Diagram) -> Variables:
    """Return the variables of a diagram."""
    return Variables(diagram)


def provided_by_itself(diagram: Diagram, node: Node) -> frozenset[str] | None:
    """Return the variables that a node without output mapping writes; None when that cannot be known."""
    form = setting(node, "formDefinition", "formId")
    if node.type in ("userTask", "startEvent") and form:
        forms = diagram.vocabulary.forms
        if forms is None or form not in forms:
            return None
        return frozenset(name for name, kind in forms[form].fields.items() if kind in ROUTING_TYPES)
    if setting(node, "calledElement", "propagateAllChildVariables") == "false":
        return frozenset()
    return results(diagram, node)


def results(diagram: Diagram, node: Node) -> frozenset[str] | None:
    """Return the names of the results that the output mapping of a node may read; None when these are not known."""
    vocabulary = diagram.vocabulary
    form = setting(node, "formDefinition", "formId")
    if node.type in ("userTask", "startEvent") and form:
        known = None if vocabulary.forms is None else vocabulary.forms.get(form)
        return None if known is None else frozenset(known.fields)
    operation = setting(node, "taskDefinition", "type") if node.type == "serviceTask" else ""
    if operation:
        runs = None if vocabulary.operations is None else vocabulary.operations.get(operation)
        return None if runs is None else runs.outputs
    if node.type == "callActivity":
        return None
    if node.type == "scriptTask":
        return frozenset({setting(node, "script", "resultVariable")}) - {""}
    if node.type == "businessRuleTask":
        return frozenset({setting(node, "calledDecision", "resultVariable")}) - {""}
    return _payload(diagram, node)


def _payload(diagram: Diagram, node: Node) -> frozenset[str] | None:
    if node.type in ("endEvent", "intermediateThrowEvent", "sendTask"):
        return frozenset()
    if "signal" in node.kinds or "error" in node.kinds or "escalation" in node.kinds:
        return None
    if node.type != "receiveTask" and "message" not in node.kinds:
        return frozenset()
    reference = node.element.get("messageRef") or next(iter(node.definitions), node.element).get("messageRef")
    message = diagram.referenced(reference, "message")
    known = diagram.vocabulary.messages
    if message is None or known is None:
        return None
    return known.get(message.get("name", "").strip())


def _inputs(diagram: Diagram) -> frozenset[str]:
    """Return the variables that the callers of the process hand over."""
    processes = diagram.vocabulary.processes or {}
    found = (processes.get(element.get("id", "").strip()) for element in diagram.processes)
    return frozenset().union(*(process.inputs for process in found if process is not None))


def _onward(node: Node) -> Iterator[Node]:
    """Yield what may come after a node; of a sub-process also what lies in it."""
    yield from node.successors
    if node.inner is not None:
        yield from node.inner.nodes
