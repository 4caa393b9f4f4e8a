"""Forms, day-counts and a project's overview as sheets that can be printed and kept in an archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.domain.money import capital
from app.domain.papers import amount
from app.domain.papers.content import Content
from app.domain.papers.free import Writing
from app.domain.papers.layout import ColumnKind
from app.form_schema import Row, Table
from app.web.filters import bare, cited, drawn, form_number, full_width, iso, moment, said, step
from app.web.words import DEADLINES, PHASES, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.queries.projects import DeadlineRow, ProjectFile
    from app.queries.task import Workings
    from app.services.task_forms import Paper

PAYMENT = "f18"
KINDS: Mapping[str, ColumnKind] = {"money": "money", "number": "number", "date": "date"}
UNIT = " 万元"


def of_form(
    paper: Paper, *, project: tuple[str, str], names: Mapping[str, str], amounts: Mapping[str, object] | None = None
) -> Content:
    """Return a form that was handed in as a sheet; `project` is its number and name, `names` those of files."""
    sheet = Writing(f"{paper.title}（{form_number(paper.form_id)}）", *project, paper.at.date().isoformat())
    head: list[tuple[str, object]] = [("填报人", paper.by), ("提交时间", moment(paper.at))]
    if project[0]:
        head = [("项目名称", full_width(project[1])), ("项目编号", project[0]), *head]
    sheet.facts("", head)
    section, lines = "", list[tuple[str, object]]()
    for line in paper.lines:
        if isinstance(line, Table):
            sheet.facts(section, lines)
            lines = []
            _add_table(sheet, line, names)
            continue
        if line.section != section:
            sheet.facts(section, lines)
            section, lines = line.section, []
        lines.append((bare(line.label), _shown(line, names)))
    sheet.facts(section, lines)
    paid = (amounts or {}).get("amount")
    if paper.form_id == PAYMENT and isinstance(paid, int):
        sheet.facts("金额", [("小写（元）", amount(paid, "yuan")), ("大写", capital(paid))])
    return sheet.made()


def _add_table(sheet: Writing, table: Table, names: Mapping[str, str]) -> None:
    share = max(1, 100 // max(1, len(table.columns)))
    heads = [(bare(column.label), KINDS.get(column.kind, "text"), share) for column in table.columns]
    sheet.table(bare(table.label), heads, [[_shown(cell, names) for cell in row] for row in table.rows])


def _shown(line: Row, names: Mapping[str, str]) -> str:
    if line.attachments:
        return "；".join(names.get(key) or key for key in line.attachments)
    return line.value


def of_workings(row: DeadlineRow, workings: Workings, *, now: datetime) -> Content:
    """Return the 时限计算书 of one deadline: every step with its law and notice, and the last day."""
    sheet = Writing("时限计算书", row.project_no, row.project_name, now.date().isoformat())
    sheet.facts(
        "",
        [
            ("项目", f"{full_width(row.project_name)} {row.project_no}".strip()),
            ("单位", row.unit),
            ("时限", str(name_of(DEADLINES, workings.kind))),
            ("起算日", iso(row.starts_on)),
            ("届满", f"{iso(workings.due_on)} 24:00"),
        ],
    )
    steps = [
        [str(number), step(one), "；".join(part for part in (said(one.law), one.notice) if part), iso(one.day)]
        for number, one in enumerate(workings.steps, start=1)
    ]
    heads: list[tuple[str, ColumnKind, int]] = [
        ("序号", "number", 8), ("计算", "text", 44), ("依据", "text", 30), ("日期", "date", 18),
    ]  # fmt: skip
    sheet.table("逐步计算", heads, steps)
    notes = [
        (
            "期间开始的当日不计入；末日为法定休假日的，以休假日结束的次日为末日；末日 24:00 截止"
            "（民法典第二百零一条至第二百零三条）。"
        )
    ]
    if workings.provisional:
        notes.append(f"{workings.due_on.year} 年放假安排尚未公布，日期暂定，公布后自动重算。")
    if row.moved:
        notes.append("本时限经延期登记，届满日已改为延期后的日期。")
    sheet.prose("说明", [*notes, f"{moment(now)} 生成，系统按现行放假安排计算。"])
    return sheet.made()


def of_project(p: ProjectFile, papers: Sequence[tuple[str, str, str, str]], *, now: datetime) -> Content:
    """Return the whole file of a project in one sheet; amounts only where the reader may see them."""
    sheet = Writing("项目卷宗摘要", p.no, p.name, now.date().isoformat())
    sheet.facts(
        "一、概况",
        [
            ("项目名称", full_width(p.name)), ("项目编号", p.no), ("项目单位", p.unit), ("性质", p.nature),
            ("项目负责人", p.lead), ("承建单位", p.builder), ("监理单位", p.supervisor),
        ],
    )  # fmt: skip
    if p.sees_money:
        m = p.money
        sums = [("批复金额", m.approved_fen), ("合同金额", m.contract_fen), ("已付金额", m.paid_fen)]
        sheet.facts("二、资金（万元）", [(label, amount(fen)) for label, fen in sums])
    phases = [
        [
            str(PHASES[one.number - 1]),
            iso(one.started_on),
            iso(one.ended_on),
            said(one.result) or "—",
            one.document or "—",
        ]
        for one in p.phases
    ]
    sheet.table("三、进程", [("阶段", "text", 18), ("开始", "date", 16), ("结束", "date", 16), ("结果", "text", 28),
                            ("文号", "text", 22)], phases)  # fmt: skip
    if papers:
        sheet.table("四、文书",
                    [("文书", "text", 40), ("文号", "text", 28), ("签署", "text", 14), ("日期", "date", 18)],
                    papers)  # fmt: skip
    if p.deadlines:
        rows = [[str(name_of(DEADLINES, d.kind)), iso(d.starts_on), iso(d.due_on), iso(d.met_on)] for d in p.deadlines]
        sheet.table("五、时限",
                    [("时限", "text", 40), ("起算", "date", 20), ("届满", "date", 20), ("办结", "date", 20)],
                    rows)  # fmt: skip
    if p.holds:
        held = [[h.code, cited(getattr(h, "article", "") or ""), iso(getattr(h, "since", None)), iso(h.lifted_on)]
                for h in p.holds]  # fmt: skip
        sheet.table("六、冻结",
                    [("冻结", "text", 30), ("依据", "text", 30), ("生效", "date", 20), ("解除", "date", 20)],
                    held)  # fmt: skip
    if p.tasks:
        open_ = [[drawn(t.name), t.unit, iso(t.due_on)] for t in p.tasks]
        sheet.table("七、待办", [("任务", "text", 50), ("单位", "text", 30), ("期限", "date", 20)], open_)
    return sheet.made()
