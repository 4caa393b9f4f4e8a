"""(library) The library's year closed over ten thousand entries, of which five hundred leave it."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from app import unit_of_work
from app.clock import SHANGHAI
from app.models.business import LibraryEntry
from app.models.process import OutboxItem
from app.services import library_year
from benchmarks.figures import Figure
from benchmarks.installation import Installation
from benchmarks.projects import FY, enter
from benchmarks.servers import ROOT

ENTRIES, REMOVED = 10_000, 500
FEW = 1_000
MOST_SECONDS = 60.0
MOST_MEGABYTES = 16.0
NIGHT = datetime(FY + 1, 1, 2, 0, 10, tzinfo=SHANGHAI)


def figures(folder: Path) -> list[Figure]:
    """Sweep once over few and once over many entries, each in a process of its own, and once more over all of them."""
    seconds, megabytes = _swept(folder / "library-few", FEW)
    del seconds
    seconds, more = _swept(folder / "library", ENTRIES)
    Installation(folder / "library").connect()
    again = library_year.close_if_missed(unit_of_work.unit_of_work, now=NIGHT)
    with unit_of_work.read_only() as session:
        gone = session.scalar(select(func.count()).where(LibraryEntry.status == "剔除"))
        told = session.scalar(select(func.count()).select_from(OutboxItem))
    if (gone, told, again) != (REMOVED, ENTRIES, 0):
        raise RuntimeError(f"{gone} of {REMOVED} entries left, {told} of {ENTRIES} were told, {again} left twice")
    return [
        Figure(f"library  sweep over {ENTRIES} entries, {REMOVED} removed", seconds, "s", MOST_SECONDS),
        Figure(f"library  memory beyond that of {FEW} entries", more - megabytes, "MB", MOST_MEGABYTES),
    ]


def _swept(folder: Path, count: int) -> tuple[float, float]:
    """Enter so many projects and sweep; return the seconds that it took and the most megabytes that it held."""
    clerk = Installation(folder).begin()
    enter(clerk, count, removed=min(REMOVED, count))
    done = subprocess.run(  # noqa: S603 -- this module
        [sys.executable, "-m", "benchmarks.library", str(folder)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    seconds, kilobytes = done.stdout.split()
    return float(seconds), int(kilobytes) / 1024


def main(folder: Path) -> None:
    """Sweep an installation that has been prepared; print seconds and the peak of resident memory in kB."""
    Installation(folder).connect()
    began = time.perf_counter()
    library_year.close_if_missed(unit_of_work.unit_of_work, now=NIGHT)
    print(time.perf_counter() - began, _peak())


def _peak() -> int:
    """Return the most kB that this process has held; getrusage also counts what its parent held when it began."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(
        int(line.split()[1]) for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM")
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
