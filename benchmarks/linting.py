"""(lint) Everything that is wrong with a drawing of a hundred and of a thousand elements, soundness included."""

from __future__ import annotations

from pathlib import Path

from app import sandbox
from app.engine.lint import county_vocabulary, lint_process
from app.engine.repairs import MENDABLE
from app.form_schema import parse_form
from app.services.vocabulary import form_of
from benchmarks import diagrams
from benchmarks.figures import Figure, interleaved, timed

SIZES = {100: 300.0, 1_000: 3_000.0}
ROUNDS = 5
MISTAKES = 3


def figures(folder: Path) -> list[Figure]:
    """Lint a drawing as the editor does on every pause, and as the command line does, in a child process."""
    del folder
    words = county_vocabulary({diagrams.FORM_ID: form_of(parse_form(diagrams.form()))})
    found: list[Figure] = []
    for size, most in SIZES.items():
        source = diagrams.large(size)
        if any(finding.severity == "error" for finding in lint_process(source, words)):
            raise RuntimeError([finding.message for finding in lint_process(source, words)][:5])
        wrong = source.replace(b"unit_clerk", b"unit_clark", MISTAKES)
        told = [one for one in sandbox.lint(wrong, "bpmn", words, former="") if one.code == "unknown-role"]
        if [one.values.get(MENDABLE) for one in told] != [True] * MISTAKES:
            raise RuntimeError("the mistakes were not seen, or their repairs not tried")
        medians = interleaved(
            ROUNDS,
            {
                "here": lambda source=source: timed(lambda: lint_process(source, words)),
                "child": lambda source=source: timed(lambda: sandbox.lint(source, "bpmn", words)),
                "mended": lambda wrong=wrong: timed(lambda: sandbox.lint(wrong, "bpmn", words, former="")),
            },
            warm_up=1,
        )
        found.append(Figure(f"lint  a drawing of {size} elements", medians["here"], "ms", most))
        found.append(Figure("lint  the same in a process of its own", medians["child"], "ms", most))
        found.append(Figure(f"lint  {MISTAKES} mistakes in it, each repair tried", medians["mended"], "ms", most))
    return found
