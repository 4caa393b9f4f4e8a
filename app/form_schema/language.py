"""The schema that a browser gets, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping

from app.form_schema.model import CHOICES

TEXTS = ("description", "text", "alt", "timeLabel")


def localised(schema: Mapping[str, object], lang: str) -> dict[str, object]:
    """Return a copy of `schema` with labels, help, options and error texts in `lang` ("zh" or "en").

    English stands in each component's `properties`; where it is missing the Chinese stays.
    """
    return {key: _components(value, lang) if key == "components" else value for key, value in schema.items()}


def option_label(properties: Mapping[str, str], value: object, label: str, lang: str) -> str:
    """Return the label of one option in `lang`."""
    if lang != "en":
        return label
    found = properties.get("en.value." + value_name(value))
    if found is None and (whole := properties.get("en.values")):
        found = json.loads(whole).get(value_name(value))
    return found or label


def value_name(value: object) -> str:
    """Return how an option's value is written in a property's name: true, 3, 新建."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _components(components: object, lang: str) -> object:
    if not isinstance(components, list):
        return components
    return [_component(item, lang) if isinstance(item, Mapping) else item for item in components]


def _component(component: Mapping[str, object], lang: str) -> dict[str, object]:
    shown = dict(component)
    if "components" in shown:
        shown["components"] = _components(shown["components"], lang)
    properties = component.get("properties")
    if lang != "en" or not isinstance(properties, Mapping):
        return shown
    if english := properties.get("en.label"):
        shown["dateLabel" if component.get("type") == "datetime" and "dateLabel" in component else "label"] = english
    shown |= {name: properties[f"en.{name}"] for name in TEXTS if f"en.{name}" in properties}
    _translate_parts(shown, properties)
    return shown


def _translate_parts(shown: dict[str, object], properties: Mapping[str, str]) -> None:
    rules, appearance, values, columns = (shown.get(n) for n in ("validate", "appearance", "values", "columns"))
    if isinstance(rules, Mapping) and (english := properties.get("en.patternErrorMessage")):
        shown["validate"] = {**rules, "patternErrorMessage": english}
    if isinstance(appearance, Mapping):
        adorners = {"suffixAdorner": "en.suffix", "prefixAdorner": "en.prefix"}
        shown["appearance"] = {k: properties.get(adorners.get(k, ""), v) for k, v in appearance.items()}
    if shown.get("type") in CHOICES and isinstance(values, list):
        shown["values"] = [
            {**v, "label": option_label(properties, v.get("value"), str(v.get("label")), "en")} for v in values
        ]
    if isinstance(columns, list):
        shown["columns"] = [
            {**c, "label": properties.get(f"en.column.{c.get('key')}", c.get("label"))} for c in columns
        ]
