"""The regulation's 36 articles, how they are cited, and which rule of the code implements which of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from app.domain import regulation_text
from app.domain.chinese_numerals import ordinary

ARTICLES: Mapping[int, str] = MappingProxyType(regulation_text.TEXT)
"""Number → full Chinese text. A line feed separates paragraphs and the items of Art. 19."""

GLOSSES: Mapping[int, str] = MappingProxyType(regulation_text.GLOSSES)
"""Number → what the article says, in one short English sentence."""

ELLIPSIS = "…"

Rule = TypeVar("Rule", bound=Callable[..., object])

_FULL_WIDTH = str.maketrans(",;:()", "，；：（）")


@dataclass(frozen=True)
class Article:
    """A place in the regulation: the article's number and the words relied on.

    `quote` must stand in the article (… for words left out; half-width punctuation counts as full-width), else
    ValueError: nobody can cite what the regulation does not say. An empty quote cites the article as a whole.
    """

    number: int
    quote: str = ""

    def __post_init__(self) -> None:
        """Refuse a number that does not exist and words that the article does not contain."""
        if self.number not in ARTICLES:
            raise ValueError(f"the regulation has no article {self.number}")
        if not _contains(ARTICLES[self.number], self.quote):
            raise ValueError(f"article {self.number} does not say {self.quote!r}")

    @property
    def citation(self) -> str:
        """Return 第二十一条."""
        return citation(self.number)

    @property
    def text(self) -> str:
        """Return the article's full Chinese text."""
        return ARTICLES[self.number]

    @property
    def gloss(self) -> str:
        """Return the article's meaning in one English sentence."""
        return GLOSSES[self.number]


@dataclass(frozen=True)
class RegisteredRule:
    """A function of the code that implements articles, with the ids (G-13, T-10) under which people know it."""

    name: str
    articles: tuple[Article, ...]
    ids: tuple[str, ...]
    summary: str


def citation(number: int) -> str:
    """Return the Chinese citation of an article number: 21 → 第二十一条."""
    return f"第{ordinary(number)}条"


def civil_code(number: int) -> str:
    """Return the citation of an article of the Civil Code: 201 → 民法典第二百零一条."""
    return f"民法典{citation(number)}"


_rules: dict[str, RegisteredRule] = {}


def implements(*articles: Article, ids: tuple[str, ...] = ()) -> Callable[[Rule], Rule]:
    """Register the decorated function as implementing `articles`, under the ids people use (`ids=("G-13",)`).

    The function itself is returned unchanged. A function may carry the mark once; it names all its articles.
    Raises ValueError without an article.
    """
    if not articles:
        raise ValueError("a rule implements at least one article")

    def register(rule: Rule) -> Rule:
        name = f"{rule.__module__}.{rule.__qualname__}"
        summary = (rule.__doc__ or "").strip().split("\n", 1)[0]
        _rules[name] = RegisteredRule(name=name, articles=articles, ids=ids, summary=summary)
        return rule

    return register


def registered_rules() -> tuple[RegisteredRule, ...]:
    """Return every rule of the modules imported so far, by lowest article number and then by name."""
    return tuple(sorted(_rules.values(), key=lambda rule: (min(a.number for a in rule.articles), rule.name)))


def _contains(text: str, quote: str) -> bool:
    parts = [re.escape(part.strip()) for part in quote.translate(_FULL_WIDTH).split(ELLIPSIS)]
    return re.search(".*?".join(parts), text, re.DOTALL) is not None


WITHOUT_RULE: Mapping[int, str] = MappingProxyType(
    {
        1: "目的和依据：不设规则，见帮助页，每条拒绝都引用条文。",
        6: "县发展改革委的职责：由立项流程和数据范围体现；“重大”的金额线是参数。",
        7: "县财政局的职责：由预算、采购、支付流程和资产卡体现。",
        8: "审计监督：由审计流程和只读范围体现。",
        25: "共享工作统筹：由每年的共享评价流程体现。",
        29: "数据安全：由安全责任表和事件记录体现。",
        33: "惩戒和移送：系统只登记，从不代人决定处分。",
        35: "解释权：由解释口径登记体现。",
        36: "施行日期：是参数。",
    }
)
"""Articles that no function decides, each with the reason; the page article → rule prints it."""
