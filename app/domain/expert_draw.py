"""Drawing experts at random so that anybody can draw again with the same seed and find the same (第十条, COI-07)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from app.domain.articles import Article, implements

EXPERTS = Article(10, "组织专家")


@implements(EXPERTS, ids=("COI-07",))
def draw(candidates: Iterable[str], seed: str) -> str | None:
    """Return whom the seed draws among the candidates' usernames, whatever their order; None where there is nobody.

    Each candidate's lot is the SHA-256 of `seed:username`; the smallest is drawn.
    """
    return min(candidates, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).hexdigest(), default=None)
