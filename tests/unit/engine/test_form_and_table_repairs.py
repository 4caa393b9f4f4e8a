"""One-click repairs of forms and decision tables: the finding is gone, nothing worse has come, and the rest stays."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest

from app.engine.lint.vocabulary import Form, Named, Recorder, Vocabulary
from app.engine.repairs import mend, repair_of
from app.engine.repairs.registry import form_repairs, table_repairs
from app.errors import Finding, NotFound, Refused
from app.sandbox import findings_of
from tests.unit.engine.dmn_files import LEVELS, decision, file, literal, requires, table

WORDS = Vocabulary(
    forms={"f": Form(Named("表"), {"passed": "radio", "amount": "number"})},
    recorders={"f": Recorder("f", fields=frozenset({"passed", "amount"}))},
)
HERE: Mapping[str, object] = {
    "type": "number",
    "id": "a",
    "key": "amount",
    "label": "数量",
    "properties": {"en.label": "Amount"},
}
THERE: Mapping[str, object] = {"type": "radio", "id": "p", "key": "passed", "label": "结论",
    "values": [{"label": "通过", "value": "pass"}],
         "properties": {"en.label": "Result", "en.value.pass": "Pass"}}  # fmt: skip


def form(*components: Mapping[str, object], **more: object) -> str:
    schema = {"type": "default", "id": "f", "executionPlatform": "Camunda Cloud", "schemaVersion": 19, **more}
    return json.dumps({**schema, "components": [*components]}, ensure_ascii=False, indent=2)


def x(**more: object) -> dict[str, object]:
    return {"type": "textfield", "id": "x", "key": "x", "label": "x", "properties": {"en.label": "x"}, **more}


FORMS: dict[str, tuple[str, str]] = {
    "form-id": (form(HERE, THERE, id="F-08"), ""),
    "form-platform": (form(HERE, THERE, executionPlatform="Camunda Platform"), ""),
    "recorder-field-missing": (form(HERE), ""),
    "id-missing": (form(HERE, THERE, {key: value for key, value in x().items() if key != "id"}), "x"),
    "id-duplicate": (form(HERE, THERE, x(id="a")), "a"),
    "key-missing": (form(HERE, THERE, x(key="")), "x"),
    "path-missing": (form(HERE, THERE, x(type="dynamiclist", components=[], path="")), "x"),
    "key-not-a-name": (form(HERE, THERE, x(key="f-03 title")), "x"),
    "key-reserved": (form(HERE, THERE, x(key="today")), "x"),
    "key-duplicate": (form(HERE, THERE, x(key="amount")), "x"),
    "component-type": (form(HERE, THERE, x(type="textfeld")), "x"),
    "component-refused": (form(HERE, THERE, x(type="iframe")), "x"),
    "outside-image": (form(HERE, THERE, {"type": "image", "id": "x", "source": "http://x.example/a.png"}), "x"),
    "phone-validation": (form(HERE, THERE, x(validate={"validationType": "phone"})), "x"),
    "pattern": (form(HERE, THERE, x(validate={"pattern": "(", "required": True})), "x"),
    "rule-type": (form(HERE, THERE, x(validate={"maxLength": "many", "required": True})), "x"),
    "feel-no-equals": (form(HERE, THERE, x(conditional={"hide": "amount > 3"})), "x"),
    "feel-underscored": (form(HERE, THERE, x(conditional={"hide": "=_parent_.amount > 3"})), "x"),
    "options-missing": (form(HERE, THERE, x(type="select")), "x"),
    "option-malformed": (form(HERE, THERE, x(type="select", values=[{"label": "甲"}, {"value": "b"}])), "x"),
    "option-duplicate": (
        form(HERE, THERE, x(type="select", values=[{"label": "甲", "value": "a"}, {"label": "乙", "value": "a"}])), "x",
    ),
    "money-misplaced": (form(HERE, THERE, x(properties={"kind": "money", "en.label": "x"})), "x"),
}  # fmt: skip
TWO = (("a", "", ""), ("a", "", ""))
TABLES: dict[str, tuple[str, str]] = {
    "dmn-gap": (table([(["< 3"], ["1"])]), "table"),
    "dmn-rules-meet": (table([(["< 5"], ["1"]), (["> 3"], ["2"])]), "rule_1"),
    "dmn-rule-overlaps": (table([(["-"], ["2"]), (["1"], ["1"])]), "rule_0"),
    "dmn-rule-repeated": (table([(["1"], ["1"]), (["1"], ["2"])]), "rule_1"),
    "dmn-rule-unreachable": (table([([""], ["1"]), (["3"], ["2"])], policy="FIRST"), "rule_1"),
    "dmn-no-rules": (table([]), "table"),
    "dmn-rule-width": (table([([], ["1", "2"])]), "rule_0"),
    "dmn-hit-policy": (table(LEVELS, policy="UNIQ"), "table"),
    "dmn-aggregation": (table(LEVELS, policy="COLLECT", aggregation="MEDIAN"), "table"),
    "dmn-aggregation-policy": (table(LEVELS, aggregation="SUM"), "table"),
    "dmn-aggregation-outputs": (
        table([(["1"], ["1", "2"])], policy="COLLECT", aggregation="SUM", outputs=(("a", "", ""), ("b", "", ""))),
        "table",
    ),
    "dmn-output-name": (table([(["1"], ["1", "2"])], outputs=TWO), "out_0"),
    "dmn-requirement-unknown": (requires("d9") + table(LEVELS), "d"),
    "dmn-language": (literal("1", language="python"), "l"),
    "dmn-unlisted": (table([(["1"], ['"c"'])], outputs=(("a", '"a", "b"', ""),)), "outputEntry_0_0"),
    "dmn-unlisted-priority": (
        table([(["1"], ['"c"'])], policy="PRIORITY", outputs=(("a", '"a", "b"', ""),)), "outputEntry_0_0",
    ),
}  # fmt: skip


def found(text: str, kind: str) -> tuple[Finding, ...]:
    return findings_of(text.encode(), kind, WORDS)


def errors(findings: Sequence[Finding]) -> set[str]:
    return {one.code for one in findings if one.severity == "error"}


def check(text: str, code: str, element: str, kind: str) -> str:
    before = found(text, kind)
    assert code in {one.code for one in before}, before
    label = repair_of(code, kind)
    assert label is not None
    assert all(label)
    done = mend(text, code, element, WORDS, kind=kind, former=form(HERE, THERE))
    after = found(done.text, kind)
    assert code not in {one.code for one in after if one.element_id == element}, after
    assert errors(after) <= errors(before) - {code}, after
    assert done.zh.endswith("。")
    assert done.en.endswith(".")
    return done.text


@pytest.mark.parametrize("code", FORMS)
def test_a_mended_form_has_the_finding_no_more_and_keeps_its_other_fields(code: str) -> None:
    text, element = FORMS[code]
    after = json.loads(check(text, code, element, "form"))
    if code not in {"id-duplicate", "key-duplicate"}:
        assert after["components"][0] == HERE


@pytest.mark.parametrize("code", TABLES)
def test_a_mended_table_has_the_finding_no_more(code: str) -> None:
    logic, element = TABLES[code]
    check(file(decision(logic)), code, element, "dmn")


def test_ids_in_a_table_are_made_unlike() -> None:
    text = file(decision(table(LEVELS)).replace('id="rule_1"', 'id="rule_0"'))
    assert "rule_0_2" in check(text, "dmn-duplicate-id", "rule_0", "dmn")


def test_every_repair_has_a_case() -> None:
    assert set(form_repairs) == set(FORMS) | {"component-malformed"}
    assert set(table_repairs) == set(TABLES) | {"dmn-duplicate-id", "dmn-decision-without-id"}


def test_a_lost_field_comes_back_as_it_is_in_force() -> None:
    done = mend(form(HERE), "recorder-field-missing", "", WORDS, kind="form", former=form(HERE, THERE))
    assert json.loads(done.text)["components"] == [HERE, THERE]
    assert done.changed == ("p",)
    fresh = json.loads(mend(form(HERE), "recorder-field-missing", "", WORDS, kind="form").text)["components"][1]
    assert (fresh["type"], fresh["key"], len(fresh["values"])) == ("radio", "passed", 2)


def test_the_default_rule_is_the_last_and_gives_nothing_yet() -> None:
    text = mend(file(decision(TABLES["dmn-gap"][0])), "dmn-gap", "table", WORDS, kind="dmn").text
    assert 'hitPolicy="FIRST"' in text
    last = text.rpartition("<rule ")[2]
    assert "<text>-</text>" in last
    assert "<text>null</text>" in last


def test_a_rule_for_everything_goes_behind_the_others() -> None:
    text = mend(file(decision(TABLES["dmn-rule-overlaps"][0])), "dmn-rule-overlaps", "rule_0", WORDS, kind="dmn").text
    assert text.index('id="rule_1"') < text.index('id="rule_0"')


def test_what_is_unknown_or_needs_a_person_is_refused() -> None:
    with pytest.raises(NotFound):
        mend(form(HERE), "english-missing", "a", WORDS, kind="form")
    with pytest.raises(NotFound):
        mend(file(decision(table(LEVELS))), "unknown-role", "a", WORDS, kind="dmn")
    for text in ("[]", "no form", form(HERE, THERE)):
        with pytest.raises(Refused, match="不能代劳"):
            mend(text, "component-type", "nowhere", WORDS, kind="form")
    with pytest.raises(Refused, match="不能代劳"):
        mend(file(decision(table(LEVELS))), "dmn-rule-repeated", "nowhere", WORDS, kind="dmn")
