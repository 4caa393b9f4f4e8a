"""How a gate writes a refusal: one constructor with the words that every refusal needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from app.domain.articles import Article
from app.domain.refusals import Holder, Link, LinkKind, Refusal

if TYPE_CHECKING:
    from app.domain.acts import Act

HOLDER_KIND_OF_PREFIX: dict[str, Holder] = {
    "unit": "unit",
    "bur": "bureau",
    "drc": "drc",
    "fin": "finance",
    "aud": "audit",
    "gov": "county_gov",
    "expert": "expert",
    "sup": "company",
    "builder": "company",
    "assess": "company",
    "eval": "company",
}


def refuse(
    gate: str,
    article: Article | tuple[Article, ...],
    message: str,
    remedy: str = "",
    *,
    holder: str = "unit_clerk",
    link: tuple[LinkKind, str] = ("none", ""),
    missing: tuple[str, ...] = (),
    values: Mapping[str, object] | None = None,
    **more: object,
) -> Refusal:
    """Return a refusal; the holder's kind of organisation follows from the role's prefix."""
    articles = article if isinstance(article, tuple) else (article,)
    return Refusal(
        gate=gate,
        articles=tuple(cited.number for cited in articles),
        message=message,
        remedy=remedy,
        holder_role=holder,
        holder_kind=HOLDER_KIND_OF_PREFIX[holder.split("_", 1)[0]],
        link=Link(*link),
        missing=missing,
        values={**(values or {}), **more},
    )


def favourable(act: Act, *outcomes: str) -> bool:
    """Whether the act would decide one of these outcomes; an unanswered one is presumed to."""
    return act.outcome is None or act.outcome in outcomes


Refusals = Iterator[Refusal]
