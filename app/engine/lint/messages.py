"""Rules on messages and signals: which one, under which name, and by which key it finds its receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine import xml
from app.engine.lint.nearest import nearest_hint
from app.engine.lint.rules import ERROR, WARNING, Hits, at, rule
from app.engine.xml import XmlElement, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.engine.lint.diagram import Diagram, Node


@rule(
    "message-without-reference",
    ERROR,
    zh="%(type)s“%(name)s”没有选择消息。",
    en="The %(type)s “%(name)s” does not say which message.",
    hint="请在属性里选择或新建一个消息。",
    hint_en="Choose or create a message in its properties.",
)
def message_without_reference(diagram: Diagram) -> Hits:
    """Yield each node that catches or throws a message and names none that exists."""
    for node, reference in messages(diagram):
        if diagram.referenced(reference, "message") is None:
            yield at(node.id, type=node.type_name, name=node.label)


@rule(
    "message-without-name",
    ERROR,
    zh="“%(name)s”所用的消息没有名称。",
    en="The message that “%(name)s” uses has no name.",
    hint="请给消息一个名称，例如 project.withdrawn。",
    hint_en="Give the message a name, such as project.withdrawn.",
)
def message_without_name(diagram: Diagram) -> Hits:
    """Yield each node whose message has no name."""
    for node, reference in messages(diagram):
        message = diagram.referenced(reference, "message")
        if message is not None and not message.get("name", "").strip():
            yield at(node.id, name=node.label)


@rule(
    "message-without-correlation-key",
    ERROR,
    zh="“%(name)s”等待消息“%(message)s”，但没有写关联键，不知道是哪个项目的。",
    en="“%(name)s” waits for the message “%(message)s” without a correlation key, so nobody knows whose it is.",
    hint="请在消息上填写关联键，通常是 =project_no。",
    hint_en="Give the message a correlation key, usually =project_no.",
)
def message_without_correlation_key(diagram: Diagram) -> Hits:
    """Yield each node that waits for a message, process starts apart, without a correlation key."""
    for node, reference in messages(diagram):
        if node.type in ("endEvent", "intermediateThrowEvent", "sendTask", "startEvent"):
            continue
        message = diagram.referenced(reference, "message")
        if message is None:
            continue
        subscription = xml.extension(message, "subscription")
        if subscription is None or not subscription.get("correlationKey", "").strip("= "):
            yield at(node.id, name=node.label, message=message.get("name", ""))


@rule(
    "unknown-message",
    WARNING,
    zh="“%(name)s”用的消息“%(message)s”不在消息表里，没有别的流程收发它。",
    en="The message “%(message)s” of “%(name)s” is not in the list of messages; nothing else sends or receives it.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def unknown_message(diagram: Diagram) -> Hits:
    """Yield each message that the vocabulary does not know."""
    known = diagram.vocabulary.messages
    for node, reference in messages(diagram):
        message = diagram.referenced(reference, "message")
        name = "" if message is None else message.get("name", "").strip()
        if known is not None and name and not name.startswith("=") and name not in known:
            yield at(node.id, name=node.label, message=name, nearest=nearest_hint(diagram, name, known))


@rule(
    "signal-without-reference",
    ERROR,
    zh="%(type)s“%(name)s”没有选择信号，或信号没有名称。",
    en="The %(type)s “%(name)s” does not say which signal, or the signal has no name.",
    hint="请在属性里选择或新建一个信号，并给它名称。",
    hint_en="Choose or create a signal in its properties and name it.",
)
def signal_without_reference(diagram: Diagram) -> Hits:
    """Yield each node that catches or throws a signal and names none."""
    for node, definition in _signals(diagram):
        signal = diagram.referenced(definition.get("signalRef"), "signal")
        if signal is None or not signal.get("name", "").strip():
            yield at(node.id, type=node.type_name, name=node.label)


@rule(
    "unknown-signal",
    WARNING,
    zh="“%(name)s”用的信号“%(signal)s”不在信号表里。",
    en="The signal “%(signal)s” of “%(name)s” is not in the list of signals.",
    hint="%(nearest)s",
    hint_en="%(nearest)s",
)
def unknown_signal(diagram: Diagram) -> Hits:
    """Yield each signal that the vocabulary does not know."""
    known = diagram.vocabulary.signals
    for node, definition in _signals(diagram):
        signal = diagram.referenced(definition.get("signalRef"), "signal")
        name = "" if signal is None else signal.get("name", "").strip()
        if known is not None and name and name not in known:
            yield at(node.id, name=node.label, signal=name, nearest=nearest_hint(diagram, name, known))


def messages(diagram: Diagram) -> Iterator[tuple[Node, str | None]]:
    """Yield each node that catches or throws a message, with its reference."""
    for node in diagram.nodes:
        if node.type in ("receiveTask", "sendTask"):
            yield node, node.element.get("messageRef")
            continue
        for definition in node.definitions:
            if local_name(definition) == "messageEventDefinition":
                yield node, definition.get("messageRef")


def _signals(diagram: Diagram) -> Iterator[tuple[Node, XmlElement]]:
    for node in diagram.nodes:
        for definition in node.definitions:
            if local_name(definition) == "signalEventDefinition":
                yield node, definition
