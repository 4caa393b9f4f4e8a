"""A form with one component of every kind that the lint lets in, for the tests that open each of its panels."""

from __future__ import annotations

from typing import Final

FIELDS: Final = (
    "textfield", "textarea", "number", "datetime", "checkbox", "checklist", "radio", "select", "taglist", "filepicker",
    "expression",
)  # fmt: skip
LISTS: Final = frozenset({"checklist", "radio", "select", "taglist"})


def every_form(form_id: str) -> dict[str, object]:
    """Return the schema."""
    fields = [_field(kind) for kind in FIELDS]
    return {
        "schemaVersion": 19,
        "id": form_id,
        "type": "default",
        "components": [
            {"type": "text", "id": "one_text", "text": "# 样样都有"},
            *fields,
            {"type": "separator", "id": "one_separator"},
            {"type": "spacer", "id": "one_spacer", "height": 30},
            {
                "type": "group", "id": "one_group", "label": "分组",
                "components": [{**_field("textfield"), "key": "in_group", "id": "in_group"}],
            },
            {
                "type": "dynamiclist", "id": "one_list", "label": "清单", "path": "rows", "showOutline": True,
                "defaultRepetitions": 1, "allowAddRemove": True,
                "components": [{**_field("textfield"), "key": "in_list", "id": "in_list"}],
            },
            {
                "type": "table", "id": "one_table", "label": "表格", "dataSource": "=rows", "rowCount": 10,
                "columns": [{"key": "in_list", "label": "甲"}],
            },
            {"type": "button", "id": "one_button", "label": "提交", "action": "submit"},
        ],
    }  # fmt: skip


def _field(kind: str) -> dict[str, object]:
    more: dict[str, object] = {"values": [{"label": "甲", "value": "jia"}]} if kind in LISTS else {}
    if kind == "datetime":
        more = {"subtype": "date", "dateLabel": "日期"}
    if kind == "expression":
        more = {"expression": "=1 + 1", "computeOn": "change"}
    return {"type": kind, "id": f"one_{kind}", "key": f"a_{kind}", "label": "样", **more}
