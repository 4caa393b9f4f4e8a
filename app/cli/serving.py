"""`flask serve` and `flask scheduler`: the processes of an installation."""

from __future__ import annotations

import signal
import threading

import click
from flask import Flask, current_app

from app import migrations, serve
from app.cli.speech import plain, say
from app.errors import Refused
from app.scheduler import Ticker
from app.services.attachments import LocalBlobs
from app.settings import Settings


@click.command("serve")
@click.option("--host", default=None, help="监听地址，默认 127.0.0.1。")
@click.option("--port", default=None, type=click.IntRange(1, 65535), help="端口，默认 5000。")
@click.option("--scheduler/--no-scheduler", default=None, help="是否在本进程内运行定时任务。")
@plain
def serve_command(host: str | None, port: int | None, *, scheduler: bool | None) -> None:
    """启动网站；缺省连同定时任务。SIGTERM 时办完手头的请求再退出。"""
    app = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 -- werkzeug's documented way to the application itself
    serve_site(app, host=host, port=port, scheduler=scheduler)


def serve_site(app: Flask, *, host: str | None = None, port: int | None = None, scheduler: bool | None = None) -> None:
    """Serve an application until it is told to end; what is not given is as the settings say. Raises Refused."""
    settings: Settings = app.config["SETTINGS"]
    if migrations.current() != migrations.head():
        raise Refused("数据库不是程序的版本，请先执行 flask db upgrade。")
    inside = settings.scheduler_inside if scheduler is None else scheduler
    serve.run(
        app,
        host=host or settings.host,
        port=port or settings.port,
        ticker=Ticker(LocalBlobs(settings.blobs)) if inside else None,
        told=say,
    )


@click.command("scheduler")
@plain
def scheduler_command() -> None:
    """只运行定时任务；可以同时运行任意多个，每个定时器只生效一次。"""
    if migrations.current() != migrations.head():
        raise Refused("数据库不是程序的版本，请先执行 flask db upgrade。")
    stopped = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stopped.set())
    settings: Settings = current_app.config["SETTINGS"]
    ticker = Ticker(LocalBlobs(settings.blobs))
    ticker.start()
    say("定时任务已开始，按 Ctrl+C 结束。")
    stopped.wait()
    ticker.stop()


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(serve_command)
    app.cli.add_command(scheduler_command)
