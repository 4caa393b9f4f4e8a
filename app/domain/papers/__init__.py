"""Official papers D-01 … D-21: their catalogue, their layouts, and the content that is frozen when they are signed."""

from __future__ import annotations

from app.domain.papers.content import EMPTY, Content, amount, chinese_day, sha256, written
from app.domain.papers.kinds import EXPERTS, KINDS, Issuer, PaperKind
from app.domain.papers.layouts import LAYOUTS

__all__ = [
    "EMPTY",
    "EXPERTS",
    "KINDS",
    "LAYOUTS",
    "Content",
    "Issuer",
    "PaperKind",
    "amount",
    "chinese_day",
    "sha256",
    "written",
]
