"""The year's plan at one glance: the table of D-01 with subtotals and hints, as a page and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.numbers import PATHS, Path
from app.errors import NotFound
from app.queries import plan_summary
from app.queries.plan_summary import COLUMNS, Item, PlanSummary, Subtotal
from app.queries.register_sheets.columns import anybody_with_projects
from app.unit_of_work import read_only
from app.web import workbooks
from app.web.cells import Written
from app.web.filters import FEN_A_WAN, full_width, said, wan
from app.web.identity import reader

pages = Blueprint("plans", __name__, url_prefix="/plans")
YEARS = range(2000, 2100)
WIDTHS = (6, 32, 16, 8, 14, 48, 14, 14, 24, 10, 8, 10, 24)
WIDE_BEFORE_MONEY = 5
"""Columns between the first and the amounts, which a line of subtotals leaves empty."""


@pages.get("")
def summary() -> ResponseReturnValue:
    """Show the plan of a fiscal year, the next one unless asked otherwise."""
    page = _load()
    return render_template(
        "plans/summary.html", page=page, columns=COLUMNS, source=_sources, period=_period, path=_path
    )


@pages.get("/workbook")
def workbook() -> ResponseReturnValue:
    """Hand out the plan as a workbook with the columns of D-01 in their order."""
    page = _load()
    paper = workbooks.Paper(
        title=_("%(year)s 年度政务信息化项目计划汇总表", year=page.fy),
        note=_(
            "截至 %(day)s，共 %(count)s 项；金额单位：万元，合计按精确值。",
            day=clock.today().isoformat(),
            count=page.whole.count,
        ),
        headings=[workbooks.Heading(_(label), width) for label, width in zip(COLUMNS, WIDTHS, strict=True)],
    )
    name = f"{paper.title}-{clock.today():%Y%m%d}"
    return workbooks.download(paper, _lines(page), name=name, last=[_subtotal(_("合计"), page.whole)])


def _load() -> PlanSummary:
    who = reader().person
    if not anybody_with_projects(who):
        raise NotFound
    year = request.args.get("year", clock.today().year + 1, type=int)
    if year not in YEARS:
        raise NotFound
    with read_only() as rows:
        return plan_summary.load(rows, who, year)


def _lines(page: PlanSummary) -> Iterator[list[Written]]:
    for part in page.parts:
        for unit, items in part.units:
            yield from (_line(item) for item in items)
            yield _subtotal(_("%(unit)s小计", unit=unit.unit), unit)
        yield _subtotal(_("%(path)s合计", path=_path(part.subtotal.path)), part.subtotal)


def _path(letter: str) -> str:
    return _(PATHS[Path(letter)][0])


def _line(item: Item) -> list[Written]:
    cloud = "" if item.on_cloud is None else _("是") if item.on_cloud else _("否")
    return [
        item.number, full_width(item.name), item.unit, said(item.nature), said(item.funding_form),
        full_width(item.content), _wan(item.total_fen), _wan(item.fy_amount_fen), _sources(item), _period(item), cloud,
        said(item.suggestion), _("；").join(said(one) for one in item.notes),
    ]  # fmt: skip


def _subtotal(label: str, of: Subtotal) -> list[Written]:
    return [label, *[None] * WIDE_BEFORE_MONEY, _wan(of.total_fen), _wan(of.fy_amount_fen)]


def _wan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / FEN_A_WAN


def _sources(item: Item) -> str:
    """Return the sources of funds in words: 县级 120.00、上级 60.00."""
    return _("、").join(said(kind) if fen is None else f"{said(kind)} {wan(fen)}" for kind, fen in item.sources)


def _period(item: Item) -> str:
    """Return how long the item takes to build, as its unit said in F-02."""
    return _("%(count)s 个月", count=item.period_months) if item.period_months else "—"
