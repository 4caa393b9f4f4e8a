"""`make test`: the whole suite on both databases, on two workers, and the time that each part took."""

from __future__ import annotations

import os
import sys

import pytest

ARGUMENTS = ["-n", "2", "--dist", "loadfile", "-q", "tests"]
"""A file stays on one worker: its server and its copy of the county are made once."""

if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(pytest.main([*ARGUMENTS, *sys.argv[1:]]))
