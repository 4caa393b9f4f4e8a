"""What all tests share: the time that each part took, and whether this is a long run."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import PurePosixPath

import pytest

from tests import postgres
from tests.browser import chromium

pytest_plugins = ["tests.databases"]

_seconds: dict[str, float] = defaultdict(float)
_counts: dict[str, int] = defaultdict(int)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.stop()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    part = "/".join(PurePosixPath(report.nodeid.split("::")[0]).parts[1:2])
    _seconds[part] += report.duration
    _counts[part] += report.when == "call"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("time by part")
    terminalreporter.write_line(f"browser: {chromium.named()}")
    for part, seconds in sorted(_seconds.items(), key=lambda item: -item[1]):
        terminalreporter.write_line(f"{part:<14}{_counts[part]:>6} tests {seconds:>8.1f} s")


@pytest.fixture(scope="session")
def long_run() -> bool:
    """Whether random walks and fuzzing may take their time (`make test-long`)."""
    return os.environ.get("TEST_LONG") == "1"
