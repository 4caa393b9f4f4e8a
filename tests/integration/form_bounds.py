"""What the schema of a form forbids, worked out field by field: every state that it can show, every fault it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from app.feel import names
from app.form_schema import Field, FormModel, display_context, parse_form
from app.form_schema.options import options
from app.form_schema.posted import shaped
from app.form_schema.visibility import Settled, is_hidden, is_locked, settle
from app.settings import ROOT
from tests.integration.web_clients import NOW, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

FORMS = sorted(path.stem for path in (ROOT / "forms").glob("*.form"))
MOST_STATES = 60
"""Ways to answer what decides about other fields, before a form counts as too tangled to be walked."""
LONG = "长" * 100_001
FORGED = "另一个选项"
TEXTS, ONE_OF, SOME_OF = {"textfield", "textarea"}, {"radio", "select"}, {"checklist", "taglist"}


@dataclass(frozen=True)
class Leaf:
    """One field that people see, at one place of the form."""

    path: str
    item: Field = field(compare=False)


@cache
def model_of(form_id: str) -> FormModel:
    """Return the model of a shipped form."""
    return parse_form((ROOT / "forms" / f"{form_id}.form").read_bytes())


def seen(form: FormModel, posted: Mapping[str, Any], context: Mapping[str, Any]) -> Settled:
    """Return what of the form is visible for these answers."""
    return settle(form.fields, shaped(form.fields, posted).data, display_context(context), now=NOW)


def leaves(fields: Sequence[Field], settled: Settled, data: Any, path: str = "", at: str = "") -> Iterator[Leaf]:
    """Yield every field that is visible and open, in rows too; hidden and locked ones are left out."""
    values = settled.values.get(at, {})
    for item in fields:
        if is_hidden(item, values):
            continue
        if item.type == "group":
            inner = (data or {}).get(item.key) if item.key else data
            yield from leaves(item.children, settled, inner, f"{path}{item.key}." if item.key else path, at)
        elif item.type == "dynamiclist":
            for place, row in enumerate((data or {}).get(item.key) or []):
                here = f"{path}{item.key}[{place}]."
                yield from leaves(item.children, settled, row, here, here)
        elif item.key and item.type != "expression" and not is_locked(item, values):
            yield Leaf(path + item.key, item)


def hidden(fields: Sequence[Field], settled: Settled) -> Iterator[str]:
    """Yield the keys of the fields at the top of the form that are hidden."""
    values = settled.values.get("", {})
    for item in fields:
        if item.type == "group" and not item.key and not is_hidden(item, values):
            yield from hidden(item.children, settled)
        elif is_hidden(item, values):
            yield from _keys(item)


def _keys(item: Field) -> Iterator[str]:
    if item.key and item.type != "expression":
        yield item.key
    elif item.type == "group":
        for child in item.children:
            yield from _keys(child)


def every_path(fields: Sequence[Field], path: str = "") -> Iterator[str]:
    """Yield the path of every field that people can ever fill in, `[]` for the rows of a list."""
    for item in fields:
        if item.type == "group":
            yield from every_path(item.children, f"{path}{item.key}." if item.key else path)
        elif item.type == "dynamiclist":
            yield from every_path(item.children, f"{path}{item.key}[].")
        elif item.key and item.type != "expression" and not is_locked(item, {}):
            yield path + item.key


def lists(fields: Sequence[Field]) -> Iterator[Field]:
    """Yield the lists at the top of the form."""
    for item in fields:
        if item.type == "dynamiclist":
            yield item
        elif item.type == "group" and not item.key:
            yield from lists(item.children)


# -- states ------------------------------------------------------------------------------------------------------------


def skeleton(form: FormModel) -> dict[str, Any]:
    """Return each list with a row for every answer that decides about other columns, and one without."""
    return {item.key: [{}, *_choices(item.children)] for item in lists(form.fields)}


def _choices(fields: Sequence[Field]) -> list[dict[str, Any]]:
    deciding = set(deciders(fields))
    return [{item.key: value} for item in flat(fields) if item.key in deciding for value in answers_of(item, {}, {})]


def flat(fields: Sequence[Field]) -> Iterator[Field]:
    """Yield the fields of one scope, those of its plain groups among them."""
    for item in fields:
        if item.type == "group" and not item.key:
            yield item
            yield from flat(item.children)
        else:
            yield item


def deciders(fields: Sequence[Field]) -> Iterator[str]:
    """Yield the names that the conditions of a scope read."""
    for item in flat(fields):
        if item.hide:
            yield from (name.removeprefix("this.").partition(".")[0] for name in names(item.hide))


def answers_of(item: Field, values: Mapping[str, Any], context: Mapping[str, Any]) -> list[Any]:
    """Return the answers to a field that can decide about others."""
    if item.type == "checkbox":
        return [True, False]
    if item.type == "number":
        return [0, 1]
    if item.type == "datetime":
        return [TODAY.isoformat()]
    return [option.value for option in options(item, values, context)] if item.type in ONE_OF else []


def states(form: FormModel, context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the answers to what decides, one more at a time, until nothing new appears."""
    within = [child for item in lists(form.fields) for child in item.children]
    deciding = {*deciders(form.fields), *deciders(within)}
    base = skeleton(form)
    found, shown, todo = [base], _shown(form, base, context), [base]
    while todo:
        state = todo.pop(0)
        settled = seen(form, state, context)
        open_now = {leaf.path: leaf.item for leaf in leaves(form.fields, settled, settled.data)}
        for path, item in open_now.items():
            for value in answers_of(item, settled.values.get("", {}), context) if path in deciding else []:
                following = {**state, path: value}
                appears = _shown(form, following, context)
                if appears - shown:
                    shown |= appears
                    found.append(following)
                    todo.append(following)
        assert len(found) <= MOST_STATES, form.form_id
    return found


def _shown(form: FormModel, state: Mapping[str, Any], context: Mapping[str, Any]) -> set[str]:
    settled = seen(form, state, context)
    return {leaf.path for leaf in leaves(form.fields, settled, settled.data)}


# -- faults ------------------------------------------------------------------------------------------------------------


def faults(item: Field) -> dict[str, Any]:
    """Return the wrong answers to a field, by what is wrong with them."""
    found: Mapping[str, Callable[[Field], dict[str, Any]]] = {
        **dict.fromkeys(TEXTS, _texts),
        **dict.fromkeys(ONE_OF, lambda _: {"forged": FORGED, "mistyped": ["甲"]}),
        **dict.fromkeys(SOME_OF, lambda _: {"forged": [FORGED], "mistyped": "甲"}),
        "number": _numbers,
        "datetime": _days,
        "checkbox": lambda _: {"mistyped": "是"},
        "filepicker": lambda _: {"forged": ["ffffffffffffffffffffffffffffffff"], "mistyped": "甲"},
    }
    return found[item.type](item)


def _texts(item: Field) -> dict[str, Any]:
    least, most = item.rules.get("minLength"), item.rules.get("maxLength")
    found: dict[str, Any] = {"long": "长" * (int(str(most)) + 1) if most else LONG, "mistyped": 7, "forged": "甲\x00"}
    if least and int(str(least)) > 1:
        found["low"] = "短" * (int(str(least)) - 1)
    if item.rules.get("pattern"):
        found["malformed"] = "？" * 3
    if item.properties.get("kind") == "credit_code":
        found["digit"] = "91410821MA9F0001X0"
    return found


def _numbers(item: Field) -> dict[str, Any]:
    least, most = item.rules.get("min"), item.rules.get("max")
    digits = item.component.get("decimalDigits")
    step = 10.0 ** -int(str(digits or 0))
    found: dict[str, Any] = {"huge": 10**12 + 1 if not item.is_money else 10**8 + 1, "mistyped": "三"}
    if isinstance(digits, int):
        found["fraction"] = round(1 + step / 10, digits + 1)
    if isinstance(least, (int, float)):
        found["low"] = round(least - step, 6)
    if item.properties.get("number.positive") == "true":
        found["low"] = 0
    if isinstance(most, (int, float)):
        found["high"] = round(most + step, 6)
    return found


def _days(item: Field) -> dict[str, Any]:
    clock = "T09:00:00+08:00" if item.component.get("subtype") == "datetime" else ""
    found: dict[str, Any] = {"malformed": "2026-02-30" + clock, "mistyped": 20261123}
    least, most = item.properties.get("date.min"), item.properties.get("date.max")
    if least in {"today", "tomorrow"}:
        found["low"] = (TODAY - timedelta(days=int(least == "today"))).isoformat() + clock
    if most == "today":
        found["high"] = (TODAY + timedelta(days=1)).isoformat() + clock
    return found


def put(posted: dict[str, Any], path: str, value: Any) -> None:
    """Put an answer at a path such as `items[0].measure` or `infra.quota`."""
    at: Any = posted
    *way, last = path.replace("[", ".").replace("]", "").split(".")
    for step in way:
        at = at[int(step)] if step.isdigit() else at.setdefault(step, {})
    at[last] = value
