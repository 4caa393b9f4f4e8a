"""Warm children: started when first needed, asked one job at a time, replaced when worn or ended over a limit."""

from __future__ import annotations

import atexit
import os
import selectors
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from app.sandbox import frames

SECONDS: Final = 5.0
"""Wall time for one job; a start of the child, which comes once, has its own allowance."""
START_SECONDS: Final = 10.0
MEGABYTES: Final = 500
"""Resident memory of a child while it works. The child holds itself to it too, but V8 reserves far more than it uses,
so what is really used is watched from here."""
MOST_CHILDREN: Final = 2
MOST_JOBS: Final = 500
"""After which a child is replaced."""
WORN_MEGABYTES: Final = 300
"""What a child may keep between jobs; V8 never gives all of its memory back."""
_EVERY: Final = 0.02
_CHUNK: Final = 1 << 16
_ROOT: Final = Path(__file__).resolve().parents[2]


class Child:
    """A process that answers one job after another."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.sandbox"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            bufsize=0,
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise OSError("no pipe")
        self.given, self.answers = self.process.stdin, self.process.stdout
        os.set_blocking(self.given.fileno(), False)
        os.set_blocking(self.answers.fileno(), False)
        self.jobs = 0
        self.ready = False
        """Whether it has said that it is up."""
        self.known = b""
        """The vocabulary that it was given last."""

    def ask(self, head: bytes, vocabulary: bytes, source: bytes, *, seconds: float) -> bytes | None:
        """Return the answer to a job; None where the child died, or took too long or too much memory."""
        if not self.ready:
            self.ready = self._exchange(b"", seconds=START_SECONDS) is not None
        self.jobs += 1
        words = b"" if vocabulary == self.known else vocabulary
        self.known = vocabulary
        return self._exchange(frames.packed(head, words, source), seconds=seconds) if self.ready else None

    def _exchange(self, given: bytes, *, seconds: float) -> bytes | None:
        """Write what is given and read a frame, both as far as the pipes take and bring it."""
        pending, came = memoryview(given), bytearray()
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as pipes:
            pipes.register(self.answers, selectors.EVENT_READ)
            if pending:
                pipes.register(self.given, selectors.EVENT_WRITE)
            while time.monotonic() < deadline and self.megabytes() <= MEGABYTES:
                for key, _ in pipes.select(_EVERY):
                    if key.fileobj is self.given:
                        pending = pending[self._written(pending) :]
                        if not pending:
                            pipes.unregister(self.given)
                    elif (more := self.answers.read(_CHUNK)) == b"":
                        return None
                    else:
                        came += more or b""
                if (answer := frames.first(came)) is not None:
                    return answer
        return None

    def _written(self, pending: memoryview) -> int:
        try:
            return os.write(self.given.fileno(), pending[:_CHUNK])
        except BrokenPipeError:
            return len(pending)  # it has died; its end of the answers says so

    def megabytes(self) -> float:
        """Return its resident memory; 0 where the system does not tell."""
        try:
            pages = int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1])
        except (OSError, ValueError, IndexError):
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2

    @property
    def worn(self) -> bool:
        """Whether the next job should go to another one."""
        return self.jobs >= MOST_JOBS or self.process.poll() is not None or self.megabytes() > WORN_MEGABYTES

    def end(self) -> None:
        """End it at once and wait for that."""
        self.process.kill()
        self.process.wait()
        self.given.close()
        self.answers.close()

    def forget(self) -> None:
        """Let go of it in a process that was forked from the one that started it."""
        self.process.returncode = 0  # else its object complains that it still runs
        self.given.close()
        self.answers.close()


class _Pool:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.places = threading.BoundedSemaphore(MOST_CHILDREN)
        self.idle: list[Child] = []
        self.busy: set[Child] = set()


_pool = _Pool()


def ask(head: bytes, vocabulary: bytes, source: bytes, *, seconds: float | None = None) -> bytes | None:
    """Return a child's answer to a job; None where it came to no end within the limits. Any thread may ask.

    No more than two children work at a time; whoever comes later waits, and each job has its seconds for itself.
    """
    pool = _pool
    with pool.places:
        child = _taken(pool)
        answer = None
        try:
            answer = child.ask(head, vocabulary, source, seconds=SECONDS if seconds is None else seconds)
        finally:
            _put_back(pool, child, whole=answer is not None)
        return answer


def warm() -> None:
    """Start a child without waiting for it, where none runs; called when a job is to be expected soon."""
    pool = _pool
    with pool.lock:
        if not pool.idle and not pool.busy:
            pool.idle.append(Child())


def _taken(pool: _Pool) -> Child:
    with pool.lock:
        while pool.idle:
            child = pool.idle.pop()
            if child.process.poll() is None:
                break
            child.end()
        else:
            child = Child()
        pool.busy.add(child)
        return child


def _put_back(pool: _Pool, child: Child, *, whole: bool) -> None:
    with pool.lock:
        pool.busy.discard(child)
        keep = whole and not pool.idle and not child.worn
        if keep:
            pool.idle.append(child)
    if not keep:
        child.end()


def end() -> None:
    """End every child, when this process ends; the next job starts a new one."""
    pool = _pool
    with pool.lock:
        children = [*pool.idle, *pool.busy]
        pool.idle.clear()
    for child in children:
        child.end()


def _after_fork() -> None:
    global _pool  # noqa: PLW0603 -- the child of a fork must not talk to its parent's children
    for child in (*_pool.idle, *_pool.busy):
        child.forget()
    _pool = _Pool()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(end)
