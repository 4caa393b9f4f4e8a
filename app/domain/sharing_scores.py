"""The yearly evaluation of a unit's sharing: five indicators, a score, and what a low one means (第二十五条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.articles import Article, implements
from app.domain.parameters import Parameters
from app.domain.reasons import Refusals, refuse

MECHANISM = Article(25, "建立信息共享工作评价机制")
INDICATORS: tuple[tuple[str, str], ...] = (
    ("connected", "系统接入率"),
    ("registered", "目录登记率"),
    ("on_time", "按时更新率"),
    ("answered", "需求答复率"),
    ("available", "接口可用率"),
)
"""Key of an indicator → its name."""
MOST = 100


@dataclass(frozen=True)
class Indicators:
    """The five indicators of one unit in whole percent; None where the year had nothing to measure."""

    connected: int | None = None
    registered: int | None = None
    on_time: int | None = None
    answered: int | None = None
    available: int | None = None

    @property
    def measured(self) -> tuple[int, ...]:
        """The indicators that there are."""
        found = (getattr(self, key) for key, _name in INDICATORS)
        return tuple(value for value in found if value is not None)


@dataclass(frozen=True)
class UnitScore:
    """A signed score of a unit: of which year, since when, and whether its inspection is closed."""

    year: int
    score: int
    signed_on: date
    rectified_on: date | None = None


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole percent, half up; None of nothing."""
    return (part * 200 + whole) // (whole * 2) if whole else None


@implements(MECHANISM, ids=("P-21",))
def score(indicators: Indicators) -> int:
    """Return the score of 100: the mean of the indicators that could be measured, half up; 100 where none could [C]."""
    found = indicators.measured
    return (sum(found) * 2 + len(found)) // (len(found) * 2) if found else MOST


def is_low(points: int, parameters: Parameters) -> bool:
    """Whether a score is below the pass mark, so that an inspection follows [C]."""
    return points < parameters.sharing_pass_points


def holds_unit(standing: UnitScore | None, parameters: Parameters) -> bool:
    """Whether the unit's new items wait: its last score is low, not rectified, and the parameter says so (off) [C]."""
    if standing is None or standing.rectified_on is not None or not parameters.low_sharing_holds_unit:
        return False
    return is_low(standing.score, parameters)


def adjustment(unit: str, points: int, computed: int, reason: str) -> Refusals:
    """Refuse a score outside 0 … 100, and one that differs from what was computed without a reason."""
    if not 0 <= points <= MOST:
        yield refuse(
            "P-21", MECHANISM, "%(unit)s的得分应在0到100之间。", "改正得分。",
            holder="bur_share", link=("form", "f21s"), unit=unit,
        )  # fmt: skip
    elif points != computed and not reason.strip():
        yield refuse(
            "P-21", MECHANISM, "%(unit)s的得分与计算结果不同，应当写明调整理由。", "写明理由，或者改回计算结果。",
            holder="bur_share", link=("form", "f21s"), unit=unit,
        )  # fmt: skip
