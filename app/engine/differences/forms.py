"""The difference of two forms: fields that came and went, and what changed on each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from app.engine.differences.change import Change, Said, became, plain

_NAMES: Final = {
    "label": Said("名称", "label"),
    "description": Said("说明", "description"),
    "text": Said("文字", "text"),
    "type": Said("种类", "type"),
    "key": Said("字段名", "key"),
    "validate.required": Said("必填", "required"),
    "validate.min": Said("最小值", "minimum"),
    "validate.max": Said("最大值", "maximum"),
    "validate.minLength": Said("最少字数", "minimum length"),
    "validate.maxLength": Said("最多字数", "maximum length"),
    "validate.pattern": Said("格式", "pattern"),
    "conditional.hide": Said("隐藏条件", "hidden when"),
    "readonly": Said("只读", "read-only"),
    "disabled": Said("停用", "disabled"),
    "defaultValue": Said("默认值", "default value"),
    "decimalDigits": Said("小数位", "decimal digits"),
    "expression": Said("计算式", "expression"),
    "properties.list.min": Said("最少项数", "least entries"),
    "properties.list.max": Said("最多项数", "most entries"),
    "properties.list.odd": Said("须为单数", "must be odd"),
    "properties.number.positive": Said("须大于零", "must be positive"),
    "properties.date.min": Said("最早日期", "earliest date"),
    "properties.date.max": Said("最晚日期", "latest date"),
    "properties.kind": Said("值的种类", "kind of value"),
}
_TYPES: Final = {
    "textfield": Said("单行文字", "text field"),
    "textarea": Said("多行文字", "text area"),
    "number": Said("数字", "number"),
    "checkbox": Said("勾选", "checkbox"),
    "checklist": Said("多选", "checklist"),
    "radio": Said("单选", "radio group"),
    "select": Said("下拉选择", "select"),
    "taglist": Said("标签多选", "tag list"),
    "datetime": Said("日期", "date"),
    "dynamiclist": Said("清单", "list"),
    "group": Said("分组", "group"),
    "filepicker": Said("附件", "attachment"),
    "expression": Said("自动计算", "computed value"),
    "text": Said("说明文字", "text"),
    "table": Said("表格", "table"),
    "separator": Said("分隔线", "separator"),
    "spacer": Said("空白", "spacer"),
    "button": Said("按钮", "button"),
}
_UNSEEN: Final = frozenset({"id", "layout", "components", "values", "columns", "versionedFieldId"})
_DEEPEST: Final = 12


@dataclass(frozen=True)
class _Field:
    """One component with where it stands."""

    component: Mapping[str, object]
    inside: str
    place: int

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        for name in ("label", "dateLabel", "key", "path", "text", "id"):
            found = self.component.get(name)
            if isinstance(found, str) and found.strip():
                return plain(found).zh
        return ""

    @property
    def kind(self) -> Said:
        """What kind of component it is."""
        kind = str(self.component.get("type", ""))
        return _TYPES.get(kind, plain(kind))


def compare_forms(left: str, right: str) -> Iterator[Change]:
    """Yield the changes from one form to another."""
    one, other = _schema(left), _schema(right)
    before, after = dict(_fields(one)), dict(_fields(other))
    yield from _whole(one, other)
    for key, field in after.items():
        if key not in before:
            yield Change(key, "added", f"增加{field.kind.zh}「{field.label}」{_asked(field).zh}。",
                         f"Added the {field.kind.en} “{field.label}”{_asked(field).en}.")  # fmt: skip
    for key, field in before.items():
        if key not in after:
            yield Change(key, "removed", f"删去{field.kind.zh}「{field.label}」。",
                         f"Removed the {field.kind.en} “{field.label}”.")  # fmt: skip
    for key, field in after.items():
        if key in before:
            yield from _changed(key, before[key], field)
    yield from _order(before, after)


def _schema(text: str) -> Mapping[str, object]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _fields(holder: Mapping[str, object], inside: str = "", depth: int = 0) -> Iterator[tuple[str, _Field]]:
    components = holder.get("components")
    if not isinstance(components, list) or depth > _DEEPEST:
        return
    for place, component in enumerate(components):
        if not isinstance(component, dict):
            continue
        own = str(component.get("id") or component.get("key") or f"{inside}/{place}")
        yield own, _Field(cast("Mapping[str, object]", component), inside, place)
        yield from _fields(component, own, depth + 1)


def _asked(field: _Field) -> Said:
    rules = field.component.get("validate")
    required = isinstance(rules, dict) and rules.get("required") is True
    return Said("，必填", ", required") if required else Said("", "")


def _whole(one: Mapping[str, object], other: Mapping[str, object]) -> Iterator[Change]:
    for key in ("id", "properties.name", "properties.en.name"):
        before, after = (_flat(schema).get(key, "") for schema in (one, other))
        if before != after and one:
            what = {"id": Said("表单标识", "form id"), "properties.name": Said("表单名称", "name of the form")}
            name = what.get(key, Said("表单英文名称", "English name of the form"))
            how = became(plain(before), plain(after))
            yield Change("", "changed", f"{name.zh}{how.zh}。", f"The {name.en} {how.en}.", key)


def _changed(key: str, before: _Field, after: _Field) -> Iterator[Change]:
    one, other = _flat(before.component), _flat(after.component)
    for name in [*one, *(each for each in other if each not in one)]:
        if one.get(name, "") != other.get(name, ""):
            how = became(_said(name, one.get(name, "")), _said(name, other.get(name, "")))
            called = _NAMES.get(name, Said(name, name))
            yield Change(key, "changed", f"「{before.label}」的{called.zh}{how.zh}。",
                         f"The {called.en} of “{before.label}” {how.en}.", name)  # fmt: skip
    yield from _options(key, before, after)


def _options(key: str, before: _Field, after: _Field) -> Iterator[Change]:
    one, other = _values(before.component), _values(after.component)
    for value, label in other.items():
        if value not in one:
            yield Change(key, "changed", f"「{after.label}」增加选项「{label}」。",
                         f"Added the option “{label}” to “{after.label}”.", "values")  # fmt: skip
        elif one[value] != label:
            yield Change(key, "changed", f"「{after.label}」的选项「{one[value]}」改为「{label}」。",
                         f"The option “{one[value]}” of “{after.label}” is now “{label}”.", "values")  # fmt: skip
    for value, label in one.items():
        if value not in other:
            yield Change(key, "changed", f"「{after.label}」删去选项「{label}」。",
                         f"Removed the option “{label}” of “{after.label}”.", "values")  # fmt: skip


def _values(component: Mapping[str, object]) -> dict[str, str]:
    values = component.get("values") or component.get("columns")
    listed = values if isinstance(values, list) else []
    return {
        str(each.get("value", each.get("key", ""))): plain(str(each.get("label", ""))).zh
        for each in listed
        if isinstance(each, dict)
    }


def _order(before: Mapping[str, _Field], after: Mapping[str, _Field]) -> Iterator[Change]:
    """Yield the fields that stand in another group, and those whose turn among the rest has changed."""
    kept = [key for key in before if key in after]
    order = [key for key in after if key in before]
    for key in kept:
        if before[key].inside != after[key].inside:
            yield _elsewhere(key, after[key])
    if kept != order:
        for key in _out_of_turn(kept, order):
            if before[key].inside == after[key].inside:
                yield _elsewhere(key, after[key])


def _out_of_turn(kept: list[str], order: list[str]) -> list[str]:
    """Return the fewest keys that have to move for the one order to become the other."""
    rank = {key: place for place, key in enumerate(kept)}
    best: list[list[str]] = []
    for key in order:
        before: list[list[str]] = [run for run in best if rank[run[-1]] < rank[key]]
        longest = max(before, key=len) if before else []
        best.append([*longest, key])
    stays: list[str] = max(best, key=len) if best else []
    return [key for key in order if key not in stays]


def _elsewhere(key: str, field: _Field) -> Change:
    return Change(key, "moved", f"「{field.label}」换了位置。", f"“{field.label}” stands in another place.")


def _flat(component: Mapping[str, object], prefix: str = "", depth: int = 0) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in component.items():
        if not prefix and name in _UNSEEN and not (name == "id" and "components" in component and "type" in component):
            continue
        if isinstance(value, dict) and depth < _DEEPEST:
            found |= _flat(value, f"{prefix}{name}.", depth + 1)
        elif value is not None and value != "" and not isinstance(value, (dict, list)):
            found[f"{prefix}{name}"] = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    return found


def _said(name: str, value: str) -> Said:
    if name == "type":
        return _TYPES.get(value, plain(value))
    if value in {"true", "false"}:
        return Said("是", "yes") if value == "true" else Said("否", "no")
    return plain(value)
