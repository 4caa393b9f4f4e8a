"""The project library: how many closed fiscal years in a row a project went without funds, and when it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.articles import Article, implements

if TYPE_CHECKING:
    from app.domain.parameters import Parameters

REMOVAL = Article(18, "连续三年未予安排资金的自动剔除出库")
ALTERNATE = Article(18, "上一年度政务信息化资金未予安排的项目纳入下一年度作为备选项目")

YEARS_TO_REMOVAL = 3


@dataclass(frozen=True)
class Standing:
    """A library entry after a fiscal year was closed."""

    streak: int
    status: str
    """在库 (funded), 备选 or 剔除."""

    @property
    def removed(self) -> bool:
        """Whether the entry has left the library."""
        return self.status == "剔除"


def counts(fy: int, entered_fy: int, parameters: Parameters) -> bool:
    """Whether a year without funds counts for an entry: the year of its entry only where the parameter says so [C]."""
    return fy > entered_fy or (fy == entered_fy and parameters.entry_year_counts)


@implements(REMOVAL, ALTERNATE, ids=("G-20", "T-16"))
def close_year(streak: int, arranged_fen: int, *, counted: bool = True) -> Standing:
    """Close one fiscal year for an entry: any amount above 0 分 resets the streak, the third without removes it.

    A year that is not counted (`counts`) makes an alternate all the same, but no longer streak.
    """
    if arranged_fen > 0:
        return Standing(0, "在库")
    if not counted:
        return Standing(streak, "备选")
    if streak + 1 >= YEARS_TO_REMOVAL:
        return Standing(streak + 1, "剔除")
    return Standing(streak + 1, "备选")


def streak_after(
    entered_fy: int, last_closed_fy: int, arranged_by_fy: Mapping[int, int], parameters: Parameters
) -> Standing:
    """Return the standing after closing every year from `entered_fy` to `last_closed_fy`; it stops at removal."""
    standing = Standing(0, "在库")
    for fy in range(entered_fy, last_closed_fy + 1):
        standing = close_year(standing.streak, arranged_by_fy.get(fy, 0), counted=counts(fy, entered_fy, parameters))
        if standing.removed:
            break
    return standing


def warns_of_removal(streak: int, arranged_fen: int, *, counted: bool = True) -> bool:
    """Whether the present year, if it closes like this, removes the entry (warnings of 1 October and 1 December)."""
    return close_year(streak, arranged_fen, counted=counted).removed
