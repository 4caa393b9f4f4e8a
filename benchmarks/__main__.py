"""`python -m benchmarks [POINT…]`: measure, print the table, write `instance/bench.jsonl`; 1 beyond a limit."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from app.settings import ROOT
from benchmarks import (
    completion,
    drawing,
    following,
    gates,
    growth,
    inbox,
    library,
    linting,
    papers,
    plans,
    rehearsing,
    statements,
    timers,
)  # fmt: skip
from benchmarks.figures import Figure, write

POINTS: Mapping[str, tuple[str, Callable[[Path], list[Figure]]]] = {
    "a": ("办结一项任务，与引擎本身和 Viewflow 相比", completion.figures),
    "b": ("办结一项任务的 SQL 语句和提交", statements.figures),
    "c": ("实例从少到多", growth.among_instances),
    "d": ("退回循环的第十步和第一千步", growth.in_a_loop),
    "e": ("待办从少到多", inbox.figures),
    "f": ("定时器", timers.figures),
    "gates": ("一个项目的全部条件", gates.figures),
    "library": ("项目库年度滚动", library.figures),
    "drawing": ("编辑页打开到画出来", drawing.figures),
    "lint": ("检查流程图", linting.figures),
    "heat": ("流程运行情况的热度图", following.heat_map),
    "rehearsal": ("沙盘推演 500 件", rehearsing.figures),
    "p": ("年度计划汇总", plans.figures),
    "archive": ("500 MB 的卷宗和 1000 项的年度计划", papers.figures),
}


def main() -> int:
    """Measure the points asked for (all by default); return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("points", nargs="*", choices=[*POINTS, []], metavar="point", help="a … f, p; without any: all")
    asked = parser.parse_args().points or list(POINTS)
    found: list[Figure] = []
    os.environ.pop("DATABASE_URL", None)
    # beside the checkout's own database, so that both lie on the same disk
    (ROOT / "instance").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "instance") as folder:
        for point in asked:
            title, measure = POINTS[point]
            print(f"· {point} {title}", file=sys.stderr, flush=True)
            began = time.monotonic()
            figures = measure(Path(folder))
            print("\n".join(figure.line() for figure in figures), flush=True)
            found += figures
            print(f"  {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    write(found, ROOT / "instance" / "bench.jsonl")
    return 0 if all(figure.ok for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
