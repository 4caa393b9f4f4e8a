"""The application in a process of its own, as `flask serve` runs it.

`python -m tests.faults.serving FOLDER URL PORT`, with `--ticking` for the scheduler inside.
"""

from __future__ import annotations

import sys
from pathlib import Path

from app import create_app, serve
from app.cli.speech import say
from app.scheduler import Ticker
from app.settings import Settings


def main(folder: str, url: str, port: str, *, ticking: bool) -> None:
    """Serve until SIGTERM."""
    settings = Settings(instance=Path(folder), database_url=url, secret_key="of a test", demonstration=False)
    ticker = Ticker() if ticking else None
    serve.run(create_app(settings), host="127.0.0.1", port=int(port), ticker=ticker, told=say)


if __name__ == "__main__":
    main(*sys.argv[1:4], ticking="--ticking" in sys.argv)
