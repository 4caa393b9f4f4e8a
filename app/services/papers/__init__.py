"""Official papers: written and numbered in the transaction of their signature, kept as signed, voided by two people."""

from __future__ import annotations

from app.services.papers.issue import Verified, after_form, preview, reissue, reissue_change, verify, void_of
from app.services.papers.voiding import ask_void, decide_void

__all__ = [
    "Verified",
    "after_form",
    "ask_void",
    "decide_void",
    "preview",
    "reissue",
    "reissue_change",
    "verify",
    "void_of",
]
