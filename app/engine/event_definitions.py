"""Read the definition of an event from its `…EventDefinition` element and what that refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine import xml
from app.engine.events import Coded, Message, Signal, Timer
from app.engine.library import EventDefinition, TerminateEventDefinition, ValidationException

if TYPE_CHECKING:
    from app.engine.timers import Kind

TIMERS: tuple[tuple[str, Kind], ...] = (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle"))


def read_event(root: xml.XmlElement, node: xml.XmlElement) -> EventDefinition:
    """Return the definition of an event from its `…EventDefinition` element."""
    kind = xml.local_name(node).removesuffix("EventDefinition")
    if kind == "message":
        return read_message(root, node)
    if kind == "signal":
        return Signal(name=_referred(root, node, "signalRef").get("name", ""))
    if kind == "timer":
        return Timer(*_timer(node))
    if kind in ("error", "escalation"):
        referred = _referred(root, node, f"{kind}Ref", required=False)
        return Coded("error" if kind == "error" else "escalation", _code(referred, kind))
    if kind == "terminate":
        return TerminateEventDefinition()
    raise ValidationException(f"{kind} event", node=node.getparent())


def read_message(root: xml.XmlElement, node: xml.XmlElement) -> Message:
    """Return the message that `node` refers to, with its correlation key."""
    message = _referred(root, node, "messageRef")
    subscription = xml.extension(message, "subscription")
    key = "" if subscription is None else subscription.get("correlationKey", "").strip()
    return Message(message.get("name", ""), key)


def _referred(root: xml.XmlElement, node: xml.XmlElement, attribute: str, *, required: bool = True) -> xml.XmlElement:
    wanted = node.get(attribute, "").rpartition(":")[2]
    for candidate in root if wanted else ():
        if candidate.get("id") == wanted:
            return candidate
    if required:
        raise ValidationException(f"{attribute} refers to nothing", node=node if node.get("id") else node.getparent())
    return node


def _code(referred: xml.XmlElement, kind: str) -> str:
    return referred.get(f"{kind}Code", "").strip()


def _timer(node: xml.XmlElement) -> tuple[Kind, str]:
    for tag, kind in TIMERS:
        drawn = xml.child(node, xml.BPMN, tag)
        if drawn is not None and xml.text_of(drawn):
            return kind, xml.text_of(drawn)
    raise ValidationException("timer without time", node=node.getparent())
