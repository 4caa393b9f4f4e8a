"""Repairs on timers: one that does not say when gets a plain period that its owner can change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.repairs import tree
from app.engine.repairs.registry import Done, Site, repairs
from app.engine.xml import BPMN, XSI

if TYPE_CHECKING:
    from app.engine.xml import XmlElement

WAIT: Final = "P5WD"
MONTHLY: Final = "R/P1M"


@repairs("timer-without-definition", zh="填五个工作日", en="Set five working days")
def say_when(site: Site) -> Done | None:
    """Let a timer that says nothing fire after five working days, a start event every month."""
    node = site.diagram.node_by_id.get(site.element_id)
    definition = None if node is None else xml.child(node.element, BPMN, "timerEventDefinition")
    if node is None or definition is None:
        return None
    for empty in list(xml.children(definition, BPMN, "timeDate", "timeDuration", "timeCycle")):
        tree.remove(empty)
    starts = node.type == "startEvent"
    said = tree.append(definition, "timeCycle" if starts else "timeDuration")
    said.set(f"{{{XSI}}}type", _formal(definition))
    said.text = MONTHLY if starts else WAIT
    zh, en = ("每月一次", "once a month") if starts else ("五个工作日", "five working days")
    return Done(
        (node.id,), f"「{node.label}」先填为{zh}，请改成要的时间。", f"“{node.label}” is set to {en}; please adjust it."
    )


def _formal(element: XmlElement) -> str:
    prefix = next((prefix for prefix, space in element.nsmap.items() if space == BPMN and prefix), "")
    return f"{prefix}:tFormalExpression" if prefix else "tFormalExpression"
