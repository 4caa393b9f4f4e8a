"""The embedded web server: waitress, which slow clients cannot stop, with an orderly end."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from types import FrameType
from typing import Any, Protocol

from flask import Flask
from waitress.server import create_server

from app.errors import Refused
from app.scheduler import Ticker

PATIENCE = 25.0
"""Seconds that requests under way are given after SIGTERM."""
NO_ADDRESS = (
    "不能在 %(host)s:%(port)s 启动（%(reason)s）。可能另一个程序正占用这个端口；"
    "请先结束它，或者用 --port（或环境变量 XIUWU_PORT）另选一个端口。"
)


class Told(Protocol):
    """Whoever says a message id to the person at the terminal."""

    def __call__(self, message: str, /, **values: object) -> None:
        """Say it with its values filled in."""


def assure_address(host: str, port: int) -> None:
    """Raise Refused where the address cannot be had, before anything long is begun for it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except (OSError, OverflowError, ValueError) as error:
        raise _no_address(host, port, error) from None


def _no_address(host: str, port: int, error: Exception) -> Refused:
    number = getattr(error, "errno", None) or 0
    reason = os.strerror(number) if number > 0 else getattr(error, "strerror", None) or str(error)
    return Refused(NO_ADDRESS, host=host, port=port, reason=reason)


def run(app: Flask, *, host: str, port: int, ticker: Ticker | None, told: Told) -> None:
    """Serve until SIGTERM or SIGINT; then accept nothing new, let the requests under way finish, and return.

    Raises Refused where the address cannot be had: another program has it, or it is none of this machine's.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    limit = app.config["MAX_CONTENT_LENGTH"]
    try:
        server = create_server(app, host=host, port=port, threads=8, max_request_body_size=limit, ident=None)
    except (OSError, OverflowError, ValueError) as error:
        raise _no_address(host, port, error) from None
    if ticker is not None:
        ticker.start()
    app.extensions["ticker"] = ticker

    def stop(_signum: int, _frame: FrameType | None) -> None:
        if not app.extensions.get("draining"):
            threading.Thread(target=_drain, args=(app, server), name="drain", daemon=True).start()

    def leave(_signum: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGUSR1, leave)
    told("已就绪：http://%(host)s:%(port)s  （按 Ctrl+C 结束）", host=host, port=port)
    try:
        server.run()
    except SystemExit:
        pass
    finally:
        if ticker is not None:
            ticker.stop()


def _drain(app: Flask, server: Any) -> None:
    """Accept nothing new, close what is idle, wait for the requests under way, and let the main thread leave."""
    app.extensions["draining"] = True
    server.accepting = False
    deadline = time.monotonic() + PATIENCE
    while server.active_channels and time.monotonic() < deadline:
        for channel in list(server.active_channels.values()):
            if not channel.requests:
                channel.will_close = True
        server.pull_trigger()
        time.sleep(0.05)
    signal.raise_signal(signal.SIGUSR1)
