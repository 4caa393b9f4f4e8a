"""`flask db`: bring the database to the version of the code, back it up, and put a backup back."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import backups, clock, migrations, unit_of_work
from app.backups import Contents
from app.cli.speech import plain

group = AppGroup("db", help="数据库的建立、升级、备份和恢复。")
MEGABYTE = 1024 * 1024


@group.command("upgrade")
@plain
def upgrade() -> None:
    """把数据库升级到程序的版本；没有数据库就建立一个。"""
    before, after = migrations.upgrade()
    click.echo(f"数据库版本 {before or '（空）'} → {after}" if before != after else f"数据库已是版本 {after}")


@group.command("current")
@plain
def current() -> None:
    """显示数据库的版本和程序的版本。"""
    click.echo(f"数据库 {migrations.current() or '（空）'}，程序 {migrations.head()}")


@group.command("backup")
@click.argument("target", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--no-keys", is_flag=True, help="不带密钥文件（另行保管 audit_key 和 secret_key 时）。")
@plain
def backup(target: Path | None, *, no_keys: bool) -> None:
    """备份数据库、附件和密钥到一个文件，系统可以照常运行；不写文件名则放在 instance/backups/。"""
    settings = current_app.config["SETTINGS"]
    now = clock.wall_now()
    path = target or settings.instance / "backups" / f"xiuwu-{now:%Y%m%d-%H%M%S}.zip"
    contents = backups.write(settings, path, now=now, keys=not no_keys, told=click.echo)
    click.echo(f"已备份到 {path}：{_said(contents)}")
    if contents.missing:
        click.echo(f"注意：{len(contents.missing)} 个附件在存储里找不到，没有备份进来。", err=True)


@group.command("verify")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@plain
def verify(source: Path) -> None:
    """逐字节核对一个备份文件能不能用，不改动任何东西。"""
    click.echo(f"备份完整：{_said(backups.check(source))}")


@group.command("restore")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="不再询问。")
@plain
def restore(source: Path, *, yes: bool) -> None:
    """用备份文件恢复整个系统；原来的数据库改名留在旁边。须先停止 flask serve。"""
    settings = current_app.config["SETTINGS"]
    contents = backups.check(source)
    click.echo(f"备份：{_said(contents)}")
    if not yes:
        click.confirm("将用它替换现在的数据，继续吗？", abort=True)
    unit_of_work.database().dispose()
    backups.restore(settings, source, known=migrations.known(), now=clock.wall_now(), told=click.echo)
    before, after = migrations.upgrade()
    if before != after:
        click.echo(f"· 数据库已从 {before} 升级到 {after}")
    click.echo("已恢复。原来的数据库改名为 *.before-restore 留在旁边，确认无误后可以删除。")


def _said(contents: Contents) -> str:
    return (
        f"{contents.made_at[:16].replace('T', ' ')} 的数据，版本 {contents.revision}，"
        f"项目 {contents.rows.get('project', 0)} 个、任务 {contents.rows.get('user_task', 0)} 件、"
        f"附件 {contents.blobs} 个 {contents.bytes / MEGABYTE:.1f} MB"
    )


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)
