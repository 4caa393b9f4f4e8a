"""Repairs on ids: given where they are missing, changed where two elements share one or the characters are wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.engine import xml
from app.engine.lint.diagram import FLOW_NODES, Diagram
from app.engine.repairs.boxes import Picture, draw_all, fresh
from app.engine.repairs.registry import Done, Site, repairs
from app.engine.xml import BPMN, local_name

if TYPE_CHECKING:
    from app.engine.xml import XmlElement

_NEED: Final = FLOW_NODES | {"process", "sequenceFlow", "laneSet", "lane", "participant", "collaboration", "message"}
_REFERENCES: Final = ("sourceRef", "targetRef", "attachedToRef", "default", "processRef", "bpmnElement", "messageRef")
_WRONG: Final = re.compile(r"[^A-Za-z0-9_.-]")


@repairs("no-id", zh="补上编号", en="Give the missing ids")
def give_ids(site: Site) -> Done | None:
    """Give every element of the model that has no id one, and draw what could not be drawn without."""
    given = []
    ids = _Ids(site.diagram)
    for element in site.diagram.all_elements:
        if xml.namespace(element) == BPMN and local_name(element) in _NEED and not element.get("id", "").strip():
            own = ids.next(local_name(element), first=1)
            element.set("id", own)
            given.append(own)
    if not given:
        return None
    draw_all(Picture(site.root, Diagram(site.root, site.diagram.vocabulary)))
    return Done(tuple(given), f"补了 {len(given)} 个编号。", f"Gave {len(given)} ids.")


@repairs("duplicate-id", zh="给后来的换编号", en="Renumber the later ones")
def renumber(site: Site) -> Done | None:
    """Give the second and later elements of one id others; whoever refers to the id means the first."""
    given = []
    ids = _Ids(site.diagram)
    for element in site.diagram.elements_by_id.get(site.element_id, [])[1:]:
        own = ids.next(site.element_id, first=2)
        element.set("id", own)
        given.append(own)
    if not given:
        return None
    return Done(tuple(given), f"后来的 {len(given)} 个换了编号。", f"Renumbered {len(given)} elements.")


@repairs("bad-id", "process-id-not-plain", zh="换成普通编号", en="Make it a plain id")
def plain(site: Site) -> Done | None:
    """Replace an id by one of plain letters, in every reference to it as well."""
    before = site.element_id
    wanted = re.sub(r"_+", "_", _WRONG.sub("_", before).replace("-", "_").replace(".", "_")).strip("_")
    if not wanted or not (wanted[0].isalpha() or wanted[0] == "_"):
        wanted = f"id_{wanted}".rstrip("_")
    own = fresh(site.diagram, wanted)
    for element in site.diagram.all_elements:
        _rename(element, before, own)
    return Done((own,), f"编号“{before}”改为“{own}”。", f"The id “{before}” is now “{own}”.")


class _Ids:
    """Gives numbered ids that a file does not have yet, each once."""

    def __init__(self, diagram: Diagram) -> None:
        self.taken = {element.get("id") for element in diagram.all_elements}
        self.numbers: dict[str, int] = {}

    def next(self, name: str, *, first: int) -> str:
        """Return the name with the first number from `first` on that nothing has."""
        number = self.numbers.get(name, first)
        while f"{name}_{number}" in self.taken:
            number += 1
        self.numbers[name] = number + 1
        return f"{name}_{number}"


def _rename(element: XmlElement, before: str, own: str) -> None:
    for name in ("id", *_REFERENCES):
        if element.get(name, "").strip() == before:
            element.set(name, own)
    if local_name(element) in {"incoming", "outgoing", "flowNodeRef"} and (element.text or "").strip() == before:
        element.text = own
