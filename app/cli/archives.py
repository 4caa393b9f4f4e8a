"""`flask archive verify`: whether an archive is what this system exported."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from app.cli.speech import LANGUAGE, plain
from app.services import archives
from app.services.wording import ENGLISH, worded

group = AppGroup("archive", help="项目卷宗压缩包。")
VERDICTS = {
    archives.INTACT: "卷宗完好：%(no)s，%(count)s 个文件，%(by)s 于 %(at)s 导出。",
    archives.CHANGED: "卷宗被改动，共 %(problems)s 处：",
    archives.UNREADABLE: "不能核验：",
}


@group.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@LANGUAGE
@plain
def verify(file: Path, lang: str) -> None:
    """核验一个卷宗压缩包，例如：flask archive verify 卷宗.zip。完好退出 0，被改动 1，不能核验 2。"""
    verdict = archives.verify(file)
    values = {
        "no": verdict.project_no, "count": verdict.members, "by": verdict.made_by, "at": verdict.made_at,
        "problems": len(verdict.problems),
    }  # fmt: skip
    click.echo(worded(VERDICTS[verdict.status], values, language=lang))
    for problem in verdict.problems:
        click.echo(f"  {problem.told(english=lang == ENGLISH)}")
    sys.exit(verdict.status)


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)
