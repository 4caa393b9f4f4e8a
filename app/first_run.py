"""What `make run` does before it serves: database, definitions, and the demonstration or a first administrator."""

from __future__ import annotations

import argparse
import getpass
import sys

import click

from app import clock, create_app, migrations
from app.cli.demo import load_county
from app.errors import Refused
from app.services import accounts, shipping
from app.settings import ROOT, SettingRefused, load
from app.unit_of_work import read_only, unit_of_work


def main() -> int:
    """Prepare the installation; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--empty", action="store_true", help="a real installation without demonstration data")
    empty = parser.parse_args().empty
    try:
        settings = load()
        create_app(settings)
        if migrations.current() != migrations.head():
            click.echo("· 建立数据库")
            migrations.upgrade()
        with read_only() as session:
            peopled = accounts.anybody(session)
        if not peopled and not empty:
            load_county(settings)
            return 0
        _import_definitions()
        if not peopled:
            _first_administrator()
    except (Refused, SettingRefused) as refused:
        text = refused.message % refused.values if isinstance(refused, Refused) else str(refused)
        click.echo(text, err=True)
        return 1
    return 0


def _import_definitions() -> None:
    files = shipping.shipped_files(ROOT)
    with unit_of_work() as session:
        new = shipping.import_files(session, files, now=clock.now())
    if new:
        click.echo(f"· 导入流程、决策表和表单 {new} 个")


def _first_administrator() -> None:
    """Ask once, in the terminal, for the first administrator: no installation starts with a known password."""
    if not sys.stdin.isatty():
        raise Refused("还没有管理员。请在终端执行 make run EMPTY=1，或用 flask user create-admin 建立。")
    click.echo("这是一个新的系统。请设立第一位系统管理员。")
    username = click.prompt("用户名")
    name = click.prompt("姓名")
    while True:
        password = getpass.getpass("密码（至少十五位）：")
        if password == getpass.getpass("再输一遍："):
            break
        click.echo("两次输入不同，请重输。")
    with unit_of_work() as session:
        accounts.create_first_administrator(session, username=username, name=name, password=password, now=clock.now())
    click.echo("已设立。")


if __name__ == "__main__":
    sys.exit(main())
