"""`flask archive verify`: whether an archive is what this system exported."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from app.services import archives

group = AppGroup("archive", help="项目卷宗压缩包。")
WORDS = {
    archives.INTACT: ("卷宗完好：%(no)s，%(count)s 个文件，%(by)s 于 %(at)s 导出。",
                      "Intact: %(no)s, %(count)s files, exported by %(by)s at %(at)s."),
    archives.CHANGED: ("卷宗被改动，共 %(problems)s 处：", "The archive was changed in %(problems)s places:"),
    archives.UNREADABLE: ("不能核验：", "It cannot be verified:"),
}  # fmt: skip


@group.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--en", "english", is_flag=True, help="以英文说明。")
def verify(file: Path, *, english: bool) -> None:
    """核验一个卷宗压缩包，例如：flask archive verify 卷宗.zip。完好退出 0，被改动 1，不能核验 2。"""
    verdict = archives.verify(file)
    values = {
        "no": verdict.project_no, "count": verdict.members, "by": verdict.made_by, "at": verdict.made_at,
        "problems": len(verdict.problems),
    }  # fmt: skip
    click.echo(WORDS[verdict.status][english] % values)
    for problem in verdict.problems:
        click.echo(f"  {problem.told(english=english)}")
    sys.exit(verdict.status)


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)
