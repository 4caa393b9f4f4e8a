"""Repairs of forms: on the schema as JSON, each as small as it can be."""

from __future__ import annotations

import copy
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from app.engine.repairs.registry import Component, Done, FormSite, components, form_repairs, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TYPES: Final = (
    "textfield", "textarea", "number", "checkbox", "checklist", "radio", "select", "taglist", "datetime", "filepicker",
    "expression", "group", "dynamiclist", "text", "image", "table", "separator", "spacer", "button",
)  # fmt: skip
"""What form-js draws and this system can judge."""
OTHER_NAMES: Final = {"string": "textfield", "date": "datetime", "boolean": "checkbox", "enum": "select", "file":
                      "filepicker", "integer": "number", "long": "number", "html": "text", "label": "text"}  # fmt: skip
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_SPECIAL: Final = re.compile(r"\b_(this|parent|i)_\b")
MOBILE: Final = r"^1[3-9]\d{9}$"
MONEY_DECIMALS: Final = 6
_WITH_PATH: Final = frozenset({"group", "dynamiclist"})


@form_repairs("form-id", zh="换成合规的标识", en="Make it a plain name")
def plain_form_id(site: FormSite) -> Done | None:
    """Bring the id of the form into the letters of a FEEL name."""
    before = str(site.schema.get("id", ""))
    found = plain(before, "form")
    site.schema["id"] = found
    return Done((), f"表单标识由“{before[:60]}”改为“{found}”。", f"The form's id is now “{found}”.")


@form_repairs("form-platform", zh="标明 Camunda 8", en="Say that it is Camunda 8")
def platform(site: FormSite) -> Done | None:
    """Declare the execution platform by which forms are read here."""
    site.schema["executionPlatform"] = "Camunda Cloud"
    return Done((), "执行平台改为 Camunda Cloud。", "The execution platform is now Camunda Cloud.")


@form_repairs("recorder-field-missing", zh="加上缺少的字段", en="Add the missing fields")
def add_needed_fields(site: FormSite) -> Done | None:
    """Add every field that the form's recorder needs, as it is in the version in force where that has it."""
    recorders = (site.vocabulary.recorders or {}).values()
    form_id = str(site.schema.get("id", ""))
    needed = frozenset().union(*(one.fields for one in recorders if one.form == form_id))
    there = {str(one.get("path") or one.get("key") or "") for one in components(site.schema)}
    former = {str(one.get("path") or one.get("key") or ""): one for one in components(site.former)}
    known = (site.vocabulary.forms or {}).get(form_id)
    listed = site.schema.setdefault("components", [])
    added = sorted(needed - there)
    if not added or not isinstance(listed, list):
        return None
    for key in added:
        kind = "textfield" if known is None else known.fields.get(key, "textfield")
        made = copy.deepcopy(former[key]) if key in former else _field(key, kind)
        made["id"] = _fresh(str(made.get("id") or f"field_{key}"), _ids(site))
        made.pop("layout", None)
        listed.append(made)
    names = "、".join(added)
    return Done(tuple(str(one["id"]) for one in listed[-len(added) :]), f"加上了字段：{names}。",
                f"Added the fields {', '.join(added)}.")  # fmt: skip


def _field(key: str, kind: str) -> Component:
    made: Component = {"type": kind, "key": key, "label": key}
    if kind in {"radio", "select", "checklist", "taglist"}:
        made["values"] = [{"label": "是", "value": "是"}, {"label": "否", "value": "否"}]
    if kind == "datetime":
        made |= {"subtype": "date", "dateLabel": made.pop("label")}
    return made


@form_repairs("id-missing", "id-duplicate", zh="给每个组件各一个标识", en="Give each component an id of its own")
def give_ids(site: FormSite) -> Done | None:
    """Give an id to each component that has none, or that of another one before it."""
    taken: set[str] = set()
    given = []
    for one in components(site.schema):
        own = one.get("id")
        if not isinstance(own, str) or not own or own in taken:
            own = _fresh(own if isinstance(own, str) and own else f"field_{one.get('key') or len(taken)}", _ids(site))
            one["id"] = own
            given.append(own)
        taken.add(own)
    return Done(tuple(given), f"换了 {len(given)} 个标识。", f"Gave {len(given)} ids.") if given else None


@form_repairs("key-missing", "path-missing", "key-not-a-name", "key-reserved", "key-duplicate", zh="换一个字段名",
              en="Give it another key")  # fmt: skip
def give_key(site: FormSite) -> Done | None:
    """Give a field a key that is a FEEL name and that no other component has; the later of two with one key."""
    listed = [one for one in components(site.schema) if name_of(one) == site.element_id]
    given, before = "", ""
    for one in listed[1:] or listed:
        attribute = "path" if one.get("type") in _WITH_PATH else "key"
        before = str(one.get(attribute) or "")
        wanted = plain(before or name_of(one), "field")
        taken = {str(other.get(name) or "") for other in components(site.schema) for name in ("key", "path")}
        given = _fresh(wanted if wanted not in taken and wanted != before else f"{wanted}_2", taken)
        one[attribute] = given
    if not given:
        return None
    said = f"字段名{f'由“{before[:60]}”' if before else ''}改为“{given}”。"
    return Done((site.element_id,), said, f"The key is “{given}” now.")


@form_repairs("component-type", zh="改为最接近的类型", en="Take the nearest type")
def nearest_type(site: FormSite) -> Done | None:
    """Turn a component of an unknown type into the one that is most like it, a text field where none is."""
    one = site.component
    if one is None:
        return None
    before = str(one.get("type", ""))[:60]
    close = get_close_matches(before.lower(), TYPES, n=1)
    one["type"] = OTHER_NAMES.get(before.lower()) or (close[0] if close else "textfield")
    return Done((name_of(one),), f"类型由“{before}”改为“{one['type']}”。", f"The type is now “{one['type']}”.")


@form_repairs("component-refused", "component-malformed", "outside-image", zh="删去", en="Remove it")
def remove_component(site: FormSite) -> Done | None:
    """Take a component away that may not stand in a form."""
    gone = [name_of(one) for one in components(site.schema) if name_of(one) == site.element_id]

    def keep(one: object) -> bool:
        return isinstance(one, dict) and (name_of(one) != site.element_id or not site.element_id)

    before = sum(1 for _ in components(site.schema))
    for holder in [site.schema, *list(components(site.schema))]:
        listed = holder.get("components")
        if isinstance(listed, list):
            holder["components"] = [one for one in listed if keep(one)]
    if not gone and before == 0:
        return None
    return Done((), f"删去了组件“{site.element_id}”。", f"Removed the component “{site.element_id}”.")


@form_repairs("phone-validation", zh="改用手机号码的格式", en="Check for a mobile number")
def mobile_pattern(site: FormSite) -> Done | None:
    """Replace form-js' own check, which takes international numbers only, by the pattern of a mobile number."""
    one, rules = _rules(site)
    if one is None:
        return None
    rules.pop("validationType", None)
    rules |= {"pattern": MOBILE, "patternErrorMessage": "请填写 11 位手机号码。"}
    return Done((name_of(one),), "改为按 11 位手机号码检查。", "It is checked as a mobile number of 11 digits now.")


@form_repairs("pattern", "rule-type", zh="删去这条规则", en="Remove the rule")
def drop_rules(site: FormSite) -> Done | None:
    """Take rules away whose value is of the wrong sort; what is right stays."""
    one, rules = _rules(site)
    if one is None:
        return None
    dropped = [name for name in ("min", "max", "minLength", "maxLength") if not _bound(rules.get(name))]
    dropped += ["pattern"] if "pattern" in rules and not dropped else []
    dropped += ["validationType"] if rules.get("validationType") not in {None, "", "custom", "email"} else []
    for name in dropped:
        rules.pop(name, None)
    for name in ("decimalDigits", "increment"):
        if not _bound(one.get(name)):
            one.pop(name)
            dropped.append(name)
    if not dropped:
        return None
    return Done((name_of(one),), f"删去了规则：{'、'.join(dropped)}。", f"Removed the rules {', '.join(dropped)}.")


@form_repairs("feel-no-equals", zh="补上等号", en="Put the equals sign before it")
def put_equals(site: FormSite) -> Done | None:
    """Begin every expression of the component with an equals sign."""
    return _rewritten(site, lambda text: text if text.startswith("=") else f"={text}", "表达式补上了等号。",
                      "The expression begins with an equals sign now.")  # fmt: skip


@form_repairs("feel-underscored", zh="改为不带下划线的写法", en="Write it without underscores")
def plain_special_names(site: FormSite) -> Done | None:
    """Write this, parent and i where form-js' older names stand."""
    return _rewritten(site, lambda text: _SPECIAL.sub(r"\1", text), "改为 this、parent、i 的写法。",
                      "It reads this, parent and i now.")  # fmt: skip


@form_repairs("options-missing", zh="补上选项", en="Give it options")
def give_options(site: FormSite) -> Done | None:
    """Keep the listed options where several sources are named, and give two where there is none."""
    one = site.component
    if one is None:
        return None
    if not one.get("values"):
        one["values"] = [{"label": "选项一", "value": "option_1"}, {"label": "选项二", "value": "option_2"}]
    for name in ("valuesKey", "valuesExpression"):
        one.pop(name, None)
    return Done(
        (name_of(one),), "选项改为逐条列出，请核对。", "The options are listed one by one now; please check them."
    )


@form_repairs("option-malformed", "option-duplicate", zh="整理选项", en="Tidy the options")
def tidy_options(site: FormSite) -> Done | None:
    """Give each option a label and a value, and keep the first of two with one value."""
    one = site.component
    listed = None if one is None else one.get("values")
    if one is None or not isinstance(listed, list):
        return None
    kept: dict[str, dict[str, object]] = {}
    for option in listed:
        if not isinstance(option, dict):
            continue
        value = option.get("value")
        value = value if isinstance(value, (str, int, float, bool)) and value != "" else option.get("label")
        if isinstance(value, (str, int, float, bool)) and value != "":
            kept.setdefault(str(value), {**option, "label": option.get("label") or str(value), "value": value})
    if not kept:
        return None
    one["values"] = list(kept.values())
    return Done((name_of(one),), f"留下 {len(kept)} 个选项。", f"{len(kept)} options are left.")


@form_repairs("money-misplaced", zh="改为金额字段", en="Make it a field for money")
def money_field(site: FormSite) -> Done | None:
    """Make the component a number with six decimals, which is whole 分 where people read 万元."""
    one = site.component
    if one is None:
        return None
    one |= {"type": "number", "decimalDigits": MONEY_DECIMALS}
    return Done((name_of(one),), "改为数字，保留 6 位小数（万元）。", "It is a number with 6 decimals now.")


def plain(text: str, otherwise: str) -> str:
    """Return a text as a plain FEEL name in lower case."""
    found = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return found if _NAME.fullmatch(found) else f"{otherwise}_{found}".strip("_")


def _fresh(wanted: str, taken: Iterable[str]) -> str:
    known, name, number = set(taken), wanted, 1
    while name in known:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _ids(site: FormSite) -> set[str]:
    return {str(one.get("id") or "") for one in components(site.schema)}


def _rules(site: FormSite) -> tuple[Component | None, Component]:
    one = site.component
    if one is None:
        return None, {}
    rules = one.get("validate")
    if not isinstance(rules, dict):
        rules = {}
        one["validate"] = rules
    return one, rules


def _bound(value: object) -> bool:
    """Whether a rule may hold this: nothing, a number or an expression."""
    if value in (None, "") or (isinstance(value, str) and value.startswith("=")):
        return True
    try:
        return not isinstance(value, bool) and abs(float(str(value))) < float("inf") and float(str(value)) >= 0
    except ValueError:
        return False


def _rewritten(site: FormSite, rewrite: Callable[[str], str], zh: str, en: str) -> Done | None:
    one = site.component
    if one is None:
        return None
    before = copy.deepcopy(one)
    for holder, name in _expressions(one):
        text = holder[name]
        if isinstance(text, str) and text:
            holder[name] = rewrite(text)
    return Done((name_of(one),), zh, en) if one != before else None


def _expressions(one: Component) -> Iterable[tuple[Component, str]]:
    for name in ("expression", "valuesExpression", "columnsExpression"):
        if name in one:
            yield one, name
    conditional = one.get("conditional")
    if isinstance(conditional, dict) and "hide" in conditional:
        yield conditional, "hide"
    properties = one.get("properties")
    if isinstance(properties, dict):
        yield from ((properties, name) for name in properties if name == "check" or name.startswith("list.sum."))
