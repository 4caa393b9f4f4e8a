"""`make test`: the suite on both databases, on two workers, and the time that each part took.

`make test-long` (TEST_LONG=1) adds what loads the whole demonstration county or drives a real browser, and lets random
walks and fuzzing take their time.
"""

from __future__ import annotations

import os
import sys

import pytest

PARTS = ["tests/unit", "tests/architecture", "tests/diagrams", "tests/property", "tests/integration"]
WITH_THE_COUNTY = [
    "tests/integration/test_demo.py",
    "tests/integration/test_page_statements.py",
    "tests/integration/test_web_scope.py",
    "tests/integration/test_web_scope_people.py",
]

if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    chosen = ["tests"] if os.environ.get("TEST_LONG") == "1" else [*PARTS, *(f"--ignore={path}" for path in WITH_THE_COUNTY)]
    sys.exit(pytest.main(["-n", "2", "--dist", "loadgroup", "-q", *chosen, *sys.argv[1:]]))
