"""The child: reads jobs from its standard input until that is closed, and writes an answer to each."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from typing import IO, Final

from app import feel
from app.engine.lint import Vocabulary
from app.sandbox import frames
from app.sandbox.jobs import carry_out
from app.sandbox.pool import MEGABYTES, SECONDS
from app.sandbox.wire import vocabulary_from_json

SPARE_SECONDS: Final = 1
"""Of CPU, so that the one who asks ends a job, and the system only where nobody is left to do so."""


def main() -> None:
    """Answer jobs. Each is three frames: name and values as JSON, a vocabulary (empty: the last one), a source."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    feel.check("1")  # V8 is up before the first job
    _limit_memory()
    answers.write(frames.packed(b"ready"))
    answers.flush()
    vocabulary = Vocabulary()
    while (head := frames.read(asked)) is not None:
        _limit_cpu()
        words, source = frames.read(asked), frames.read(asked)
        if words is None or source is None:
            break
        vocabulary = vocabulary_from_json(words) if words else vocabulary
        _answer(answers, head, source, vocabulary)
    # V8's threads need no farewell, and now and then they keep a process from ending.
    os._exit(0)


def _answer(answers: IO[bytes], head: bytes, source: bytes, vocabulary: Vocabulary) -> None:
    job = json.loads(head)
    found = carry_out(str(job["job"]), source, vocabulary, job["values"])
    answers.write(frames.packed(json.dumps(found, ensure_ascii=True).encode()))
    answers.flush()


def _limit_cpu() -> None:
    """Let the system end this process where one job takes more CPU than it may."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + int(SECONDS) + SPARE_SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _limit_memory() -> None:
    """Let the system refuse memory beyond the limit.

    V8 has reserved hundreds of megabytes by now that it never touches; they count as data and are added. What is
    really used is watched by the one who asks.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 -- no file of ours
            reserved = int(told.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")
        most = reserved + MEGABYTES * 1024**2
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


if __name__ == "__main__":
    main()
