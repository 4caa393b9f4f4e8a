"""One-click repairs: a finding of the lint mended in the file, with as little change as possible and a drawing kept.

    repair_of(code, kind) -> (zh, en) | None                          is there one, and what its button says
    mend(text, code, element_id, vocabulary, kind=) -> Mended         the file with it carried out
    tried(text, findings, vocabulary, kind=) -> findings              marked where their repair can be carried out

Nothing is stored; whoever draws sees what has changed and may undo it.
"""

from __future__ import annotations

from app.engine.repairs.mending import Mended, converted, mend, renamed
from app.engine.repairs.offers import MENDABLE, tried
from app.engine.repairs.registry import repair_of

__all__ = ["MENDABLE", "Mended", "converted", "mend", "renamed", "repair_of", "tried"]
