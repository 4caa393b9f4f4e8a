"""Every command of the terminal: its page in one language, and a sentence for every mistake."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import ROOT

WALK = """
import json, sys
import click, flask.cli
from app import create_app
from app.cli import register
from app.settings import load

app = create_app(load())
runner, told = app.test_cli_runner(), []

def walk(command, words):
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            walk(below, [*words, name])
    mistakes = [["--help"], ["--no-such-option"], ["x"] * 9]
    if any(p.required for p in command.params):
        mistakes.append([])
    if not {"serve", "scheduler", "demo"} & set(words):
        arguments = [p for p in command.params if isinstance(p, click.Argument)]
        needed = [w for p in command.params if isinstance(p, click.Option) and p.required for w in (p.opts[0], "9")]
        asked = ["--name", "A", "--password", "short"] if "password" in {p.name for p in command.params} else []
        known = {w for p in command.params for w in p.opts}
        mistakes.append(["/proc/none/no-such"] * len(arguments) + needed + [
            w for k in range(0, len(asked), 2) if asked[k] in known for w in asked[k:k + 2]
        ])
    for words_more in mistakes:
        done = runner.invoke(args=[*words, *words_more])
        broken = done.exception is not None and not isinstance(done.exception, SystemExit)
        told.append([[*words, *words_more], done.exit_code, done.output, repr(done.exception) if broken else ""])

for name, command in app.cli.commands.items():
    walk(command, [name])
print(json.dumps(told))
"""
ENGLISH_WORDS = re.compile(
    r"Usage|Options|Arguments|Commands|Show this|Error|Try |Missing|No such (?:option|command)|Invalid|Got "
    r"|default:|required|COMMAND|ARGS"
)
CHINESE = re.compile("[\u4e00-\u9fff]")


def told(folder: Path, language: str) -> list[tuple[list[str], int, str, str]]:
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "XIUWU_LANG"}}
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", WALK], cwd=ROOT, capture_output=True, text=True, timeout=200, check=False,
        env={**environment, "XIUWU_INSTANCE": str(folder), "XIUWU_LANG": language},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [(words, status, text, broken) for words, status, text, broken in json.loads(done.stdout.splitlines()[-1])]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_speaks_one_language_and_answers_every_mistake(tmp_path: Path, language: str) -> None:
    wrong = []
    heard = told(tmp_path, language)
    for words, status, text, broken in heard:
        asked = words[-1] == "--help"
        if broken or "Traceback" in text:
            wrong.append((words, broken or text))
        if asked and status:
            wrong.append((words, status))
        if words[-1] in {"--no-such-option", "x"} and status == 0:
            wrong.append((words, "ended well"))
        if not text.strip():
            wrong.append((words, "says nothing"))
        mixed = CHINESE.search(text) if language == "en" else ENGLISH_WORDS.search(text)
        if mixed:
            wrong.append((words, f"in the other language: {mixed[0]}", text))
    assert wrong == []
    assert len(heard) > 90


@pytest.mark.parametrize(("language", "first"), [("zh", "用法: flask [选项] 命令 [参数]..."), ("en", "Usage: flask [")])
def test_the_whole_page_too(tmp_path: Path, language: str, first: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
        env={**os.environ, "XIUWU_INSTANCE": str(tmp_path), "XIUWU_LANG": language},
    )  # fmt: skip
    assert done.stdout.replace("python -m ", "").startswith(first)
    assert not (CHINESE if language == "en" else ENGLISH_WORDS).search(done.stdout)
    assert "serve" in done.stdout
    assert "routes" not in done.stdout
