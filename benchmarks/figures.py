"""What was measured: one figure with its limit, printed as a line of the table and kept as a line of JSON."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

Measured = Callable[[], float]
"""One run of a variant: whatever it needs first, then what is measured; returns the seconds of the latter."""


@dataclass(frozen=True)
class Figure:
    """One figure. Without a limit it is told for comparison only."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    """Whether the limit is the least that is wanted, not the most."""

    @property
    def ok(self) -> bool:
        """Say whether the figure keeps its limit."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def line(self) -> str:
        """Return the figure as a line of the table."""
        sign = "≥" if self.at_least else "≤"
        limit = "" if self.limit is None else f"{sign} {self.limit:g}"
        verdict = "" if self.limit is None else "ok" if self.ok else "MISSED"
        return f"{self.name:<62}{self.value:>11.3f} {self.unit:<12}{limit:>9}  {verdict}"

    def row(self) -> str:
        """Return the figure as a line of JSON."""
        row = {"name": self.name, "value": round(self.value, 4), "unit": self.unit, "limit": self.limit, "ok": self.ok}
        return json.dumps(row, ensure_ascii=False)


def write(figures: Iterable[Figure], path: Path) -> None:
    """Keep the figures, one a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{figure.row()}\n" for figure in figures), encoding="utf-8")


def interleaved(rounds: int, variants: Mapping[str, Measured], *, warm_up: int = 10) -> dict[str, float]:
    """Run every variant once a round, another one first each time; return the median milliseconds of each.

    Whatever else the machine does then falls on all of them alike, so that their ratios hold where times do not.
    """
    names = list(variants)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds + warm_up):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            taken = variants[name]()
            if number >= warm_up:
                seconds[name].append(taken)
    return {name: statistics.median(taken) * 1000 for name, taken in seconds.items()}


def timed(act: Callable[[], object]) -> float:
    """Return the seconds that an act takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
