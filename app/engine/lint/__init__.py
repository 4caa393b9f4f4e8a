"""Lint: everything that is wrong with a drawn file, all at once, in words, before it may be published.

    lint_process(source, vocabulary) -> tuple[Finding, ...]     a BPMN diagram
    lint_decision(source, vocabulary) -> tuple[Finding, ...]    a DMN file

Neither raises for any bytes: what cannot be read is a finding too. Severity `error` means that the file cannot be
published; `warning` that it probably does not do what its owner means; `info` is advice. Messages and hints are
finished sentences in both languages (nothing left to fill in); `values` holds what was filled in.

`app.sandbox` does the same in a child process under limits of time and memory; `report` prints findings.
"""

from __future__ import annotations

from app.engine.lint.county import county_vocabulary
from app.engine.lint.decision import lint_decision
from app.engine.lint.process import lint_process
from app.engine.lint.rules import RULES
from app.engine.lint.vocabulary import Form, Named, Operation, Process, Recorder, Vocabulary

__all__ = [
    "RULES",
    "Form",
    "Named",
    "Operation",
    "Process",
    "Recorder",
    "Vocabulary",
    "county_vocabulary",
    "lint_decision",
    "lint_process",
]
