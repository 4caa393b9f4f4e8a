"""Plan and money: the lines of a fiscal year's plan and what was arranged and paid for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FundRow:
    """One project's line in a fiscal year, in 分; None where nothing was said yet."""

    project_no: str
    project_name: str
    unit: str
    state: str
    fund_type: str
    planned_fen: int | None = None
    requested_fen: int | None = None
    suggested_fen: int | None = None
    arranged_fen: int | None = None
    paid_fen: int | None = None
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class FundsPage:
    """The plan and money of one fiscal year."""

    fiscal_year: int
    years: tuple[int, ...]
    rows: tuple[FundRow, ...]
    planned_fen: int
    requested_fen: int
    arranged_fen: int
    paid_fen: int
