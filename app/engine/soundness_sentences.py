"""What the findings of the soundness check say, in Chinese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_WAY = 12

_SENTENCES = {
    "soundness-deadlock": (
        "error",
        "流程会停在“%(element)s”：它等待的另一条路线不会再有人走到。经过：%(way)s。",
        "The process gets stuck at “%(element)s”, which waits for a branch that nobody will take. Way: %(way)s.",
        "请让分开的路线用同一种网关汇合：并行分、并行合；互斥分、互斥合。",
        "Join branches with the same kind of gateway that split them.",
    ),
    "soundness-unsynchronised": (
        "error",
        "“%(element)s”会被重复执行：并行的路线在这里汇合而不互相等待。经过：%(way)s。",
        "“%(element)s” runs more than once: parallel branches run together here without waiting. Way: %(way)s.",
        "请先用并行网关把各条路线汇合。",
        "Join the branches with a parallel gateway first.",
    ),
    "soundness-no-end": (
        "error",
        "从“%(element)s”起，流程只能绕圈，走不到结束。经过：%(way)s。",
        "From “%(element)s” on the process can only go in a circle and never ends. Way: %(way)s.",
        "请画出离开这个圈的路线。",
        "Draw a way out of the circle.",
    ),
    "soundness-side-branch": (
        "error",
        "不中断的边界事件“%(event)s”引出的路线并入了主流程的“%(element)s”，主流程会因此重复执行。",
        "The branch of the non-interrupting boundary event “%(event)s” runs into “%(element)s” of the main flow.",
        "请给这条路线单独的结束事件。",
        "Give that branch an end event of its own.",
    ),
    "soundness-repeated": (
        "warning",
        "循环每转一圈，通往“%(element)s”的并行支路就再开一次，前一次可能还没有办完。经过：%(way)s。",
        "Each round of the loop opens the parallel branch to “%(element)s” again, finished or not. Way: %(way)s.",
        "请在循环之内用并行网关把这条支路汇合。",
        "Join that branch inside the loop with a parallel gateway.",
    ),
    "soundness-dead": (
        "warning",
        "“%(element)s”永远走不到。",
        "“%(element)s” is never reached.",
        "请连上通往它的路线，或把它删除。",
        "Draw a flow to it, or remove it.",
    ),
    "soundness-unknown": (
        "info",
        "未能判定：流程太复杂，在限定的范围内没有查完是否会停住或重复，不能说它走得通。",
        "Undecided: the process is too complex; whether it can get stuck or run twice was not examined to the end.",
        "请把它拆成几个较小的流程。",
        "Split it into several smaller processes.",
    ),
}


def finding(code: str, element_id: str, *, way: Sequence[str] = (), **values: object) -> Finding:
    """Return the finding of this code; `way` holds the names of the elements passed, of which the last are told."""
    severity, zh, en, hint, hint_en = _SENTENCES[code]
    told = ("…", *way[-LONGEST_WAY:]) if len(way) > LONGEST_WAY else way
    filled = {**values, "way": " → ".join(told)}
    return Finding(code, element_id, severity, zh % filled, en % filled, hint, hint_en, filled)
