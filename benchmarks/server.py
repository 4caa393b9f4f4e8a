"""The application served for a benchmark by waitress: `python -m benchmarks.server FOLDER PORT [ROWS]`."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from waitress import serve

from app import create_app
from app.queries import inbox_pages
from benchmarks.installation import Installation


def main(folder: Path, port: int, rows: int) -> None:
    """Serve an installation that has been prepared; `rows` is the length of a page of the inbox."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    inbox_pages.PAGE_ROWS = rows
    serve(create_app(Installation(folder).settings), host="127.0.0.1", port=port, threads=8, ident=None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else inbox_pages.PAGE_ROWS)
