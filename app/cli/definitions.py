"""`flask definitions`: lint, publish, export, and the import of what is shipped."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import func, select

from app import clock, sandbox
from app.cli.speech import LANGUAGE, plain, say, translated
from app.engine.lint import report
from app.errors import NotFound
from app.models.accounts import Person
from app.models.process import Definition
from app.services import definitions, shipping, vocabulary
from app.services.wording import worded
from app.settings import ROOT
from app.unit_of_work import read_only, unit_of_work

group = AppGroup("definitions", help="流程图、决策表和表单：检查、发布、导出。")
FILE = click.Path(path_type=Path)
LARGEST_FILE = 10 * 1024 * 1024
"""Bytes; a longer file is refused, and no more of it is read."""

NEWS = {
    (True, True): "%(name)s：第 %(version)s 版已生效",
    (True, False): "%(name)s：第 %(version)s 版待复核",
    (False, True): "%(name)s：与现行版本相同，未改动",
    (False, False): "%(name)s：与待复核的第 %(version)s 版相同，未改动",
}
"""By whether the version is new and whether it is in force."""
STATES = {
    "differs": "%(name)s：与现行第 %(version)s 版不同",
    "missing": "%(name)s：没有生效的版本",
    "extra": "%(name)s：文件夹里没有（现行第 %(version)s 版）",
}


@group.command("lint")
@click.argument("files", nargs=-1, required=True, type=FILE)
@LANGUAGE
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@plain
def lint(files: tuple[Path, ...], lang: str, *, as_json: bool) -> None:
    """检查文件，一次列出全部问题。退出码：0 没有错误，1 有错误，2 读不了文件。"""
    with read_only() as session:
        known = session.scalar(select(func.count()).select_from(Definition))
        words = vocabulary.current(session if known else None)
    status = 0
    results = []
    for path in files:
        findings = sandbox.lint_file(path, words)
        status = max(status, report.exit_status(findings))
        if as_json:
            results.append(report.as_json(findings, name=str(path)))
        else:
            click.echo(report.as_text(findings, "en" if lang == "en" else "zh", name=str(path)))
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False, indent=2))
    sys.exit(status)


@group.command("publish")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--by", "publisher", required=True, help="发布人的用户名。")
@click.option("--release-by", "releaser", default=None, help="复核人的用户名；不写则只存为待复核的版本。")
@click.option("--comment", default="", help="这一版改了什么、为什么。")
@plain
def publish(files: tuple[Path, ...], publisher: str, releaser: str | None, comment: str) -> None:
    """发布文件为新版本；一个文件有问题，全部不发布。"""
    now = clock.now()
    with unit_of_work() as session:
        by = _person(session, publisher)
        release_by = _person(session, releaser) if releaser else None
        for path in files:
            try:
                with path.open("rb") as opened:
                    source = opened.read(LARGEST_FILE + 1)
            except OSError as error:
                raise NotFound("%(path)s：读不了（%(why)s）。", path=path, why=error.strerror) from None
            done = definitions.publish(
                session, source, kind=definitions.kind_of(path), now=now, by=by, release_by=release_by, comment=comment
            )
            say(NEWS[done.new, done.definition.in_force], name=path.name, version=done.definition.version)


@group.command("export")
@click.argument("folder", type=FILE)
@plain
def export(folder: Path) -> None:
    """把现行版本导出为文件。"""
    with read_only() as session:
        written = shipping.export(session, folder)
    say("已导出 %(count)s 个文件到 %(folder)s", count=len(written), folder=folder)


@group.command("diff")
@click.argument("folder", type=FILE)
@LANGUAGE
@plain
def diff(folder: Path, lang: str) -> None:
    """把文件夹里的 bpmn、forms 与现行版本比较。退出码：0 全部相同，1 有不同。"""
    if not folder.is_dir():
        raise NotFound("没有这个文件夹：%(path)s。", path=folder)
    with read_only() as session:
        found = shipping.compared(session, folder)
    for one in found:
        if one.state != "same":
            click.echo(worded(STATES[one.state], {"name": one.name, "version": one.version}, language=lang))
        for change in one.changes:
            click.echo(f"  {change.en if lang == 'en' else change.zh}")
    same = sum(one.state == "same" for one in found)
    click.echo(
        worded("共 %(all)s 个，其中 %(same)s 个与现行版本相同", {"all": len(found), "same": same}, language=lang)
    )
    sys.exit(0 if same == len(found) else 1)


@group.command("import")
@plain
def import_shipped() -> None:
    """导入随程序提供的流程图、决策表和表单；已经生效的不重复导入。"""
    files = shipping.shipped_files(ROOT)
    with unit_of_work() as session, click.progressbar(length=len(files), label=translated("导入流程和表单")) as bar:
        new = shipping.import_files(session, files, now=clock.now(), told=lambda _path, _new: bar.update(1))
    say("%(all)s 个文件，其中 %(new)s 个是新版本", all=len(files), new=new)


def _person(session: object, username: str) -> int:
    found: int | None = session.scalar(select(Person.id).where(Person.username == username, Person.active))  # type: ignore[attr-defined]
    if found is None:
        raise NotFound("没有用户名为“%(name)s”的在用账号。", name=username)
    return found


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)
