"""The difference of two diagrams: steps that came and went, what changed on each, where flows lead now, what moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from app.engine import drawn_file, xml
from app.engine.differences.change import Change, Said, became, literal_change, plain
from app.engine.differences.facets import Facet, called, facets_of, lanes_of
from app.engine.lint.diagram import FLOW_NODES, TYPE_NAMES, Diagram, Flow, Node
from app.engine.xml import BPMN, BPMNDI, DC, local_name
from app.errors import DiagramNotExecutable

if TYPE_CHECKING:
    from app.engine.lint.vocabulary import Vocabulary
    from app.engine.xml import XmlElement

MOVED: Final = 1.0
"""Pixels from which on a shape counts as moved."""

_EMPTY: Final = f'<definitions xmlns="{BPMN}"/>'
_OTHERS: Final = {
    "process": Said("流程", "process"),
    "participant": Said("泳池", "pool"),
    "lane": Said("泳道", "lane"),
    "textAnnotation": Said("批注", "annotation"),
    "dataObjectReference": Said("数据对象", "data object"),
    "dataStoreReference": Said("数据存储", "data store"),
    "group": Said("分组", "group"),
    "messageFlow": Said("消息流", "message flow"),
}
_TOLD: Final = (
    "assignmentDefinition.candidateGroups", "formDefinition.formId", "taskDefinition.type", "timeDate", "timeDuration",
    "timeCycle", "message", "calledElement.processId", "calledDecision.decisionId",
)  # fmt: skip
"""What a sentence about a new element tells of it, in this order."""


@dataclass
class _State:
    """One of the two diagrams, by id."""

    diagram: Diagram
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    others: dict[str, XmlElement] = field(default_factory=dict)

    @cached_property
    def lanes(self) -> Mapping[str, Said]:
        """In which lane each element lies."""
        return lanes_of(self.diagram)

    @cached_property
    def bounds(self) -> Mapping[str, tuple[float, ...]]:
        """Where each shape stands."""
        found = {}
        for shape in xml.descendants(self.diagram.root, BPMNDI, "BPMNShape"):
            box = xml.child(shape, DC, "Bounds")
            if box is not None:
                found[shape.get("bpmnElement", "")] = tuple(
                    _number(box, name) for name in ("x", "y", "width", "height")
                )
        return found

    def facets(self, element: XmlElement) -> dict[str, Facet]:
        """All that is written on an element."""
        return facets_of(self.diagram, element, self.lanes)


def compare_diagrams(left: str, right: str, vocabulary: Vocabulary) -> Iterator[Change]:
    """Yield the changes from one diagram to another."""
    before, after = _read(left, vocabulary), _read(right, vocabulary)
    for node in after.nodes.values():
        if node.id not in before.nodes:
            yield _added(after, node)
    for node in before.nodes.values():
        if node.id not in after.nodes:
            yield _removed(node)
    for node in after.nodes.values():
        known = before.nodes.get(node.id)
        if known is not None:
            yield from _changed(before, after, known, node)
    yield from _flows(before, after)
    yield from _others(before, after)
    yield from _moved(before, after)


def _read(text: str, vocabulary: Vocabulary) -> _State:
    try:
        root = drawn_file.root_of(text or _EMPTY, "bpmn")
    except DiagramNotExecutable:
        root = drawn_file.root_of(_EMPTY, "bpmn")
    diagram = Diagram(root, vocabulary)
    state = _State(diagram)
    state.nodes = {node.id: node for node in diagram.nodes}
    state.flows = {flow.id: flow for flow in diagram.flows}
    wanted = set(_OTHERS)
    for element in diagram.all_elements:
        own = element.get("id", "")
        if own and xml.namespace(element) == BPMN and local_name(element) in wanted:
            state.others.setdefault(own, element)
    return state


_MADE_UP: Final = re.compile(r"(?:^|_)(?:Activity|Event|StartEvent|EndEvent|Gateway|[A-Za-z]+Task)_[0-9a-z]{7}$")
"""How bpmn-js ends the ids that it gives (`Gateway_0ab12cd`), alone or behind what a repair adds (`end_`)."""


def _added(state: _State, node: Node) -> Change:
    kind = _kind(node)
    facets = state.facets(node.element)
    told = [facets[key] for key in _TOLD if key in facets]
    zh, en = (f"增加{kind.zh}", f"added the {kind.en}") if _nameless(node) else (
        f"增加{kind.zh}「{called(node)}」", f"added the {kind.en} “{called(node)}”")  # fmt: skip
    where = _before(node)
    if node.host is not None:
        zh, en = f"在「{called(node.host)}」上{zh}", f"{en} on “{called(node.host)}”"
    elif where is not None:
        zh, en = f"在「{called(where)}」之后{zh}", f"{en} after “{called(where)}”"
    for facet in told:
        if facet.name.zh == "办理角色":
            zh, en = f"{zh}，由{facet.value.zh}办理", f"{en}, worked on by: {facet.value.en}"
        else:
            zh, en = f"{zh}，{facet.name.zh}：{facet.value.zh}", f"{en}; {facet.name.en}: {facet.value.en}"
    return Change(node.id, "added", f"{zh}。", f"{en[0].upper()}{en[1:]}.")


def _before(node: Node) -> Node | None:
    """Return the step with a name that leads to a node, looking past nameless gateways."""
    seen: set[Node] = {node}
    pending = list(node.predecessors)
    while pending:
        found = pending.pop(0)
        if found in seen:
            continue
        seen.add(found)
        if found.element.get("name", "").strip():
            return found
        pending.extend(found.predecessors)
    return None


def _nameless(node: Node) -> bool:
    """Say whether a node has no name and an id that an editor has made up, which tells a reader nothing."""
    return not node.element.get("name", "").strip() and _MADE_UP.search(node.id) is not None


def _removed(node: Node) -> Change:
    kind = _kind(node)
    if _nameless(node):
        where = _before(node)
        zh, en = (f"「{called(where)}」之后的", f" after “{called(where)}”") if where is not None else ("", "")
        return Change(node.id, "removed", f"删去{zh}{kind.zh}。", f"Removed the {kind.en}{en}.")
    return Change(node.id, "removed", f"删去{kind.zh}「{called(node)}」。", f"Removed the {kind.en} “{called(node)}”.")


def _kind(node: Node) -> Said:
    if node.type == "boundaryEvent":
        return Said("边界事件", "boundary event")
    if node.type in {"task", "userTask", "manualTask"}:
        return Said("任务", "task")
    name = TYPE_NAMES[node.type]
    return Said(name.zh, name.en)


def _changed(before: _State, after: _State, known: Node, node: Node) -> Iterator[Change]:
    if known.type != node.type:
        one, other = TYPE_NAMES[known.type], TYPE_NAMES[node.type]
        yield Change(
            node.id, "changed", f"「{called(node)}」由{one.zh}改为{other.zh}。",
            f"“{called(node)}” changed from a {one.en} to a {other.en}.", "type",
        )  # fmt: skip
    of = Said(f"「{called(known)}」", f"“{called(known)}”")
    yield from _differing(node.id, of, before.facets(known.element), after.facets(node.element))
    if known.element.get("default", "") != node.element.get("default", ""):
        yield _default(before, after, node)


def _default(before: _State, after: _State, node: Node) -> Change:
    def leads(state: _State) -> Said:
        of = state.nodes.get(node.id)
        flow = state.flows.get(of.element.get("default", "")) if of is not None else None
        return plain(f"「{called(flow.target)}」") if flow is not None and flow.target is not None else Said("", "")

    how = became(leads(before), leads(after))
    return Change(
        node.id, "changed", f"「{called(node)}」的默认去向{how.zh}。",
        f"The default way out of “{called(node)}” {how.en}.", "default",
    )  # fmt: skip


def _differing(element_id: str, of: Said, before: Mapping[str, Facet], after: Mapping[str, Facet]) -> Iterator[Change]:
    for key in [*before, *(key for key in after if key not in before)]:
        one, other = before.get(key), after.get(key)
        if one is not None and other is not None and one.raw == other.raw:
            continue
        if (one or other) is None:
            continue
        yield _value_change(element_id, of, key, one, other)


def _value_change(element_id: str, of: Said, key: str, one: Facet | None, other: Facet | None) -> Change:
    found = other if one is None else one
    assert found is not None  # noqa: S101 -- one of the two is there
    part = literal_change(one.raw, other.raw) if one is not None and other is not None else None
    if key == "name" and one is not None and other is not None:
        zh, en = f"{of.zh}改名为「{other.value.zh}」。", f"{of.en} is now called “{other.value.en}”."
    elif part is not None and one is not None and one.raw.startswith("="):
        zh = f"{of.zh}的{found.name.zh}中的 {part[0]} 改为 {part[1]}。"
        en = f"In the {found.name.en} of {of.en}, {part[0]} changed to {part[1]}."
    else:
        how = became(one.value if one else Said("", ""), other.value if other else Said("", ""))
        zh, en = f"{of.zh}的{found.name.zh}{how.zh}。", f"The {found.name.en} of {of.en} {how.en}."
    return Change(element_id, "changed", zh, en[0].upper() + en[1:], key)


def _flows(before: _State, after: _State) -> Iterator[Change]:
    """Yield the flows that changed; those that only tie a new step in, or go with an old one, are told with it."""
    came, went = set(after.nodes) - set(before.nodes), set(before.nodes) - set(after.nodes)
    for flow in after.flows.values():
        known = before.flows.get(flow.id)
        if known is None:
            if not _ends(flow) & came and not _bridges(flow, before, went):
                yield Change(flow.id, "added", f"增加连线：{_way(flow).zh}。", f"Added a flow {_way(flow).en}.")
            continue
        yield from _flow_change(before, after, known, flow, came | went)
    for flow in before.flows.values():
        if flow.id not in after.flows and not _ends(flow) & went and not _bridges(flow, after, came):
            yield Change(flow.id, "removed", f"删去连线：{_way(flow).zh}。", f"Removed the flow {_way(flow).en}.")


def _flow_change(before: _State, after: _State, known: Flow, flow: Flow, loose: set[str]) -> Iterator[Change]:
    one, other = before.facets(known.element), after.facets(flow.element)
    way = _way(flow)
    name = called(flow) if flow.element.get("name", "").strip() else ""
    of = Said(f"「{name}」", f"“{name}”") if name else way
    yield from _differing(flow.id, Said(f"连线{of.zh}", f"the flow {of.en}"), one, other)
    if _pair(known) != _pair(flow) and not (_ends(known) | _ends(flow)) & loose:
        yield Change(
            flow.id, "changed", f"连线由{_way(known).zh}改为{way.zh}。",
            f"A flow that led {_way(known).en} now leads {way.en}.", "ends",
        )  # fmt: skip


def _pair(flow: Flow) -> tuple[str, str]:
    return (flow.source.id if flow.source else "", flow.target.id if flow.target else "")


def _ends(flow: Flow) -> set[str]:
    return {each for each in _pair(flow) if each}


def _bridges(flow: Flow, other: _State, loose: set[str]) -> bool:
    """Say whether a flow stands for a way that leads through elements of the other state alone."""
    start, goal = _pair(flow)
    node = other.nodes.get(start)
    pending = [] if node is None else list(node.successors)
    seen: set[str] = set()
    while pending:
        at = pending.pop()
        if at.id in loose and at.id not in seen:
            seen.add(at.id)
            if any(after.id == goal for after in at.successors):
                return True
            pending.extend(at.successors)
    return False


def _way(flow: Flow) -> Said:
    one = called(flow.source) if flow.source else "?"
    other = called(flow.target) if flow.target else "?"
    return Said(f"「{one}」到「{other}」", f"from “{one}” to “{other}”")


def _others(before: _State, after: _State) -> Iterator[Change]:
    for own, element in after.others.items():
        kind = _OTHERS[local_name(element)]
        name = _name(element)
        known = before.others.get(own)
        if known is None:
            yield Change(own, "added", f"增加{kind.zh}「{name}」。", f"Added the {kind.en} “{name}”.")
        else:
            of = Said(f"{kind.zh}「{_name(known)}」", f"the {kind.en} “{_name(known)}”")
            yield from _differing(own, of, before.facets(known), after.facets(element))
    for own, element in before.others.items():
        if own not in after.others:
            kind = _OTHERS[local_name(element)]
            yield Change(
                own, "removed", f"删去{kind.zh}「{_name(element)}」。", f"Removed the {kind.en} “{_name(element)}”."
            )


def _name(element: XmlElement) -> str:
    text = element.get("name", "") or xml.text_of(xml.child(element, BPMN, "text")) or element.get("id", "")
    return plain(text).zh


def _moved(before: _State, after: _State) -> Iterator[Change]:
    """Yield the shapes that stand elsewhere; when most of them went the same way, nothing was meant by it."""
    shifts = {}
    for own, box in after.bounds.items():
        known = before.bounds.get(own)
        if known is not None and max(abs(a - b) for a, b in zip(known, box, strict=True)) >= MOVED:
            shifts[own] = tuple(round(b - a) for a, b in zip(known, box, strict=True))
    common = set(shifts.values())
    if len(common) == 1 and len(shifts) > max(2, len(after.bounds) // 2):
        return
    for own in shifts:
        node = after.nodes.get(own)
        if node is not None:
            yield Change(own, "moved", f"「{called(node)}」挪了位置。", f"“{called(node)}” was moved on the drawing.")


def _number(element: XmlElement, name: str) -> float:
    return xml.pixels(element, name) or 0.0


assert set(TYPE_NAMES) >= FLOW_NODES  # noqa: S101 -- every node has a name that a sentence can use
