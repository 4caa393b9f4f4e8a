"""Rules on service tasks: which operation of the closed table each runs, with its inputs and headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine import xml
from app.engine.lint.nearest import nearest_hint
from app.engine.lint.rules import ERROR, WARNING, Hits, at, rule
from app.engine.xml import ZEEBE, children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.engine.lint.diagram import Diagram, Node
    from app.engine.lint.vocabulary import Operation
from app.engine.lint.tasks import is_expression, listed, mapping, setting


@rule(
    "service-without-operation",
    ERROR,
    zh="%(type)s“%(name)s”没有写明办理哪项操作。",
    en="The %(type)s “%(name)s” does not say which operation it runs.",
    hint="请在任务定义里填写操作的类型。",
    hint_en="Give the type of the operation in its task definition.",
)
def service_without_operation(diagram: Diagram) -> Hits:
    """Yield each service task without an operation."""
    for node in diagram.nodes_of("serviceTask"):
        if not setting(node, "taskDefinition", "type").strip("= "):
            yield at(node.id, type=node.type_name, name=node.label)


@rule(
    "operation-by-expression",
    ERROR,
    zh="“%(name)s”的操作类型写成了表达式；能办理的操作是固定的一张表。",
    en="“%(name)s” gives its operation as an expression; operations come from a fixed list.",
    hint="请直接写操作的类型；不同情况用排他网关分开。",
    hint_en="Name the operation itself and branch with an exclusive gateway.",
)
def operation_by_expression(diagram: Diagram) -> Hits:
    """Yield each operation that is given as an expression."""
    for node in diagram.nodes_of("serviceTask"):
        if is_expression(setting(node, "taskDefinition", "type")):
            yield at(node.id, name=node.label)


@rule(
    "unknown-operation",
    ERROR,
    zh="“%(name)s”要办理的操作“%(operation)s”不存在。",
    en="The operation “%(operation)s” of “%(name)s” does not exist.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def unknown_operation(diagram: Diagram) -> Hits:
    """Yield each operation that the table does not hold."""
    known = diagram.vocabulary.operations
    if known is None:
        return
    for node, wanted in _named_operations(diagram):
        if wanted not in known:
            yield at(node.id, name=node.label, operation=wanted, nearest=nearest_hint(diagram, wanted, known))


@rule(
    "operation-input-missing",
    ERROR,
    zh="“%(name)s”的操作“%(operation)s”缺少输入“%(input)s”。",
    en="The operation “%(operation)s” of “%(name)s” lacks its input “%(input)s”.",
    hint="请在输入映射里补上它。",
    hint_en="Add it to the input mapping.",
)
def operation_input_missing(diagram: Diagram) -> Hits:
    """Yield each required input that is not mapped."""
    for node, wanted, operation in _operations(diagram):
        mapped = {target for target, _ in mapping(node, "input")}
        for name, required in operation.inputs.items():
            if required and name not in mapped:
                yield at(node.id, name=node.label, operation=wanted, input=name)


@rule(
    "operation-input-unknown",
    WARNING,
    zh="“%(name)s”的操作“%(operation)s”没有输入“%(input)s”，映射了也不会读。",
    en="The operation “%(operation)s” of “%(name)s” has no input “%(input)s”; it would not be read.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def operation_input_unknown(diagram: Diagram) -> Hits:
    """Yield each mapped input that the operation does not take."""
    for node, wanted, operation in _operations(diagram):
        for name, _ in mapping(node, "input"):
            if name not in operation.inputs:
                hint = nearest_hint(diagram, name, operation.inputs)
                yield at(node.id, name=node.label, operation=wanted, input=name, nearest=hint)


@rule(
    "operation-header-unknown",
    WARNING,
    zh="“%(name)s”的操作“%(operation)s”不读任务头“%(header)s”。",
    en="The operation “%(operation)s” of “%(name)s” does not read the header “%(header)s”.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def operation_header_unknown(diagram: Diagram) -> Hits:
    """Yield each header that the operation does not read."""
    for node, wanted, operation in _operations(diagram):
        for key, _ in _headers(node):
            if key not in operation.headers:
                hint = nearest_hint(diagram, key, operation.headers)
                yield at(node.id, name=node.label, operation=wanted, header=key, nearest=hint)


@rule(
    "operation-header-invalid",
    ERROR,
    zh="“%(name)s”的任务头“%(header)s”不能是“%(value)s”。",
    en="The header “%(header)s” of “%(name)s” cannot be “%(value)s”.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def operation_header_invalid(diagram: Diagram) -> Hits:
    """Yield each header that names a kind of deadline, a role, a gate … which does not exist."""
    vocabulary = diagram.vocabulary
    lists: dict[str, list[str] | None] = {
        "kind": None if vocabulary.deadlines is None else list(vocabulary.deadlines),
        "deadline": None if vocabulary.deadlines is None else list(vocabulary.deadlines),
        "roles": None if vocabulary.roles is None else list(vocabulary.roles),
    }
    lists |= {key: list(values) for key, values in (vocabulary.headers or {}).items()}
    for node, _, operation in _operations(diagram):
        for key, value in _headers(node):
            known = lists.get(key) if key in operation.headers else None
            for part in listed(value) if known is not None else ():
                if part not in (known or ()):
                    hint = nearest_hint(diagram, part, known or ())
                    yield at(node.id, name=node.label, header=key, value=part, nearest=hint)


def _named_operations(diagram: Diagram) -> Iterator[tuple[Node, str]]:
    for node in diagram.nodes_of("serviceTask"):
        wanted = setting(node, "taskDefinition", "type")
        if wanted and not is_expression(wanted):
            yield node, wanted


def _operations(diagram: Diagram) -> Iterator[tuple[Node, str, Operation]]:
    known = diagram.vocabulary.operations or {}
    for node, wanted in _named_operations(diagram):
        if wanted in known:
            yield node, wanted, known[wanted]


def _headers(node: Node) -> Iterator[tuple[str, str]]:
    for holder in xml.extensions(node.element, "taskHeaders"):
        for header in children(holder, ZEEBE, "header"):
            yield header.get("key", "").strip(), header.get("value", "").strip()
