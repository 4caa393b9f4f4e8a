"""What the terminal says to somebody who made a mistake: a sentence in her language and an exit status."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app import unit_of_work
from app.settings import ROOT, SettingRefused, load


def said(folder: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    """Run `flask` as a person at a terminal would; return its exit status and all that it said."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env={**environment, "XIUWU_INSTANCE": str(folder), **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, (done.stdout + done.stderr).strip()


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    assert said(tmp_path, "db", "upgrade")[0] == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, text = said(tmp_path, "serve", "--port", port, XIUWU_LANG="en")
    assert status == 1
    assert text.startswith(f"Cannot start at 127.0.0.1:{port} (Address already in use).")


@pytest.mark.parametrize("command", [("serve",), ("user", "list"), ("--help",)])
def test_a_wrong_setting_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert said(tmp_path, *command, XIUWU_PORT="abc") == (1, "XIUWU_PORT 应是一个整数，现在是 abc。")


@pytest.mark.parametrize("url", ["nonsense", "mysql://root@localhost/x", ""])
def test_a_database_that_we_cannot_use_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingRefused, match="DATABASE_URL"):
        load({"XIUWU_INSTANCE": str(tmp_path), "DATABASE_URL": url})


def test_a_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    status, text = said(tmp_path, "db", "current", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert status == 1
    assert text.startswith("数据库现在不能用（connection")


def test_a_day_that_is_none_is_named(tmp_path: Path) -> None:
    assert said(tmp_path, "deadline", "explain", "T-10", "2025-02-30", XIUWU_LANG="en") == (
        1,
        "“2025-02-30” is not a date; write it like 2025-08-15.",
    )


def test_a_deadline_is_explained_in_english(tmp_path: Path) -> None:
    status, text = said(tmp_path, "deadline", "explain", "T-10", "2025-08-15", XIUWU_LANG="en")
    assert (status, text.splitlines()[0]) == (0, "T-10 Acceptance · Art. 20")
    assert "起算" not in text


def test_a_database_without_tables_says_what_to_do(empty_database: str, tmp_path: Path) -> None:
    unit_of_work.configure(empty_database)  # which the fixture puts away
    assert said(tmp_path, "user", "list", DATABASE_URL=empty_database) == (
        1,
        "数据库不是程序的版本，请先执行 flask db upgrade。",
    )
    assert said(tmp_path, "db", "upgrade", DATABASE_URL=empty_database)[0] == 0
    assert said(tmp_path, "user", "list", DATABASE_URL=empty_database) == (0, "还没有账号。")


def test_a_folder_and_a_version_that_are_not_there_are_named(tmp_path: Path) -> None:
    assert said(tmp_path, "db", "upgrade")[0] == 0
    assert said(tmp_path, "definitions", "diff", str(tmp_path / "none")) == (
        1,
        f"没有这个文件夹：{tmp_path / 'none'}。",
    )
    assert said(tmp_path, "instances", "migrate", "p_gone", "--to", "9", "--dry-run") == (
        1,
        "没有流程“p_gone”的第 9 版。",
    )
