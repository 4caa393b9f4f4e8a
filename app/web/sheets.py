"""The registers of §4.6: the list of them, each as a page, as paper and as a workbook, and kept filters."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.errors import NotFound
from app.queries import register_sheets, register_views
from app.queries.register_sheets import REGISTERS, Asked, Page, Register
from app.services import register_views as view_services
from app.unit_of_work import read_only, unit_of_work
from app.web import cells, untrusted, workbooks
from app.web.identity import reader

pages = Blueprint("sheets", __name__, url_prefix="/registers")
FIRST_YEAR, LAST_YEAR = 2000, 2099


@pages.get("")
def index() -> ResponseReturnValue:
    """List the registers that the reader may open."""
    who = reader().person
    return render_template("registers/index.html", registers=[one for one in REGISTERS.values() if one.opens(who)])


@pages.get("/<key>")
def show(key: str) -> ResponseReturnValue:
    """Show one page of a register, filtered and sorted as the address says."""
    register, asked = _opened(key), _asked(REGISTERS[key])
    with read_only() as rows:
        page = register_sheets.page(rows, register, reader().person, asked, today=clock.today())
        kept = register_views.views(rows, reader().person, key)
    return render_template("registers/sheet.html", page=page, views=kept, link=_links(asked, register), read=_reader)


@pages.get("/<key>/print")
def paper(key: str) -> ResponseReturnValue:
    """Show all rows that the filter finds as a paper."""
    register, asked = _opened(key), _asked(REGISTERS[key])
    with read_only() as rows:
        page = register_sheets.page(rows, register, reader().person, asked, today=clock.today(), whole=True)
    return render_template("registers/paper.html", page=page, link=_links(asked, register), read=_reader)


@pages.get("/<key>/workbook")
def workbook(key: str) -> ResponseReturnValue:
    """Hand out all rows that the filter finds as a workbook with the official columns in the official order."""
    register, asked = _opened(key), _asked(REGISTERS[key])
    today = clock.today()
    with read_only() as rows:
        page = register_sheets.page(rows, register, reader().person, asked, today=today)
        columns = page.sheet.columns
        found = register_sheets.stream(rows, page.sheet, asked, yearly=register.yearly)
        lines = (
            [cells.written(column, value, today) for column, value in zip(columns, row.values, strict=True)]
            for row in found
        )
        described = workbooks.Paper(
            title=_title(register, asked),
            note=_(
                "截至 %(day)s，共 %(count)s 行；金额单位：万元，合计按精确值。", day=today.isoformat(), count=page.total
            ),
            headings=[workbooks.Heading(_(column.label), column.width) for column in columns],
        )
        name = f"{described.title}-{today:%Y%m%d}"
        return workbooks.download(described, lines, name=name, last=[_sum_line(page)] if any(page.sums) else ())


@pages.post("/<key>/views")
def keep(key: str) -> ResponseReturnValue:
    """Keep the filter in the form under a name."""
    register = _opened(key)
    asked = _asked(register, request.form)
    query = urlencode(_parameters(asked, register))
    with unit_of_work() as rows:
        view_services.keep(
            rows, key, request.form.get("name", ""), query=query, shared=request.form.get("shared") == "1",
            by=reader().actor, now=clock.now(),
        )  # fmt: skip
    flash(_("筛选已保存。"))
    return redirect(url_for("sheets.show", key=key, **_parameters(asked, register)))


@pages.post("/views/<int:view_id>/discard")
def discard(view_id: int) -> ResponseReturnValue:
    """Delete one of the reader's own kept filters."""
    with unit_of_work() as rows:
        register = view_services.discard(rows, view_id, by=reader().actor).register
    return redirect(url_for("sheets.show", key=register))


def _opened(key: str) -> Register:
    register = REGISTERS.get(key)
    if register is None or not register.opens(reader().person):
        raise NotFound
    return register


def _asked(register: Register, given: Any = None) -> Asked:
    args = request.args if given is None else given
    year = _whole(args.get("year", ""))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        year = clock.today().year if register.yearly else 0
    return Asked(
        text=args.get("q", "")[:80].strip(),
        unit=args.get("unit", "")[:20],
        state=args.get("state", "")[:40],
        year=year,
        sort=args.get("sort", "")[:20],
        descending=args.get("dir") == "desc",
        page=max(1, _whole(args.get("page", ""))),
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(untrusted.LARGEST_ROW)) else 0


def _parameters(asked: Asked, register: Register, **other: object) -> dict[str, Any]:
    """Return what the address says: a default says nothing."""
    said: dict[str, object] = {
        "q": asked.text,
        "unit": asked.unit,
        "state": asked.state,
        "year": "" if register.yearly and asked.year == clock.today().year else asked.year,
        "sort": asked.sort,
        "dir": "desc" if asked.sort and asked.descending else "",
    } | other
    return {name: value for name, value in said.items() if value}


def _links(asked: Asked, register: Register) -> Any:
    """Return the function with which a template makes an address of the same register with one thing changed."""

    def link(endpoint: str = "sheets.show", **other: object) -> str:
        return url_for(endpoint, key=register.key, **_parameters(asked, register, **other))

    return link


def _reader(column: register_sheets.Column, value: Any) -> str:
    return cells.reads(column, value, clock.today())


def _title(register: Register, asked: Asked) -> str:
    title = _(register.title)
    return _("%(year)s 年%(title)s", year=asked.year, title=title) if register.yearly else title


def _sum_line(page: Page) -> list[cells.Written]:
    """Return the line of exact sums; its word stands in the first column that is not summed."""
    line: list[cells.Written] = [
        cells.written(column, page.sums.get(column.key), clock.today()) if column.summed else None
        for column in page.sheet.columns
    ]
    line[next(place for place, column in enumerate(page.sheet.columns) if not column.summed)] = _("合计")
    return line
