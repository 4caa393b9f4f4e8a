"""Answers for people: context, browser data, lines and tables, languages, and what is stored."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from app.clock import SHANGHAI
from app.form_schema import Row, Table, display_context, from_storage, localised, summary_rows, to_display, to_storage
from tests.unit.form_schema.forms import answers, component, form, shipped

MONEY: dict[str, Any] = {
    "decimalDigits": 6,
    "appearance": {"suffixAdorner": "万元"},
    "properties": {"kind": "money", "en.suffix": "10k yuan", "en.label": "Total"},
}
MODEL = form(
    component("textfield", "name", properties={"en.label": "Name", "en.patternErrorMessage": "Wrong"},
              validate={"pattern": "x", "patternErrorMessage": "不对"}),
    component("number", "total", **MONEY),
    component("number", "share", appearance={"suffixAdorner": "%"}),
    component("number", "ratio", serializeToString=True),
    component("datetime", "on", subtype="date", dateLabel="日期",
              properties={"en.label": "Date", "en.description": "When"}),
    component("datetime", "at", subtype="datetime"),
    component("datetime", "clock", subtype="time"),
    component("radio", "ok", values=[{"label": "属实", "value": True}, {"label": "不实", "value": False}],
              properties={"en.value.true": "True", "en.values": '{"false": "Untrue"}'}),
    component("taglist", "many", valuesKey="many_options"),
    component("checkbox", "flag"),
    component("filepicker", "file", multiple=True),
    component("group", components=[component("textfield", "inner")], properties={"en.label": "Section"}, label="分节"),
    component("dynamiclist", "rows",
              components=[component("textfield", "item"), component("number", "money", **MONEY)]),
)  # fmt: skip
POSTED = {
    "name": "x", "total": 412.125, "share": 30.5, "ratio": "0.50", "on": "2026-11-23", "at": "2026-11-23T09:30",
    "clock": "08:05", "ok": False, "many": ["a", "b"], "flag": True, "file": ["f1", "f2"], "inner": "i",
    "rows": [{"item": "r", "money": 1}],
}  # fmt: skip
CONTEXT = {"many_options": [{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}]}


def given() -> dict[str, object]:
    return answers(MODEL, POSTED, **CONTEXT)


def test_context_shows_money_and_dates() -> None:
    facts = {
        "project": {"total_fen": 412_125_000, "name": "平台", "flag_fen": True},
        "deadline": {"acceptance": {"due": date(2026, 11, 23), "fires_at": datetime(2026, 11, 24, tzinfo=SHANGHAI)}},
        "rate": Decimal("9.50"), "at": time(8, 0), "list": (1, date(2026, 1, 1)),
    }  # fmt: skip
    shown = display_context(facts)
    assert shown["project"] == {
        "total": 412.125, "total_text": "412.13", "total_fen": 412_125_000, "name": "平台", "flag_fen": True,
    }  # fmt: skip
    assert shown["deadline"] == {
        "acceptance": {
            "due": "2026-11-23", "due_text": "2026-11-23 周一",
            "fires_at": "2026-11-24T00:00:00+08:00", "fires_at_text": "2026-11-24 周二 00:00",
        }
    }  # fmt: skip
    assert (shown["rate"], shown["at"], shown["list"]) == (9.5, "08:00:00", [1, "2026-01-01"])
    assert json.loads(json.dumps(shown)) == shown
    assert display_context(shown) == shown
    assert display_context({"on": date(2026, 11, 23)}, "en")["on_text"] == "2026-11-23 Mon"


def test_answers_go_back_into_the_form_as_they_were_typed() -> None:
    shown = to_display(MODEL, given())
    assert shown == {**POSTED, "at": "2026-11-23T09:30+08:00"}
    assert answers(MODEL, shown, **CONTEXT) == given()


def test_stored_answers_come_back_typed() -> None:
    stored = json.loads(json.dumps(to_storage(given())))
    assert stored["total"] == 412_125_000
    assert stored["ratio"] == "0.50"
    assert stored["at"] == "2026-11-23T09:30:00+08:00"
    assert from_storage(MODEL, stored) == given()
    assert from_storage(MODEL, {"gone": [1], "ratio": "x"}) == {"gone": [1], "ratio": "x"}


def test_lines_and_tables() -> None:
    lines = summary_rows(MODEL, given(), context=CONTEXT)
    assert [(line.label, line.value) for line in lines if isinstance(line, Row)] == [
        ("name", "x"), ("total", "412.13 万元"), ("share", "30.5%"), ("ratio", "0.5"), ("on", "2026-11-23 周一"),
        ("at", "2026-11-23 周一 09:30"), ("clock", "08:05"), ("ok", "不实"), ("many", "甲、乙"), ("flag", "是"),
        ("file", ""), ("inner", "i"),
    ]  # fmt: skip
    by_path = {line.path: line for line in lines}
    files, inner, rows = by_path["file"], by_path["inner"], by_path["rows"]
    assert isinstance(files, Row)
    assert files.attachments == ("f1", "f2")
    assert inner.section == "分节"
    assert isinstance(rows, Table)
    assert [(column.label, column.kind) for column in rows.columns] == [("item", "text"), ("money", "money")]
    assert [[(cell.path, cell.value) for cell in row] for row in rows.rows] == [
        [("rows[0].item", "r"), ("rows[0].money", "1.00 万元")]
    ]


def test_lines_in_english() -> None:
    lines = {line.path: line for line in summary_rows(MODEL, given(), "en", context=CONTEXT) if isinstance(line, Row)}
    shown = {path: (line.label, line.value) for path, line in lines.items()}
    assert shown["total"] == ("Total", "412.13 10k yuan")
    assert shown["on"] == ("Date", "2026-11-23 Mon")
    assert shown["ok"] == ("ok", "Untrue")
    assert shown["flag"] == ("flag", "Yes")
    assert lines["inner"].section == "Section"


def test_hidden_and_empty_answers() -> None:
    lines = summary_rows(MODEL, {"name": None, "many": []})
    assert [(line.path, line.value) for line in lines if isinstance(line, Row)] == [("name", ""), ("many", "")]


def test_the_browser_gets_the_readers_language() -> None:
    english = localised(MODEL.schema, "en")
    components = {c.get("key") or c["type"]: c for c in english["components"]}  # type: ignore[attr-defined]
    assert components["name"]["label"] == "Name"
    assert components["name"]["validate"] == {"pattern": "x", "patternErrorMessage": "Wrong"}
    assert components["total"]["appearance"] == {"suffixAdorner": "10k yuan"}
    assert (components["on"]["dateLabel"], components["on"]["description"]) == ("Date", "When")
    assert components["ok"]["values"] == [{"label": "True", "value": True}, {"label": "Untrue", "value": False}]
    assert components["group"]["label"] == "Section"
    assert localised(MODEL.schema, "zh") == MODEL.schema
    table = {"type": "table", "columns": [{"key": "a", "label": "甲"}], "properties": {"en.column.a": "A"}}
    assert localised({"components": [table]}, "en")["components"] == [
        {**table, "columns": [{"key": "a", "label": "A"}]}
    ]


def test_a_form_knows_what_it_reads() -> None:
    acceptance, payment = shipped("f16a"), shipped("f18")
    assert acceptance.context_names == {
        "deadline.acceptance.due", "project.completed_on", "submission.f03.crypto_required",
        "submission.f03.mlps_level",
    }  # fmt: skip
    assert shipped("f03").context_names == {"project.total_fen"}
    assert payment.option_names == {"contract_options", "node_options"}
    assert (acceptance.name, acceptance.title("en")) == ("验收申请", "Application for acceptance")
    assert form().title("en") == ""
