"""`flask user`: accounts from the terminal of the machine, for the first administrator and for emergencies."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from app import clock
from app.cli.speech import plain, say, translated
from app.errors import NotFound
from app.models.accounts import Organisation, Person
from app.services import accounts
from app.unit_of_work import read_only, unit_of_work

group = AppGroup("user", help="账号：设立管理员、重置密码、停用、列出。")
PASSWORD = click.option(
    "--password", prompt="密码", hide_input=True, confirmation_prompt="再输一遍", help="不写则在终端询问。"
)


@group.command("create-admin")
@click.argument("username")
@click.option("--name", prompt="姓名", help="姓名。")
@PASSWORD
@plain
def create_admin(username: str, name: str, password: str) -> None:
    """设立第一位系统管理员；已经有账号的系统请由管理员在网页上设立。"""
    with unit_of_work() as session:
        accounts.create_first_administrator(session, username=username, name=name, password=password, now=clock.now())
    say("已设立系统管理员 %(username)s", username=username)


@group.command("reset-password")
@click.argument("username")
@PASSWORD
@plain
def reset_password(username: str, password: str) -> None:
    """重置密码；本人下次登录须改。已登录的会话全部结束。"""
    with unit_of_work() as session:
        accounts.reset_password(
            session, _person_id(session, username), password, by=None, now=clock.now(), wall=clock.wall_now()
        )
    say("已重置 %(username)s 的密码", username=username)


@group.command("deactivate")
@click.argument("username")
@plain
def deactivate(username: str) -> None:
    """停用账号并结束其会话。"""
    with unit_of_work() as session:
        accounts.set_active(session, _person_id(session, username), active=False, by=None, now=clock.now())
    say("已停用 %(username)s", username=username)


@group.command("list")
@plain
def list_users() -> None:
    """列出账号。"""
    with read_only() as session:
        rows = session.execute(
            select(Person.username, Person.name, Organisation.short, Person.active)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .order_by(Person.username)
        ).all()
    if not rows:
        say("还没有账号。")
    for username, name, short, active in rows:
        click.echo(f"{username:<20}{name}  {translated(short)}{'' if active else translated('  （停用）')}")


def _person_id(session: object, username: str) -> int:
    found: int | None = session.scalar(select(Person.id).where(Person.username == username))  # type: ignore[attr-defined]
    if found is None:
        raise NotFound("没有用户名为“%(name)s”的账号。", name=username)
    return found


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)
