"""The fingerprint of a project's scope: the same objective, main content and total need no second review (第十八条)."""

from __future__ import annotations

import hashlib
import re

from app.domain.articles import Article, implements

NO_SECOND_REVIEW = Article(18, "备选项目无需重复审核")

_BLANK = re.compile(r"\s+")


@implements(NO_SECOND_REVIEW, ids=("G-19",))
def fingerprint(objective: str, content: str, total_fen: int) -> str:
    """Return the SHA-256 (hex) of objective, main content and total in 分.

    Blanks do not count, every character does.
    """
    parts = (_BLANK.sub("", objective), _BLANK.sub("", content), str(total_fen))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
