"""The V8 isolate of this process: made at first use, limited in time and memory, replaced when spent."""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import re
import threading
from pathlib import Path

import py_mini_racer

from app.feel.errors import FeelError, FeelUnavailableError
from app.feel.v8_thread import V8Thread

BUNDLE = Path(__file__).parent / "dist" / "feelin.js"
PLAIN_NAME = re.compile(r"=?\s*[^\W\d][\w.]*\s*")
TIME_LIMIT = 1.0
"""Seconds of CPU for one call, whatever number of expressions it holds."""
MEMORY_LIMIT = 64 * 1024 * 1024
COLLECT_ABOVE = 24 * 1024 * 1024
"""From here on V8 collects garbage eagerly; else what many small calls leave behind counts against the limit."""
MOST_REPLACEMENTS = 6
"""An isolate that ran out of memory never gives all of it back, so a worker that lost this many ends itself."""


class _State:
    """What this process knows of its isolate."""

    def __init__(self, *, inherited: bool = False) -> None:
        self.lock = threading.Lock()
        self.engine: V8Thread | None = None
        self.replaced = 0
        self.started = False
        self.inherited = inherited
        """A process before this one had started V8, which hangs or aborts in this one."""


_state = _State()


def call(function: str, request: object) -> object:
    """Call a function of the bundle with `request` as JSON and return its answer; any thread may do so.

    Raises FeelError when a limit was reached and FeelUnavailableError when the interpreter cannot run here. The isolate
    survives a time-out; after running out of memory it is thrown away, and the next call makes a new one.
    """
    state = _state
    text = json.dumps(request, ensure_ascii=True, separators=(",", ":"))
    # One call at a time: the limit counts the CPU of the isolate's thread, which does all of them.
    with state.lock:
        used = state.engine is not None
        try:
            answer = _run(state, f"feel.{function}({json.dumps(text)})")
        except py_mini_racer.JSOOMException:
            # What a stopped expression before this one left behind may have filled a used isolate: a fresh one tells.
            if not used:
                raise _too_much() from None
            try:
                answer = _run(state, f"feel.{function}({json.dumps(text)})")
            except py_mini_racer.JSOOMException:
                raise _too_much() from None
    return json.loads(str(answer))


def _run(state: _State, script: str, *, again: bool = True) -> object:
    """Evaluate a script in the isolate; one that ran out of memory is thrown away before the exception goes on.

    A plain name takes no time, so where the limit strikes at one the isolate has been tidying up after others: it is
    thrown away and a fresh one is asked, once.
    """
    engine = state.engine or _start(state)
    try:
        return engine.run(script, cpu_seconds=TIME_LIMIT)
    except py_mini_racer.JSTimeoutException:
        # The isolate survives a time-out, so it can still tell which of many expressions took the time.
        culprit = str(engine.run("feel.current()", cpu_seconds=TIME_LIMIT))
        if again and PLAIN_NAME.fullmatch(culprit):
            state.engine = None
            engine.close()
            return _run(state, script, again=False)
        raise FeelError(
            "表达式“%(expression)s”的计算超过 %(seconds)s 秒，已中止。",
            expression=culprit,
            seconds=f"{TIME_LIMIT:g}",
        ) from None
    except py_mini_racer.JSOOMException:
        state.engine = None
        state.replaced += 1
        engine.close()
        raise
    except py_mini_racer.JSEvalException as error:
        raise FeelError("表达式无法计算：%(reason)s。", reason=str(error).strip().splitlines()[0]) from None


def _too_much() -> FeelError:
    return FeelError("表达式占用内存超过 %(megabytes)s MB，已中止。", megabytes=MEMORY_LIMIT // 1024**2)


def replacements() -> int:
    """Return how many isolates of this process ran out of memory."""
    return _state.replaced


def exhausted() -> bool:
    """Return whether this process has lost so many isolates that it should finish its work and end."""
    return _state.replaced >= MOST_REPLACEMENTS


def _start(state: _State) -> V8Thread:
    if state.inherited:
        raise FeelUnavailableError("FEEL ran before this process was forked; evaluate nothing before the fork.")
    if not BUNDLE.is_file():
        raise FeelUnavailableError(f"The FEEL interpreter is not built: {BUNDLE} is missing. Run `make build`.")
    state.started = True
    engine = V8Thread(soft_limit=COLLECT_ABOVE, hard_limit=MEMORY_LIMIT)
    engine.run(BUNDLE.read_text(encoding="utf-8"))
    state.engine = engine
    return engine


def _after_fork() -> None:
    global _state  # noqa: PLW0603 -- the child must not touch the lock and the isolate of its parent
    parent = _state
    if parent.engine is not None:
        # Closing an isolate waits for its threads, which this process does not have: it must never be let go of.
        _keep_for_ever(parent.engine)
    _state = _State(inherited=parent.started or parent.inherited)


def _at_exit() -> None:
    """Close the isolate while Python still runs threads.

    Left to the end of the interpreter, about one process in ten waited for ever: freeing an isolate calls back into
    Python from a thread of V8, and by then Python lets no other thread run.
    """
    state = _state
    if state.lock.acquire(timeout=2 * TIME_LIMIT):
        engine, state.engine = state.engine, None
        if engine is not None:
            engine.close()
        state.lock.release()
    elif state.engine is not None:
        _keep_for_ever(state.engine)


def _keep_for_ever(engine: V8Thread) -> None:
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(engine))


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_at_exit)
