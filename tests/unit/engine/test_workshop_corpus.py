"""The broken files of the lint's corpus at the other doors of the workshop: read, compared, mended, rewritten."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Mapping

import pytest

from app.engine import drawn_file
from app.engine.differences import compare
from app.engine.lint import lint_decision, lint_process
from app.engine.repairs import converted, mend, repair_of
from app.errors import DiagramNotExecutable, NotFound, Refused
from app.form_schema import lint_form
from app.sandbox import findings_of
from tests.unit.engine.lint.corpus import BOMBS, CONSTRUCTS, NASTY, broken_files, escaped
from tests.unit.engine.lint.files import RIGHT, VOCABULARY
from tests.unit.engine.test_decision_coverage import table

SECONDS_FOR_ONE = 5.0
RIGHT_TEXT = RIGHT.decode()
MOST_MENDED = 12
MOST_MENDED_HERE = 2


def seeded(name: str) -> random.Random:
    """Return a generator that gives the same every time."""
    return random.Random(name)  # noqa: S311 -- seeds of tests, no secrets


def text_or_refusal(source: bytes, kind: str) -> str:
    """Return the text of a file, or nothing where it is refused in words."""
    try:
        text = drawn_file.text_of(source, kind)
        drawn_file.root_of(text, kind)
    except DiagramNotExecutable as refused:
        why = refused.findings
    else:
        return text
    assert [one.message.endswith("。") for one in why] == [True]
    return ""


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_broken_files_are_compared_mended_and_rewritten_without_failing(construct: str) -> None:
    for seed, source in list(broken_files(construct))[:4]:
        began = time.monotonic()
        text = text_or_refusal(source, "bpmn")
        for one, other in ((RIGHT_TEXT, text), (text, RIGHT_TEXT), ("", text)):
            for change in compare(one, other, "bpmn", VOCABULARY):
                assert change.zh.endswith("。"), seed
                assert "\n" not in change.zh + change.en, seed
        if text:
            converted(text)
            assert time.monotonic() - began < SECONDS_FOR_ONE, (construct, seed)
            for finding in lint_process(text.encode(), VOCABULARY)[:MOST_MENDED]:
                if repair_of(finding.code) is not None:
                    began = time.monotonic()
                    _mended(text, finding.code, finding.element_id)
                    assert time.monotonic() - began < SECONDS_FOR_ONE, (construct, seed)


def _mended(text: str, code: str, element_id: str, kind: str = "bpmn") -> None:
    try:
        done = mend(text, code, element_id, VOCABULARY, kind=kind)
    except (Refused, NotFound, DiagramNotExecutable):
        return
    again = findings_of(done.text.encode("utf-8", "surrogatepass"), kind, VOCABULARY)
    assert "check-failed" not in {one.code for one in again}


# -- forms and tables --------------------------------------------------------------------------------------------------


def a_form(component: object, **more: object) -> bytes:
    schema = {"type": "default", "id": "f", "schemaVersion": 19, "components": [component], **more}
    return json.dumps(schema, ensure_ascii=False).encode("utf-8", "surrogatepass")


def nested(depth: int) -> dict[str, object]:
    inner: dict[str, object] = {"type": "textfield", "id": "x", "key": "x", "label": "x"}
    for number in range(depth):
        inner = {"type": "group", "id": f"g{number}", "path": f"g{number}", "components": [inner]}
    return inner


FIELD = {"type": "textfield", "id": "x", "key": "x", "label": "x"}
FORMS: Mapping[str, Callable[[random.Random], bytes]] = {
    "no json": lambda r: bytes(r.randrange(256) for _ in range(60)),
    "cut off": lambda r: a_form(FIELD)[: r.randrange(1, 60)],
    "other roots": lambda r: r.choice([b"[]", b"1", b'"x"', b"null", b"{}", b'{"type":"default"}']),
    "other components": lambda r: a_form(r.choice([1, None, "x", [], {}, {"type": 1}, {"type": []}, {"id": {}}])),
    "unknown types": lambda r: a_form({**FIELD, "type": r.choice(["html", "iframe", "image", "script", "x" * 999])}),
    "bad keys": lambda r: a_form({**FIELD, "key": r.choice(["", "a-b", "project", "今", "__proto__", "if", 5, None])}),
    "deep": lambda r: a_form(nested(r.choice([9, 60, 200]))),
    "many": lambda r: a_form(
        FIELD, components=[{**FIELD, "id": str(n), "key": f"k{n}"} for n in range(r.choice([501, 2000]))]
    ),
    "doubled keys": lambda r: a_form(FIELD, components=[FIELD] * r.randrange(2, 9)),
    "FEEL bombs": lambda r: a_form({**FIELD, "conditional": {"hide": r.choice(BOMBS)}}),
    "pattern bombs": lambda r: a_form(
        {**FIELD, "validate": {"pattern": r.choice(["(a+)+$", "(" * 500, "[", "(?R)", "\\"])}}
    ),
    "scripts in names": lambda r: a_form({**FIELD, "label": r.choice(NASTY)}),
    "half characters": lambda r: a_form({**FIELD, "label": "\ud800" * r.randrange(1, 3)}),
    "wrong limits": lambda r: a_form({**FIELD, "validate": {"maxLength": r.choice(["x", -1, 1e308, [], {}])}}),
    "wrong values": lambda r: a_form(
        {**FIELD, "type": "radio", "values": r.choice([1, "x", [1], [{}], [{"value": []}]])}
    ),
}  # fmt: skip
TABLES: Mapping[str, Callable[[random.Random], bytes]] = {
    "no table": lambda r: bytes(r.randrange(256) for _ in range(60)),
    "cut off": lambda r: table(("1", "2"))[: r.randrange(1, 300)],
    "FEEL bombs": lambda r: table((escaped(r.choice(BOMBS)), "1")),
    "result bombs": lambda r: table(("1", escaped(r.choice(BOMBS).lstrip("=")))),
    "unknown policies": lambda r: table(
        ("1", "1"), policy=escaped(r.choice(["", "X", "unique", NASTY[0], "A" * 9999]))
    ),
    "uneven rules": lambda r: table(("1", "1")).replace(
        b"<inputEntry", b"<inputEntry/><inputEntry" * r.randrange(1, 3)
    ),
    "many rules": lambda r: table(*[(f"&lt; {n}", str(n)) for n in range(r.choice([300, 600]))]),
    "wide": lambda r: table(tuple(["-"] * r.choice([40, 90]) + ["1"])),
    "circles": lambda _: table(("1", "1")).replace(
        b"<decisionTable",
        b'<informationRequirement><requiredDecision href="#k"/></informationRequirement><decisionTable',
    ),
    "entities": lambda _: b"<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + table(("&x;", "1")),
}  # fmt: skip
EACH = 4


@pytest.mark.parametrize("construct", FORMS)
def test_broken_forms_get_findings_in_words(construct: str) -> None:
    for seed in range(EACH):
        source = FORMS[construct](seeded(f"{construct} {seed}"))
        began = time.monotonic()
        found = lint_form(source)
        text = source.decode("utf-8", "replace")
        for finding in found:
            assert finding.message.strip(), (construct, seed)
            assert finding.message_en.strip(), (construct, seed)
        for change in (
            *compare(text, a_form(FIELD).decode(), "form", VOCABULARY),
            *compare("", text, "form", VOCABULARY),
        ):
            assert change.zh.endswith("。"), (construct, seed)
        assert time.monotonic() - began < SECONDS_FOR_ONE, (construct, seed)
        for finding in found[:MOST_MENDED_HERE]:
            _mended(text, finding.code, finding.element_id, "form")


@pytest.mark.parametrize("construct", TABLES)
def test_broken_tables_get_findings_in_words(construct: str) -> None:
    for seed in range(EACH):
        source = TABLES[construct](seeded(f"{construct} {seed}"))
        began = time.monotonic()
        found = lint_decision(source, VOCABULARY)
        text = text_or_refusal(source, "dmn")
        for finding in found:
            assert finding.message.strip(), (construct, seed)
            assert finding.message_en.strip(), (construct, seed)
        right = table(("1", "2")).decode()
        for change in (*compare(right, text, "dmn", VOCABULARY), *compare(text, right, "dmn", VOCABULARY)):
            assert change.zh.endswith("。"), (construct, seed)
        assert time.monotonic() - began < SECONDS_FOR_ONE, (construct, seed)
        for finding in found[:MOST_MENDED_HERE]:
            _mended(text, finding.code, finding.element_id, "dmn")


@pytest.mark.parametrize(
    ("code", "spoilt"),
    [("no-drawing", (r"<bpmndi:BPMNDiagram>.*</bpmndi:BPMNDiagram>", "")), ("no-id", (r' id="t\d+"', "")),
     ("duplicate-id", (r' id="t\d+"', ' id="t0"'))],
)  # fmt: skip
def test_a_large_diagram_is_mended_in_time(code: str, spoilt: tuple[str, str]) -> None:
    from tests.unit.engine.lint.files import END, START, file, line, user  # noqa: PLC0415

    names = [f"t{n}" for n in range(1500)]
    text = re.sub(*spoilt, file(START + "".join(map(user, names)) + END + line("start", *names, "end")).decode())
    (found, *_) = [one for one in lint_process(text.encode(), VOCABULARY) if one.code == code]
    began = time.monotonic()
    done = mend(text, code, found.element_id, VOCABULARY)
    assert time.monotonic() - began < SECONDS_FOR_ONE
    assert len(done.changed) >= 1499


def test_a_very_large_diagram_is_refused_or_judged_in_time() -> None:
    from tests.unit.engine.lint.files import END, START, file, line, user  # noqa: PLC0415

    names = [f"t{n}" for n in range(5000)]
    began = time.monotonic()
    source = file(START + "".join(user(name) for name in names) + END + line("start", *names, "end"))
    assert lint_process(source, VOCABULARY)
    assert time.monotonic() - began < SECONDS_FOR_ONE
    assert [one.code for one in lint_process(b" " * (10 * 1024 * 1024 + 1), VOCABULARY)] == ["file-too-large"]
