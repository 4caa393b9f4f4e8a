"""What a gate answers when the regulation forbids an act: the article, the reason, what lifts it and who holds that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from app.domain.articles import citation

Holder = Literal["unit", "bureau", "drc", "finance", "audit", "county_gov", "expert", "company", "system"]
"""The kind of organisation whose person can lift a refusal."""

LinkKind = Literal["form", "attachment", "deadline", "hold", "register", "project", "none"]


@dataclass(frozen=True)
class Link:
    """Where a page leads a person to mend the cause: a form by id, a deadline by kind, a register by name."""

    kind: LinkKind = "none"
    target: str = ""


@dataclass(frozen=True)
class Refusal:
    """One reason why an act is refused.

    `message` and `remedy` are Chinese message ids with %(name)s places for `values`; amounts in `values` are whole 分
    under names ending in `_fen`, days are `date`. `missing` names the papers that are not there (Chinese message ids).
    """

    gate: str
    articles: tuple[int, ...]
    message: str
    remedy: str = ""
    holder_role: str = ""
    holder_kind: Holder = "unit"
    link: Link = field(default_factory=Link)
    missing: tuple[str, ...] = ()
    hold: str = ""
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def text(self) -> str:
        """Return the Chinese sentence with its values filled in, for logs and tests."""
        return self.message % self.values if self.values else self.message

    @property
    def citation(self) -> str:
        """Return the articles as they are cited: 第十三条、第十一条."""
        return "、".join(citation(article) for article in self.articles)


def distinct(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """Return the refusals in their order, each reason once; one hold named by several gates keeps all its articles."""
    kept: dict[tuple[object, ...], Refusal] = {}
    for refusal in refusals:
        values = tuple(sorted(f"{name}={value}" for name, value in refusal.values.items()))
        key = (refusal.hold,) if refusal.hold else (refusal.gate, refusal.message, values)
        before = kept.get(key)
        if before is None:
            kept[key] = refusal
        else:
            merged = before.articles + tuple(article for article in refusal.articles if article not in before.articles)
            kept[key] = replace(before, articles=merged)
    return tuple(kept.values())
