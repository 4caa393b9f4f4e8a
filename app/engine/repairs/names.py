"""Repairs on names of the vocabulary: an unknown role, form, process or operation becomes the nearest known one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from app.engine.lint.options import compared
from app.engine.lint.tasks import is_expression, listed, setting
from app.engine.repairs import tree
from app.engine.repairs.registry import Done, Site, repairs
from app.engine.xml import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.engine.lint.vocabulary import Named

LIKE: Final = 0.45
"""How like a known name must be to be taken for the one that was meant."""


@repairs("unknown-role", zh="改为最接近的角色", en="Take the nearest role")
def nearest_role(site: Site) -> Done | None:
    """Replace every unknown candidate group of a task by the role that is most like it."""
    node, roles = site.diagram.node_by_id.get(site.element_id), site.diagram.vocabulary.roles
    if node is None or roles is None:
        return None
    groups = setting(node, "assignmentDefinition", "candidateGroups")
    if is_expression(groups):
        return None
    given = [(group, group if group in roles else nearest(group, roles)) for group in listed(groups)]
    if any(not found for _, found in given):
        return None
    said = dict.fromkeys(found for _, found in given)
    tree.extension(node.element, "assignmentDefinition").set("candidateGroups", ",".join(said))
    changed = [(before, found) for before, found in given if before != found]
    zh = "、".join(f"“{before}”改为{roles[found].zh}（{found}）" for before, found in changed)
    en = ", ".join(f"“{before}” is now {roles[found].en} ({found})" for before, found in changed)
    return Done((node.id,), f"「{node.label}」的办理角色{zh}。", f"“{node.label}”: {en}.")


@repairs("unknown-form", zh="改为最接近的表单", en="Take the nearest form")
def nearest_form(site: Site) -> Done | None:
    """Replace an unknown form id by the known one that is most like it."""
    forms = site.diagram.vocabulary.forms or {}
    return _replaced(site, "formDefinition", "formId", {key: form.name for key, form in forms.items()})


@repairs("unknown-process", zh="改为最接近的流程", en="Take the nearest process")
def nearest_process(site: Site) -> Done | None:
    """Replace an unknown called process by the known one that is most like it."""
    processes = site.diagram.vocabulary.processes or {}
    return _replaced(site, "calledElement", "processId", {key: one.name for key, one in processes.items()})


@repairs("unknown-decision", zh="改为最接近的决策", en="Take the nearest decision")
def nearest_decision(site: Site) -> Done | None:
    """Replace an unknown decision by the known one that is most like it."""
    return _replaced(site, "calledDecision", "decisionId", site.diagram.vocabulary.decisions or {})


@repairs("unknown-operation", zh="改为最接近的操作", en="Take the nearest operation")
def nearest_operation(site: Site) -> Done | None:
    """Replace an unknown operation by the known one that is most like it."""
    operations = site.diagram.vocabulary.operations or {}
    return _replaced(site, "taskDefinition", "type", {key: one.name for key, one in operations.items()})


@repairs("unknown-option", zh="改为最接近的选项", en="Take the nearest option")
def nearest_option(site: Site) -> Done | None:
    """Replace a text in a flow's condition that nothing gives by the one of the offered texts that is most like it."""
    flow = next((one for one in site.diagram.flows if one.id == site.element_id), None)
    wrong = [
        one
        for one in site.diagram.remember(compared)
        if one.expression.element_id == site.element_id and one.text not in one.offered
    ]
    if flow is None or flow.condition is None or not wrong:
        return None
    text, changed = text_of(flow.condition), []
    for one in sorted(wrong, key=lambda each: -each.offset):
        if not one.meant:
            return None
        text = f'{text[: one.offset]}"{one.meant}"{text[one.offset + len(one.text) + 2 :]}'
        changed.append((one.text, one.meant))
    flow.condition.text = text
    zh = "、".join(f"“{before}”改为“{found}”" for before, found in reversed(changed))
    en = ", ".join(f"“{before}” is now “{found}”" for before, found in reversed(changed))
    return Done((flow.id,), f"条件里的{zh}。", f"In the condition {en}.")


def nearest(wanted: str, known: Mapping[str, Named]) -> str:
    """Return the known id whose id, Chinese or English name is most like `wanted`; empty where none is like it."""
    names = {name.lower(): key for key, named in known.items() for name in (named.en, named.zh, key) if name}
    text = wanted.strip().lower()[:80]
    inside = [name for name in names if len(text) > 1 and text in name] if not text.isascii() else []
    found = [text] if text in names else inside[:1] or get_close_matches(text, names, n=1, cutoff=LIKE)
    return names[found[0]] if found else ""


def _replaced(site: Site, holder: str, attribute: str, known: Mapping[str, Named]) -> Done | None:
    node = site.diagram.node_by_id.get(site.element_id)
    if node is None:
        return None
    before = setting(node, holder, attribute)
    found = "" if is_expression(before) else nearest(before, known)
    if not found:
        return None
    tree.extension(node.element, holder).set(attribute, found)
    zh, en = known[found].zh or found, known[found].en or found
    return Done(
        (node.id,),
        f"「{node.label}」的“{before}”改为{zh}（{found}）。",
        f"“{before}” of “{node.label}” is now {en} ({found}).",
    )
