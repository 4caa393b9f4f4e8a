"""What `make run` does: database, definitions, the demonstration or a first administrator; then it serves."""

from __future__ import annotations

import argparse
import getpass
import sys

import click

from app import clock, create_app, migrations, serve, wire
from app.cli.demo import load_county
from app.cli.serving import serve_site
from app.cli.speech import complain, plain, say, translated
from app.errors import Refused
from app.services import accounts, shipping
from app.settings import ROOT, Settings, load
from app.unit_of_work import read_only, unit_of_work

INTERRUPTED = 130
"""The exit status of a program that Ctrl+C has ended."""


@plain
def main() -> None:
    """Prepare the installation and serve it: in one process, since importing the program takes a second."""
    try:
        _prepare_and_serve()
    except (KeyboardInterrupt, EOFError, click.Abort):  # Ctrl+C at a question or while the county is being loaded
        complain("\n已中断。没有做完的不会留下，再执行一次 make run 就接着来。")
        sys.exit(INTERRUPTED)


def _prepare_and_serve() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--empty", action="store_true", help="a real installation without demonstration data")
    asked, settings = parser.parse_args(), load()
    serve.assure_address(settings.host, settings.port)
    prepare(settings, empty=asked.empty)
    serve_site(create_app())


def prepare(settings: Settings, *, empty: bool) -> None:
    """Bring the database and the definitions to this version; people a new installation. Raises Refused."""
    wire(settings)
    if migrations.current() != migrations.head():
        say("· 建立数据库" if migrations.current() is None else "· 升级数据库")
        migrations.upgrade()
    with read_only() as session:
        peopled = accounts.anybody(session)
    if not peopled and not empty:
        load_county(settings)
        return
    _import_definitions()
    if not peopled:
        _first_administrator()


def _import_definitions() -> None:
    files = shipping.shipped_files(ROOT)
    with unit_of_work() as session:
        new = shipping.import_files(session, files, now=clock.now())
    if new:
        say("· 导入流程、决策表和表单 %(count)s 个", count=new)


def _first_administrator() -> None:
    """Ask once, in the terminal, for the first administrator: no installation starts with a known password."""
    if not sys.stdin.isatty():
        raise Refused("还没有管理员。请在终端执行 make run EMPTY=1，或用 flask user create-admin 建立。")
    say("这是一个新的系统。请设立第一位系统管理员。")
    while True:
        username = click.prompt(translated("用户名"))
        name = click.prompt(translated("姓名"))
        password = _password()
        try:
            with unit_of_work() as session:
                accounts.create_first_administrator(
                    session, username=username, name=name, password=password, now=clock.now()
                )
        except Refused as refused:  # too short a password, a wrong name: say which, and ask again
            complain(refused.message, **refused.values)
        else:
            break
    say("已设立系统管理员 %(username)s", username=username)


def _password() -> str:
    while True:
        password = getpass.getpass(translated("密码（至少十五位）："))
        if password == getpass.getpass(translated("再输一遍：")):
            return password
        say("两次输入不同，请重输。")


if __name__ == "__main__":
    main()
