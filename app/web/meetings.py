"""会议助手: agenda and sign-in sheet on A4, one code that leads each expert on a phone to her own form."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from app import clock
from app.domain.papers.content import Content
from app.domain.papers.free import Writing
from app.errors import NotFound
from app.queries import meetings
from app.queries.meetings import Meeting
from app.unit_of_work import read_only
from app.web import paper_sheets
from app.web.filters import drawn
from app.web.identity import reader
from app.web.prints import CHINESE

pages = Blueprint("meetings", __name__, url_prefix="/meetings")
TITLES = {"review": "项目评审会", "acceptance": "项目验收会", "evaluation": "绩效评价会"}
AGENDAS = {
    "review": (
        "主持人宣布会议开始，介绍专家组成员，宣读回避纪律，专家签署利害关系声明。",
        "项目单位汇报项目建议书、可行性研究报告、初步设计、预算和绩效目标。",
        "专家审阅材料，质询讨论。",
        "专家就必要性、需求合理性、建设方案、资源共享方案、项目预算、绩效目标逐项独立评分。",
        "组长汇总形成专家组意见，全体专家确认。",
        "主持人总结，会议结束。",
    ),
    "acceptance": (
        "主持人宣布会议开始，核对签到；主管部门指派的专家须到会（办法第二十条）。",
        "项目单位和承建单位汇报建设情况，监理单位报告监理情况。",
        "专家查看系统演示，审阅档案、测试和安全测评材料，核对数据共享情况。",
        "专家就建设内容、技术、文档、财务、共享、安全逐项独立提出意见。",
        "组长汇总形成验收意见；不合格的列明问题、整改要求和期限（办法第二十一条）。",
        "验收组成员签字，会议结束。",
    ),
    "evaluation": (
        "主持人宣布会议开始，介绍评价依据、权重和方法（办法第二十三条）。",
        "项目单位汇报运行、数据共享和绩效目标完成情况。",
        "专家查验数据，质询讨论。",
        "专家逐项独立评分。",
        "汇总得分，形成评价意见。",
    ),
}
BLANK_LINES = 6
"""Empty lines of a sign-in sheet for those who sit on no panel."""


@pages.get("/<no>")
def show(no: str) -> ResponseReturnValue:
    """Show how many forms are in, and the code for the wall; the sheets are printed from here."""
    found = _meeting(no)
    entrance = paper_sheets.address(url_for("meetings.form", no=no))
    return render_template("meetings/show.html", meeting=found, code=paper_sheets.code(entrance), entrance=entrance)


@pages.get("/<no>/print")
def printed(no: str) -> ResponseReturnValue:
    """Show agenda and sign-in sheet on A4."""
    found = _meeting(no)
    entrance = paper_sheets.address(url_for("meetings.form", no=no))
    with force_locale(CHINESE):
        sheets = [paper_sheets.made(one, target=entrance) for one in (_agenda(found), _sign_in(found))]
    return render_template(
        "papers/print.html", sheets=sheets, title=TITLES[found.purpose], back=url_for("meetings.show", no=no)
    )


@pages.get("/<no>/form")
def form(no: str) -> ResponseReturnValue:
    """Lead an expert who has scanned the code to her own open form, and the organiser to the meeting."""
    with read_only() as rows:
        task_id = meetings.own_form(rows, reader().person, no)
        organises = task_id is None and meetings.of_project(rows, reader().person, no) is not None
    if task_id is not None:
        return redirect(url_for("tasks.show", task_id=task_id))
    if organises:
        return redirect(url_for("meetings.show", no=no))
    flash(_("这个会议现在没有要你填的表。"), "due")
    return redirect(url_for("inbox.index"))


def _meeting(no: str) -> Meeting:
    with read_only() as rows:
        found = meetings.of_project(rows, reader().person, no)
    if found is None:
        raise NotFound
    return found


def _headed(found: Meeting, what: str) -> Writing:
    sheet = Writing(f"{TITLES[found.purpose]}{what}", project_no=found.no, project_name=found.name)
    sheet.facts("", [("项目名称", found.name), ("项目编号", found.no), ("项目单位", found.unit),
                     ("会议时间", "　　　　年　　月　　日　　时"), ("会议地点", "　"), ("主持人", "　")])  # fmt: skip
    return sheet


def _agenda(found: Meeting) -> Content:
    sheet = _headed(found, "议程")
    sheet.prose("议程", [f"{place}. {line}" for place, line in enumerate(AGENDAS[found.purpose], start=1)])
    sheet.prose("填表", ["各位专家用手机扫描下方二维码，登录后填写本人的表；他人评分在本人提交之前不可见。"])
    return sheet.made()


def _sign_in(found: Meeting) -> Content:
    sheet = _headed(found, "签到表")
    seats = [(str(place), drawn(one.name), one.employer, _capacity(one.leader, designated=one.designated), "　", "　")
             for place, one in enumerate(found.seats, start=1)]  # fmt: skip
    blank = [(str(len(seats) + place), "　", "　", "　", "　", "　") for place in range(1, BLANK_LINES + 1)]
    sheet.table("签到", [("序号", "number", 8), ("姓名", "text", 16), ("单位", "text", 32), ("身份", "text", 16),
                       ("签字", "text", 16), ("联系电话", "text", 18)], [*seats, *blank])  # fmt: skip
    sheet.prose("", [f"制表日{clock.today().year}年{clock.today().month}月{clock.today().day}日。"])
    return sheet.made()


def _capacity(leader: bool, *, designated: bool) -> str:
    if leader:
        return "组长"
    return "指派专家" if designated else "专家"
