"""Every shipped form: lints clean, speaks both languages, and has the fields that processes and recorders rely on."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.vocabulary import FACTS
from app.feel import names
from app.form_schema import Field, FormModel, lint_form, localised, parse_form
from app.form_schema.model import KEYED, every
from app.form_schema.texts import expressions_in

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMS = sorted((Path(__file__).parents[2] / "forms").glob("*.form"))
IDS = (
    "f00s f00c f01 f01n f02 f02s f02g f03 f04 f04s f05 f05d f05e f05g f05z f06 f07 f07l f08a f08i f08 f09 f09b f09r "
    "f10 f11 f12 f12r f13 f13s f14 f15k f15b f15m f15c f16a f16h f16m f16e f16f f16o f16p f16s f16g f17 f17c f18 f18p "
    "f19 f20 f20a f21 f21i f21s f22 f23 f24 f25s f25u f25e f26 f26s f27 f28 f29 f30 f31 f32 f33 f34 f35"
)
ROUTES: dict[str, dict[str, tuple[object, ...]]] = {
    "f00s": {"result": ("同意", "退回", "不同意")},
    "f00c": {"result": ("属实", "补正")},
    "f01": {"secret": (True, False), "other_rule": (True, False)},
    "f02": {"nature": ("新建", "改建", "扩建", "运维", "购买服务", "报废"), "has_room": (True, False)},
    "f02g": {"result": ("同意", "不同意", "暂缓")},
    "f04": {"complete": (True, False)},
    "f05d": {"interest": ("无", "有")},
    "f05g": {"conclusion": ("通过", "修改后通过", "不通过")},
    "f06": {"conclusion": ("通过", "修改后通过", "不通过")},
    "f08": {"decision": ("批准", "退回补充", "不予批准")},
    "f08i": {"conclusion": ("同意", "有条件", "不同意")},
    "f11": {"conclusion": ("核准", "退回")},
    "f12r": {"outcome": ("成交", "流标", "质疑投诉")},
    "f14": {"objective_changed": (True, False), "main_module_changed": (True, False)},
    "f16g": {"conclusion": ("通过", "不合格")},
    "f16h": {"conclusion": ("核准", "不予核准")},
    "f16s": {"access": ("已接入", "未接入"), "items_ok": (True, False)},
    "f26s": {"position": ("没有异议", "陈述申辩")},
    "f26": {"kind": ("不采取措施", "通报批评", "暂缓拨付", "暂停建设", "终止")},
    "f30": {"result": ("达标", "不达标")},
}
"""What gateways compare with, so that a change of a word here is seen to be a change of a process."""
TASK_INPUTS = {"reviewing", "asking", "correction", "declare_first", "figures"}
"""Names that a form reads from its task's own inputs."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
QUOTABLE = re.compile(r"修[\u4e00-\u9fff]*〔2026〕\d+号")
"""Examples of Chinese document numbers stay Chinese in English help."""
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]")


def model(path: Path) -> FormModel:
    return parse_form(path.read_bytes())


def texts(component: Any) -> Iterator[str]:
    """What a reader of the form sees of one component, without templates."""
    if component.get("type") == "group" and not component.get("label"):
        return
    for key in ("label", "dateLabel", "text", "description"):
        if isinstance(component.get(key), str):
            yield component[key]
    for option in component.get("values", ()):
        yield option["label"]
    if message := component.get("validate", {}).get("patternErrorMessage"):
        yield message


def without_templates(text: str) -> str:
    return re.sub(r"\{\{.*?\}\}", "", text)


def test_every_form_of_the_specification_is_there() -> None:
    assert {path.stem for path in FORMS} == set(IDS.split())


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_it_lints_without_any_finding(path: Path) -> None:
    assert lint_form(path.read_bytes()) == ()
    assert model(path).form_id == path.stem
    assert model(path).schema["executionPlatform"] == "Camunda Cloud"


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_it_is_written_for_readers(path: Path) -> None:
    text = path.read_text()
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_it_is_complete_in_english(path: Path) -> None:
    form = model(path)
    assert form.title("zh")
    assert form.title("en")
    assert not CHINESE.search(form.title("en"))
    english = every_component(localised(form.schema, "en")["components"])
    for component in english:
        for shown in texts(component):
            assert not CHINESE.search(QUOTABLE.sub("", without_templates(shown))), (component["id"], shown)
        suffix = component.get("appearance", {}).get("suffixAdorner", "")
        assert not CHINESE.search(suffix), component["id"]
        for name in ("label", "check.message"):
            if name in component["properties"]:
                assert f"en.{name}" in component["properties"], (component["id"], name)


def every_component(components: Any) -> Iterator[Any]:
    for component in components:
        yield component
        yield from every_component(component.get("components", ()))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_its_chinese_keeps_the_house_style(path: Path) -> None:
    for component in every_component(model(path).schema["components"]):
        for shown in map(without_templates, texts(component)):
            assert not HALF_WIDTH.search(shown), (component["id"], shown)
            assert "！" not in shown
            assert "温馨提示" not in shown


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_optional_fields_say_so_and_required_ones_do_not(path: Path) -> None:
    for item in every(model(path).fields):
        if item.type in KEYED - {"checkbox", "expression"}:
            says = item.text("description").endswith("可不填。")
            assert says is not bool(item.rules.get("required")), (path.stem, item.key)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_name_that_it_reads_is_known(path: Path) -> None:
    form = model(path)
    own = {item.key for item in every(form.fields) if item.key}
    columns = {"value", "contract_id"}
    for item in every(form.fields):
        for expression in expressions_in(item.component):
            for name in names(expression):
                root = name.partition(".")[0]
                known = root in own | columns | TASK_INPUTS | {"this"} or root.endswith("_options") or is_fact(name)
                assert known, (item.component["id"], expression, name)


def is_fact(name: str) -> bool:
    base = name.removesuffix("_text")
    if name.startswith("submission."):
        _, form_id, key, *_ = name.split(".")
        keys = {item.key for item in model(FORMS[0].with_name(f"{form_id}.form")).answers()}
        return key in keys
    if name.startswith("deadline."):
        return base.split(".")[2] in {"due", "fires_at", "overdue"}
    return base in FACTS or f"{base}_fen" in FACTS


def test_money_says_its_unit() -> None:
    for path in FORMS:
        for item in every(model(path).fields):
            if item.is_money and item.type == "number":
                assert item.component["appearance"] == {"suffixAdorner": "万元"}
                assert item.component["decimalDigits"] == 6
                assert item.properties["en.suffix"] == "10k yuan"


@pytest.mark.parametrize("form_id", ROUTES)
def test_gateways_find_the_words_that_they_compare_with(form_id: str) -> None:
    fields: dict[str, Field] = {item.key: item for item in model(FORMS[0].with_name(f"{form_id}.form")).answers()}
    for key, words in ROUTES[form_id].items():
        offered = fields[key].component["values"]
        assert isinstance(offered, list)
        assert tuple(option["value"] for option in offered) == words


def test_a_secret_project_leaves_nothing_in_its_form() -> None:
    """第三十四条: the form asks for the clause and nothing else; who has nothing to file is not even asked."""
    fields = list(model(FORMS[0].with_name("f01.form")).answers())
    assert [(item.key, item.type) for item in fields] == [
        ("nothing_to_file", "checkbox"),
        ("secret", "radio"),
        ("other_rule", "radio"),
        ("clause", "select"),
    ]
