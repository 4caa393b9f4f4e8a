"""What has changed between two states of a diagram, form or decision table, in words that a head of department reads.

    compare(left, right, kind, vocabulary) -> tuple[Change, ...]

Added and removed first what stands in the file first; each change names its element, so that both drawings can show it.
Nothing is raised: a state that cannot be read compares as empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine.differences.change import Change
from app.engine.differences.diagrams import compare_diagrams
from app.engine.differences.forms import compare_forms
from app.engine.differences.tables import compare_tables

if TYPE_CHECKING:
    from app.engine.lint.vocabulary import Vocabulary

__all__ = ["Change", "compare"]


def compare(left: str, right: str, kind: str, vocabulary: Vocabulary) -> tuple[Change, ...]:
    """Return the changes from `left` to `right`, texts of a `bpmn`, `dmn` or `form` file; empty texts for no file."""
    if left == right:
        return ()
    if kind == "form":
        return tuple(compare_forms(left, right))
    if kind == "dmn":
        return tuple(compare_tables(left, right))
    return tuple(compare_diagrams(left, right, vocabulary))
