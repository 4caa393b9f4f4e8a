"""(p) The summary of a year's plan of 1,000 items, as a page and as a workbook, with all its hints and subtotals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app import clock, unit_of_work
from app.models.accounts import Organisation
from app.models.base import table_of
from app.models.business import PlanItem, Project
from app.services import accounts
from benchmarks import servers
from benchmarks.figures import Figure, interleaved, timed
from benchmarks.installation import USERNAME, Installation

ITEMS = 1000
UNITS = 20
YEAR = 2027
ROUNDS = 5
MOST_SECONDS = 3.0
SUBJECTS = ("水务", "应急", "医保", "交通", "教育", "民政", "住建", "农业", "文旅", "市场", "司法", "审计", "自然资源")
DEEDS = ("监测", "监管", "审批", "档案", "调度", "执法", "评价", "预警", "巡查", "分析", "共享")
KINDS = ("平台", "系统", "数据库", "一张图", "应用", "服务")


def figures(folder: Path) -> list[Figure]:
    """Fetch page and workbook of a plan of 1,000 items as the bureau, who sees them all."""
    installation = Installation(folder / "plan")
    installation.begin()
    with unit_of_work.unit_of_work() as session:
        fill(session)
        session.execute(text("ANALYZE"))
    with servers.ours(installation) as browser:
        medians = interleaved(
            ROUNDS,
            {
                "page": lambda: timed(lambda: browser.get(f"/plans?year={YEAR}")),
                "workbook": lambda: timed(lambda: browser.get(f"/plans/workbook?year={YEAR}")),
            },
            warm_up=1,
        )
    return [
        Figure(f"p  plan summary of {ITEMS} items, page", medians["page"] / 1000, "s", MOST_SECONDS),
        Figure(f"p  plan summary of {ITEMS} items, workbook", medians["workbook"] / 1000, "s", MOST_SECONDS),
    ]


def names() -> Iterator[str]:
    """Yield names as units give them, some nearly alike."""
    for place in range(ITEMS):
        yield (
            f"{SUBJECTS[place % len(SUBJECTS)]}{DEEDS[place // 7 % len(DEEDS)]}{KINDS[place // 3 % len(KINDS)]}"
            f"（{place // 90 + 1}期）"
        )


def fill(session: Session) -> None:
    """Make the clerk one of the bureau, twenty units, and 1,000 filed items of theirs."""
    now = clock.now()
    bureau = accounts.create_organisation(
        session, "dsj", "县大数据局", short="县大数据局", kind="bureau", by=None, now=now
    )
    session.execute(text("UPDATE person SET organisation_id = :body WHERE username = :who"),
                    {"body": bureau.id, "who": USERNAME})  # fmt: skip
    session.execute(text("UPDATE person_role SET role = 'bur_clerk'"))
    units: list[Organisation] = [
        accounts.create_organisation(
            session, f"u{number}", f"县第{number}局", short=f"县{number}局", kind="unit", by=None, now=now
        )
        for number in range(UNITS)
    ]
    content = "依托县政务云和电子政务外网，面向全县乡镇和部门建设业务应用，统一身份和数据标准。" * 3
    projects, items = [], []
    for number, name in enumerate(names(), start=1):
        projects.append(
            {
                "id": number, "no": f"XWXX-{YEAR}-{'TGLY'[number % 4]}-{number:03d}", "name": name,
                "unit_id": units[number % UNITS].id, "path": "TGLY"[number % 4], "fy": YEAR, "fy_entered": YEAR,
                "nature": "新建", "funding_form": "政府投资", "total_fen": number * 1_000_003,
                "state": "PLAN_SUBMITTED", "state_since": now, "created_at": now,
            }
        )  # fmt: skip
        items.append(
            {
                "project_id": number, "fy": YEAR, "total_fen": number * 1_000_003, "fy_amount_fen": number * 500_001,
                "submitted_on": date(2026, 11, 20), "plan_due": date(2026, 11, 30), "suggestion": "纳入",
                "rank": number, "content": {"content": content, "uses_cloud": True,
                            "source": [{"kind": "县级", "amount": number * 1_000_003}]},
            }
        )  # fmt: skip
    session.execute(insert(table_of(Project)), projects)
    session.execute(insert(table_of(PlanItem)), items)
