"""Repairs of decision tables: on the tree of the file, each as small as it can be."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from lxml import etree

from app.engine import xml
from app.engine.decision_model import HIT_POLICIES
from app.engine.repairs import tree
from app.engine.repairs.registry import Done, TableSite, table_repairs

if TYPE_CHECKING:
    from app.engine.xml import XmlElement

FIRST: Final = "FIRST"


@table_repairs("dmn-gap", zh="加一条默认规则", en="Add a default rule")
def add_default_rule(site: TableSite) -> Done | None:
    """Add a last rule that takes every case left over; a table of single hits then takes the first that fits.

    What it gives is null, as without it, until its owner writes something.
    """
    table = _table(site)
    if table is None:
        return None
    space = xml.namespace(table)
    rule = _add(table, "rule", site)
    for _ in xml.children(table, space, "input"):
        _cell(rule, "inputEntry", "-", site)
    for _ in xml.children(table, space, "output"):
        _cell(rule, "outputEntry", "null", site)
    table.set("hitPolicy", FIRST)
    return Done((rule.get("id", ""),), "加了一条兜底的默认规则，按顺序取第一条；它的结果还是空的，请填写。",
                "Added a default rule; the first that fits is taken. Its result is still empty.")  # fmt: skip


@table_repairs("dmn-rules-meet", "dmn-rule-overlaps", zh="改为按顺序取第一条", en="Take the first that fits")
def take_first(site: TableSite) -> Done | None:
    """Let the first rule that fits decide; a rule without conditions goes to the end, where it is the default."""
    rule, table = site.element, _table(site)
    if table is None:
        return None
    space = xml.namespace(table)
    for one in list(xml.children(table, space, "rule")):
        cells = [xml.text_of(each) for each in xml.children(one, space, "inputEntry")]
        if all(cell in {"", "-"} for cell in cells) and one is not list(xml.children(table, space, "rule"))[-1]:
            tree.remove(one)
            table.append(one)
    table.set("hitPolicy", FIRST)
    changed = "" if rule is None else rule.get("id", "")
    return Done((changed,), "命中策略改为按顺序取第一条，请核对规则的顺序。",
                "The first rule that fits is taken now; please check their order.")  # fmt: skip


@table_repairs("dmn-rule-repeated", "dmn-rule-unreachable", zh="删去这条规则", en="Remove the rule")
def remove_rule(site: TableSite) -> Done | None:
    """Take a rule away that is never reached."""
    rule = site.element
    if rule is None or xml.local_name(rule) != "rule":
        return None
    tree.remove(rule)
    return Done((), "删去了这条规则。", "Removed the rule.")


@table_repairs("dmn-no-rules", zh="加一条规则", en="Add a rule")
def add_rule(site: TableSite) -> Done | None:
    """Add a first rule, which takes every case and gives nothing yet."""
    done = add_default_rule(site)
    return (
        None if done is None else Done(done.changed, "加了一条规则，请填写结果。", "Added a rule; fill in its result.")
    )


@table_repairs("dmn-rule-width", zh="补齐或删去多余的格", en="Give it as many cells as columns")
def even_rule(site: TableSite) -> Done | None:
    """Give a rule a cell for each column, and take away what is beyond."""
    rule, table = site.element, _table(site)
    if rule is None or table is None:
        return None
    space = xml.namespace(table)
    for column, name, text in (("input", "inputEntry", "-"), ("output", "outputEntry", "null")):
        wanted = sum(1 for _ in xml.children(table, space, column))
        cells = list(xml.children(rule, space, name))
        for cell in cells[wanted:]:
            tree.remove(cell)
        for number in range(len(cells), wanted):
            made = _cell(rule, name, text, site)
            if name == "inputEntry":
                rule.insert(number, made)
    return Done(
        (rule.get("id", ""),), "这条规则的格数与列数一致了，请核对。", "The rule has as many cells as columns now."
    )


@table_repairs("dmn-hit-policy", zh="改为最接近的命中策略", en="Take the nearest hit policy")
def known_policy(site: TableSite) -> Done | None:
    """Replace an unknown hit policy by the one that is most like it, UNIQUE where none is."""
    table = _table(site)
    if table is None:
        return None
    close = get_close_matches(table.get("hitPolicy", "").upper()[:60], sorted(HIT_POLICIES), n=1)
    table.set("hitPolicy", close[0] if close else "UNIQUE")
    return Done(
        (xml.place_of(table),),
        f"命中策略改为 {table.get('hitPolicy')}。",
        f"The hit policy is {table.get('hitPolicy')}.",
    )


@table_repairs("dmn-aggregation", "dmn-aggregation-policy", "dmn-aggregation-outputs", zh="去掉汇总方式",
               en="Remove the aggregation")  # fmt: skip
def no_aggregation(site: TableSite) -> Done | None:
    """Take an aggregation away that the table cannot have."""
    table = _table(site)
    if table is None or table.attrib.pop("aggregation", None) is None:
        return None
    return Done((xml.place_of(table),), "去掉了汇总方式。", "Removed the aggregation.")


@table_repairs("dmn-duplicate-id", "dmn-decision-without-id", zh="换一个标识", en="Give it an id of its own")
def give_ids(site: TableSite) -> Done | None:
    """Give an id to each decision without one, and others to the second and later elements of one id."""
    taken: set[str] = set()
    given = []
    space = xml.namespace(site.root)
    for element in xml.descendants(site.root, space):
        own = element.get("id", "").strip()
        if (own and own in taken) or (not own and xml.local_name(element) == "decision"):
            own = _fresh(site.root, own or "decision")
            element.set("id", own)
            given.append(own)
        taken.add(own)
    return Done(tuple(given), f"换了 {len(given)} 个标识。", f"Gave {len(given)} ids.") if given else None


@table_repairs("dmn-language", zh="改为 FEEL", en="Declare FEEL")
def declare_feel(site: TableSite) -> Done | None:
    """Take the declaration of another language away; what is left is read as FEEL."""
    space = xml.namespace(site.root)
    gone = [
        element.attrib.pop("expressionLanguage")
        for element in (site.root, *xml.descendants(site.root, space))
        if "feel" not in element.get("expressionLanguage", "feel").lower()
    ]
    return Done((site.element_id,), "表达式按 FEEL 读取。", "Expressions are read as FEEL now.") if gone else None


@table_repairs("dmn-output-name", zh="给结果列各一个名称", en="Name the output columns")
def name_outputs(site: TableSite) -> Done | None:
    """Give each output column a name of its own."""
    table = _table(site)
    if table is None:
        return None
    taken: set[str] = set()
    for number, column in enumerate(xml.children(table, xml.namespace(table), "output"), start=1):
        name = column.get("name", "").strip()
        if not name or name in taken:
            name = f"output_{number}"
            column.set("name", name)
        taken.add(name)
    return Done((site.element_id,), "结果列各有名称了，请核对。", "Each output column has a name now; please check.")


@table_repairs("dmn-requirement-unknown", zh="去掉这条依赖", en="Remove the requirement")
def drop_requirements(site: TableSite) -> Done | None:
    """Take the requirements of a decision away that name nothing in the file."""
    space = xml.namespace(site.root)
    known = {each.get("id", "") for each in xml.children(site.root, space, "decision")}
    gone = []
    for decision in site.found:
        for requirement in list(xml.children(decision, space, "informationRequirement")):
            wanted = xml.child(requirement, space, "requiredDecision")
            if wanted is not None and wanted.get("href", "").rpartition("#")[2] not in known:
                tree.remove(requirement)
                gone.append(requirement)
    return Done((site.element_id,), "去掉了无效的依赖。", "Removed the requirement.") if gone else None


@table_repairs("dmn-unlisted", "dmn-unlisted-priority", zh="加到列的取值里", en="Add it to the list of values")
def list_value(site: TableSite) -> Done | None:
    """Add the text of a cell to the values that its column lists, at their end."""
    cell, table = site.element, _table(site)
    rule = None if cell is None else cell.getparent()
    if cell is None or rule is None or table is None:
        return None
    space = xml.namespace(table)
    place = list(xml.children(rule, space, "outputEntry")).index(cell)
    column = list(xml.children(table, space, "output"))[place]
    values = xml.child(column, space, "outputValues")
    text = None if values is None else xml.child(values, space, "text")
    if text is None:
        return None
    text.text = f"{xml.text_of(text)},{xml.text_of(cell)}"
    return Done((xml.place_of(cell),), "加到了这一列的取值里。", "It is among the column's values now.")


def _table(site: TableSite) -> XmlElement | None:
    """Return the decision table that the finding's element is, holds or lies in."""
    space = xml.namespace(site.root)
    node = site.element
    while node is not None and xml.local_name(node) not in {"decisionTable", "decision"}:
        node = node.getparent()
    if node is not None and xml.local_name(node) == "decision":
        return xml.child(node, space, "decisionTable")
    return node


def _add(parent: XmlElement, name: str, site: TableSite) -> XmlElement:
    made = etree.SubElement(parent, f"{{{xml.namespace(site.root)}}}{name}")
    made.set("id", _fresh(site.root, f"{name}_1"))
    return made


def _cell(rule: XmlElement, name: str, text: str, site: TableSite) -> XmlElement:
    cell = _add(rule, name, site)
    etree.SubElement(cell, f"{{{xml.namespace(site.root)}}}text").text = text
    return cell


def _fresh(root: XmlElement, wanted: str) -> str:
    taken = {element.get("id") for element in root.iter() if isinstance(element.tag, str)}
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name
