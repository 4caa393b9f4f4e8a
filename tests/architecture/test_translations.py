"""English is complete: whatever the program says in Chinese stands in the catalogue, with the same placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask import Flask

from app import cli
from app.domain.articles import ARTICLES, citation, civil_code
from app.domain.vocabulary import PROCESSES
from app.queries import diagram_graph
from app.services.desktop import GUIDE
from app.web import js_messages
from tests.architecture import chinese
from tests.architecture.chinese import APP, CHINESE, Sentence

CATALOGUE = APP / "translations" / "en" / "LC_MESSAGES" / "messages.po"
PLACE = re.compile(r"%\((\w+)\)[sd]")

ELSEWHERE = {
    "regulation_page.py": "writes a page in both languages",
    "cli/click_words.py": "the Chinese of what click says in English",
    "demo/*": "what the people of the demonstration wrote",
    "models/*": "words as the tables store them",
    "domain/regulation_text.py": "the law itself, each article with its English gloss",
    "domain/vocabulary.py": "every name has its English beside it",
    "engine/lint/*": "every finding has its English beside it",
    "engine/decision_*": "every finding has its English beside it",
    "engine/differences/*": "every difference has its English beside it",
    "engine/repairs/*": "every repair has its English beside it",
    "migrations/*": "statements that compare with words as the tables store them",
    "services/new_files.py": "the first content of a new file",
    "engine/xml.py": "every finding has its English beside it",
    "engine/refusals.py": "every finding has its English beside it",
    "form_schema/findings.py": "every finding has its English beside it",
    "domain/chinese_numerals.py": "digits of official papers",
    "domain/papers/content.py": "what official papers say, in Chinese whoever reads them",
    "domain/papers/kinds.py": "every kind has its English beside it",
    "domain/papers/layouts.py": "labels of official papers",
    "domain/papers/layout.py": "the same",
    "domain/papers/sheet.py": "the same",
    "services/papers/reading.py": "what official papers say",
    "services/papers/opinions.py": "the same",
    "services/papers/panels.py": "the same",
    "services/papers/supervising.py": "the same",
    "services/papers/yearly.py": "the same",
    "services/papers/drawing.py": "what the shipped templates say",
    "services/papers/first_words.py": "the same",
    "services/papers/voiding.py": "the same",
    "services/page_counts.py": "what the index of an archive says, an official paper",
    "web/meetings.py": "agendas and sign-in sheets are official papers",
    "engine/soundness_sentences.py": "every sentence has its English beside it",
    "services/papers/samples.py": "a sample that nobody reads",
    "services/archives.py": "every sentence has its English beside it",
    "queries/day_tables.py": "what official tables say",
    "web/form_sheets.py": "printed forms and day-counts are official papers",
    "web/archives.py": "names of files and the index, an official paper",
    "services/workbooks/template.py": "an official table, in Chinese only",
}
"""Files whose Chinese has no place in the catalogue, each with its reason."""

EXCEPTIONS: dict[str, tuple[str, frozenset[str]]] = {
    "domain/articles.py": ("makes 第…条, whose every number is in the catalogue", frozenset({"第", "条", "民法典"})),
    "domain/money.py": ("writes amounts as official papers do", frozenset({"元", "角", "分", "整"})),
    "domain/numbers.py": ("numbers of official papers", frozenset({"号"})),
    "domain/parameters.py": (
        "codes of official papers",
        frozenset(
            {
                "修数审",
                "修数函",
                "修数核",
                "修数变",
                "修数验",
                "修数改",
                "修数措",
                "修数报",
                "修数评",
                "修数库",
                "修数享",
                "修数废",
                "修财审",
            }
        ),
    ),
    "form_schema/context.py": (
        "what today's weekday is called; English stands beside it",
        frozenset({"一二三四五六日"}),
    ),
    "form_schema/rules.py": ("how a row is called; English stands beside it", frozenset({"第", "行"})),
    "services/papers/issue.py": (
        "what stands on the face of a paper",
        frozenset({"补记发展改革部门意见", "补记财政部门意见", "县政府办公室会签未同意。"}),
    ),
    "services/desktop.py": (
        "the guide in the archive and what the desktop modeler calls the county's templates",
        frozenset({GUIDE, "使用说明.txt", "县级办理任务", "县级服务操作", "调用县级流程", "调用县级决策"}),
    ),
    "services/form_context.py": (
        "what stands signed, named as the record names it",
        frozenset({"竣工日期（", "合同", "金额（", "万元）", "批复文号（", "县政府同意文号（", "项目负责人（", "分）"}),
    ),
    "services/recorders/correction.py": (
        "a note in the record as stored",
        frozenset({"更正：", "由“", "”更正为“"}),
    ),
    "services/papers/previews.py": (
        "what stands on the face of a paper",
        frozenset({"（签发时编号）", "核定", "待审批"}),
    ),
    "web/papers.py": ("the word across a voided paper", frozenset({"作废"})),
    "services/accounts.py": ("the bureau's own name, as stored", frozenset({"县政务服务和大数据管理局"})),
    "services/calendars.py": (
        "numbers and titles of the holiday notices",
        frozenset(
            {
                "国办发明电〔2023〕7号",
                "国办发明电〔2024〕12号",
                "国办发明电〔2025〕7号",
                "国务院办公厅关于",
                "年部分节假日安排的通知",
            }
        ),
    ),
    "web/people.py": ("a word that is looked for in a refusal", frozenset({"机构"})),
}
"""File → why these texts of it need no English."""
NONE: tuple[str, frozenset[str]] = ("", frozenset())


@cache
def catalogue() -> dict[str, Message]:
    """Return the English catalogue by its Chinese ids."""
    with CATALOGUE.open("rb") as source:
        return {str(message.id): message for message in read_po(source, locale="en") if message.id}


def excused(one: Sentence) -> bool:
    """Say whether a text needs no entry."""
    return any(fnmatch(one.file, pattern) for pattern in ELSEWHERE) or one.text in EXCEPTIONS.get(one.file, NONE)[1]


@cache
def spoken() -> tuple[Sentence, ...]:
    """Return every text that has to stand in the catalogue."""
    return tuple(one for path in chinese.modules() for one in chinese.of_module(path) if not excused(one))


def cited() -> set[str]:
    """Return the citations that the program makes out of numbers."""
    return {citation(number) for number in ARTICLES} | {civil_code(number) for number in range(200, 205)}


def test_every_sentence_of_the_program_has_english() -> None:
    missing = [str(one) for one in spoken() if one.text not in catalogue()]
    assert missing == []


def test_no_sentence_is_pieced_together() -> None:
    """A sentence that an f-string builds has no id, so that no catalogue can hold it."""
    assert [str(one) for one in spoken() if one.pieced] == []


@pytest.mark.parametrize("path", chinese.templates(), ids=lambda path: path.relative_to(APP / "templates").as_posix())
def test_every_sentence_of_a_template_has_english(path: Path) -> None:
    assert [str(one) for one in chinese.of_template(path) if one.text not in catalogue()] == []
    assert [str(one) for one in chinese.outside_gettext(path)] == []


def test_both_languages_have_the_same_places() -> None:
    differing = {
        key: message.string
        for key, message in catalogue().items()
        if set(PLACE.findall(key)) != set(PLACE.findall(str(message.string)))
    }
    assert differing == {}


def test_every_entry_is_english() -> None:
    empty = [key for key, message in catalogue().items() if not message.string or message.fuzzy]
    assert empty == []


def command_words(commands: Iterable[click.Command], path: str = "flask") -> Iterator[tuple[str, str]]:
    """Yield what the commands say of themselves in Chinese, each text with its command."""
    for command in commands:
        name = f"{path} {command.name}"
        yield name, command.help or ""
        for option in command.params:
            if isinstance(option, click.Option):
                yield f"{name} {option.opts[0]}", option.help or ""
        if isinstance(command, click.Group):
            yield from command_words(command.commands.values(), name)


@cache
def helped() -> dict[str, str]:
    """Return the help of every command and option of ours, as written."""
    app = Flask("speaking")
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("XIUWU_LANG", raising=False)
        cli.register(app)
    return dict(command_words(app.cli.commands.values()))


def test_every_command_and_option_has_help_in_both_languages() -> None:
    assert [name for name, text in helped().items() if not CHINESE.search(text)] == []
    assert [name for name, text in helped().items() if text not in catalogue()] == []


def test_the_console_speaks_english_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIUWU_LANG", "en")
    app = Flask("speaking")
    cli.register(app)
    words = dict(command_words(app.cli.commands.values()))
    assert words.keys() == helped().keys()
    assert [name for name, text in words.items() if CHINESE.search(text)] == []


def test_nothing_in_the_catalogue_is_left_over() -> None:
    used = {one.text for path in chinese.modules() for one in chinese.of_module(path)}
    used |= {one.text for path in chinese.templates() for one in chinese.of_template(path)}
    assert sorted(key for key in catalogue() if CHINESE.search(key) and key not in used | cited()) == []


def test_every_exception_is_needed() -> None:
    said = {(one.file, one.text) for path in chinese.modules() for one in chinese.of_module(path)}
    unneeded = [(file, text) for file, (_, texts) in EXCEPTIONS.items() for text in texts if (file, text) not in said]
    assert unneeded == []
    assert [pattern for pattern in ELSEWHERE if not any(fnmatch(file, pattern) for file, _ in said)] == []


def test_every_sentence_of_a_script_is_handed_to_the_page() -> None:
    """The scripts ask the page for their English by the Chinese; what the page does not know they say in Chinese."""
    known = {sentence._args[0] for sentence in js_messages.SENTENCES}
    asked = {text for path in chinese.scripts() for text in chinese.of_script(path)}
    assert asked == known


@pytest.mark.parametrize("path", sorted((APP.parent / "bpmn").glob("*.bpmn")), ids=lambda path: path.stem)
def test_every_name_that_a_shipped_diagram_gives_has_english(path: Path) -> None:
    graph = diagram_graph.read(path.read_text(encoding="utf-8"))
    named = [name for node in graph.nodes.values() for name in (node.name, node.lane) if name]
    told = [node.documentation for node in graph.nodes.values() if node.kind == "userTask"]
    assert [str(text) for text in (*named, *told) if not text.en or CHINESE.search(text.en)] == []
    assert graph.en.lower() == PROCESSES[path.stem].en.lower()
