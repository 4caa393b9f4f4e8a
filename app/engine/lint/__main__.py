"""The child of `sandbox`: reads a vocabulary in one line, then the bytes of a file; writes findings as JSON."""

from __future__ import annotations

import json
import os
import sys

from app.engine.lint import lint_decision, lint_process
from app.engine.lint.report import findings_to_json
from app.engine.lint.wire import vocabulary_from_json


def main() -> None:
    """Lint what comes in as the kind that the one argument names: `process` or `decision`."""
    vocabulary = vocabulary_from_json(sys.stdin.buffer.readline())
    source = sys.stdin.buffer.read()
    lint = lint_decision if sys.argv[1:] == ["decision"] else lint_process
    findings = lint(source, vocabulary)
    sys.stdout.write(json.dumps(findings_to_json(findings), ensure_ascii=True))
    sys.stdout.flush()
    # V8's threads need no farewell, and now and then they keep a process from ending.
    os._exit(0)


if __name__ == "__main__":
    main()
