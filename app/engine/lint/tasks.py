"""What all rules on tasks share: how a setting, a mapping and what a node writes are read; and rules on every node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.lint.diagram import ACTIVITIES, Diagram, Node
from app.engine.lint.rules import ERROR, Hits, at, rule
from app.engine.lint.vocabulary import Named
from app.engine.xml import BPMN, ZEEBE, XmlElement, children

if TYPE_CHECKING:
    from collections.abc import Iterator


def setting(node: Node, extension: str, attribute: str) -> str:
    """Return an attribute of a `zeebe:` extension element of a node, stripped; empty if it is not there."""
    found = xml.extension(node.element, extension)
    return "" if found is None else found.get(attribute, "").strip()


def is_expression(text: str) -> bool:
    """Say whether a setting is a FEEL expression rather than fixed text."""
    return text.startswith("=")


def listed(text: str) -> list[str]:
    """Return the parts of a comma-separated setting."""
    return [part.strip() for part in text.split(",") if part.strip()]


@rule(
    "loop-not-readable",
    ERROR,
    zh="“%(name)s”的循环标记引擎读不了：%(why)s。",
    en="The loop marker of “%(name)s” cannot be read by the engine: %(why)s.",
    hint="请用多实例标记，并填写输入集合（例如 =submission.f05.experts）和输入元素。",
    hint_en="Use the multi-instance marker with an input collection (such as =submission.f05.experts) and an input "
    "element.",
)
def loop_not_readable(diagram: Diagram) -> Hits:
    """Yield each loop that is not a multi-instance over a collection."""
    for node in diagram.nodes:
        if node.type not in ACTIVITIES:
            continue
        if xml.child(node.element, BPMN, "standardLoopCharacteristics") is not None:
            yield at(node.id, name=node.label, why=Named("普通循环标记不能执行", "the standard loop is not executable"))
        if node.loop is None:
            continue
        if xml.child(node.loop, BPMN, "loopCardinality") is not None:
            yield at(node.id, name=node.label, why=Named("不读固定次数", "a cardinality is not read"))
        zeebe = xml.extension(node.loop, "loopCharacteristics")
        if zeebe is None or not zeebe.get("inputCollection", "").strip("= "):
            yield at(node.id, name=node.label, why=Named("没有输入集合", "it has no input collection"))


@rule(
    "loop-output-incomplete",
    ERROR,
    zh="“%(name)s”的多实例只写了输出集合或输出元素中的一个。",
    en="The multi-instance “%(name)s” gives only one of output collection and output element.",
    hint="请两个都写，或都不写。",
    hint_en="Give both, or neither.",
)
def loop_output_incomplete(diagram: Diagram) -> Hits:
    """Yield each multi-instance that says half of where its results go."""
    for node in diagram.nodes:
        zeebe = None if node.loop is None else xml.extension(node.loop, "loopCharacteristics")
        if zeebe is not None:
            given = [bool(zeebe.get(name, "").strip("= ")) for name in ("outputCollection", "outputElement")]
            if any(given) and not all(given):
                yield at(node.id, name=node.label)


@rule(
    "variable-not-plain",
    ERROR,
    zh="“%(name)s”里的变量名“%(variable)s”不是普通名称，表达式会把它读成减法或取属性。",
    en="The variable “%(variable)s” in “%(name)s” is no plain name; an expression would read a subtraction or a "
    "property.",
    hint="请只用字母、数字和下划线，不用连字符、空格和点。",
    hint_en="Use letters, digits and underscores, no hyphens, spaces or dots.",
)
def variable_not_plain(diagram: Diagram) -> Hits:
    """Yield each variable that is written under a name which FEEL could not read back."""
    for node in diagram.nodes:
        for variable in written(node):
            if variable and not variable.isidentifier():
                yield at(node.id, name=node.label, variable=variable)


@rule(
    "mapping-incomplete",
    ERROR,
    zh="“%(name)s”的输入或输出映射少了来源或目标。",
    en="An input or output mapping of “%(name)s” lacks its source or its target.",
    hint="来源写 FEEL 表达式，目标写变量名。",
    hint_en="The source is a FEEL expression, the target a variable.",
)
def mapping_incomplete(diagram: Diagram) -> Hits:
    """Yield each mapping without a source or a target."""
    for node in diagram.nodes:
        pairs = [*mapping(node, "input"), *mapping(node, "output")]
        if any(not target or not source.get("source", "").strip("= ") for target, source in pairs):
            yield at(node.id, name=node.label)


def mapping(node: Node, direction: str) -> Iterator[tuple[str, XmlElement]]:
    """Yield the target of each `input` or `output` mapping of a node, with its element."""
    for holder in xml.extensions(node.element, "ioMapping"):
        for item in children(holder, ZEEBE, direction):
            yield item.get("target", "").strip(), item


def written(node: Node) -> Iterator[str]:
    """Yield the names of the variables that a node writes, also its local ones."""
    for direction in ("input", "output"):
        for target, _ in mapping(node, direction):
            yield target.partition(".")[0]
    held = RESULT_HOLDERS.get(node.type)
    if held:
        yield setting(node, held, "resultVariable")
    zeebe = None if node.loop is None else xml.extension(node.loop, "loopCharacteristics")
    if zeebe is not None:
        yield zeebe.get("inputElement", "").strip()
        yield zeebe.get("outputCollection", "").strip()


RESULT_HOLDERS: Final = {"scriptTask": "script", "businessRuleTask": "calledDecision"}
