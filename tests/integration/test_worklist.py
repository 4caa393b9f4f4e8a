"""One's own order in the inbox over HTTP: kept filters, tasks put off, the list as a workbook."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.clock import SHANGHAI
from app.models.process import PutOff, TaskAudience, UserTask
from app.models.registers import RegisterView
from tests.integration.web_clients import FOREIGN, NOW, TODAY, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]

CLERK, COLLEAGUE = "jyj.wang", "jyj.zhao"


def due(county: County, days: int, task: str = "own.task") -> int:
    """Let a task end at 24:00 of a day so many days from today."""
    moment = datetime.combine(TODAY + timedelta(days=days + 1), datetime.min.time(), tzinfo=SHANGHAI)
    with county.change() as session:
        session.get_one(UserTask, county[task]).due_at = moment
        for row in session.scalars(select(TaskAudience).where(TaskAudience.task_id == county[task])):
            row.due_at = moment
    return int(county[task])


def groups(county: County, who: str = CLERK, query: str = "") -> dict[str, list[int]]:
    """Return the tasks on the page under the headings in their order."""
    page = county.as_(who).get(f"/inbox{query}").get_data(as_text=True)
    found = {}
    for body in re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL):
        heading = re.search(r'scope="rowgroup">([^<]+)<', body)
        if heading:
            found[heading[1]] = [int(number) for number in re.findall(r'data-task="(\d+)"', body)]
    return found


def put_off(county: County, task: int, day: str, who: str = CLERK) -> str:
    return county.as_(who).post(f"/tasks/{task}/put-off", {"until": day}, follow_redirects=True).get_data(as_text=True)


def test_a_task_put_off_sinks_until_its_day_and_keeps_its_deadline(county: County) -> None:
    task = due(county, 10)
    assert task in groups(county)["之后"]
    assert "已搁到 2026-11-26，时限不变。" in put_off(county, task, "2026-11-26")
    assert groups(county)["搁到以后"] == [task]
    assert list(groups(county))[-1] == "搁到以后"
    page = county.as_(CLERK).get("/inbox").get_data(as_text=True)
    assert "搁到 2026-11-26" in page
    assert "12-03 周四" in page, "the deadline is still shown"
    assert task in groups(county, COLLEAGUE)["之后"], "a colleague's order is her own"
    assert groups(county, query="?q=没有") == {}
    county.clock.moment = NOW + timedelta(days=3)
    assert "搁到以后" not in groups(county)
    assert task in [one for found in groups(county).values() for one in found]


def test_it_can_be_taken_up_again(county: County) -> None:
    task = due(county, 10)
    put_off(county, task, "2026-11-26")
    put_off(county, task, "2026-11-27")
    assert "已取回，照常排列。" in put_off(county, task, "")
    assert task in groups(county)["之后"]
    assert county.count(PutOff) == 0


def test_what_is_due_is_never_out_of_sight(county: County) -> None:
    task = due(county, 10)
    put_off(county, task, "2026-12-03")
    assert groups(county)["搁到以后"] == [task]
    due(county, 0)
    assert task in groups(county)["今日到期"], "its deadline moved: it comes up whatever was asked"
    due(county, -2)
    assert task in groups(county)["逾期"]


@pytest.mark.parametrize(
    ("days", "until", "said"),
    [
        (10, "2026-11-23", "请选明天或者以后的日子。"),
        (10, "2026-12-04", "这件事 2026-12-03 到期，最晚搁到那一天。"),
        (10, "不知道", "请选明天或者以后的日子。"),
        (0, "2026-11-24", "这件事今天到期或者已经逾期，不能再搁。"),
        (-3, "2026-11-24", "这件事今天到期或者已经逾期，不能再搁。"),
    ],
)
def test_a_wrong_day_is_refused(county: County, days: int, until: str, said: str) -> None:
    task = due(county, days)
    assert said in put_off(county, task, until)
    assert county.count(PutOff) == 0


def test_only_who_finds_a_task_puts_it_off(county: County) -> None:
    for who in ("wjw.zhou", "dsj.chen", "dsj.zhen"):
        assert county.as_(who).post(f"/tasks/{county['own.task']}/put-off", {"until": "2026-11-26"}).status_code == 404
    assert county.count(PutOff) == 0


def test_a_filter_is_kept_used_shared_and_deleted(county: County) -> None:
    clerk = county.as_(CLERK)
    kept = clerk.post("/inbox/views?q=计划&tab=all", {"name": "本年计划", "shared": "1"}, follow_redirects=True)
    assert "筛选已保存。" in kept.get_data(as_text=True)
    with county.look() as session:
        row = session.scalars(select(RegisterView)).one()
        assert (row.register, row.query, row.shared) == ("inbox", "q=%E8%AE%A1%E5%88%92", True)
        number = row.id
    assert 'href="/inbox?q=%E8%AE%A1%E5%88%92">本年计划</a>' in county.as_(COLLEAGUE).get("/inbox").get_data(
        as_text=True
    )
    assert "本年计划" not in county.as_("wjw.zhou").get("/inbox").get_data(as_text=True)
    assert county.as_(COLLEAGUE).post(f"/inbox/views/{number}/discard", {}).status_code == 404
    nameless = clerk.post("/inbox/views?q=x", {"name": " "}, follow_redirects=True).get_data(as_text=True)
    assert "请给这个筛选起一个名字。" in nameless
    assert county.count(RegisterView) == 1
    assert clerk.post(f"/inbox/views/{number}/discard", {}).status_code == 302
    assert county.count(RegisterView) == 0


def test_a_filter_survives_opening_a_task_and_completing_it(county: County) -> None:
    sign = county["own.sign"]
    head = county.as_("jyj.li")
    page = head.get("/inbox?q=%E5%B9%B3%E5%8F%B0").get_data(as_text=True)
    opened = f"/tasks/{sign}?q=%E5%B9%B3%E5%8F%B0"
    assert f'href="{opened}"' in page
    task = head.get(opened).get_data(as_text=True)
    assert 'href="/inbox?q=%E5%B9%B3%E5%8F%B0"' in task
    assert f'action="/tasks/{sign}/complete?q=%E5%B9%B3%E5%8F%B0"' in task
    done = head.post(f"/tasks/{sign}/complete?q=平台", json={"values": {"result": "退回", "opinion": "请补充"}})
    assert done.get_json() == {"url": "/inbox?q=%E5%B9%B3%E5%8F%B0"}
    found = head.get("/inbox?tab=done&q=%E5%B9%B3%E5%8F%B0").get_data(as_text=True)
    assert f'href="/tasks/{sign}?tab=done&amp;q=%E5%B9%B3%E5%8F%B0"' in found, "what is done is found again"
    assert head.get(f"/tasks/{sign}").status_code == 200
    assert "没有找到" in head.get("/inbox?tab=done&q=%E5%8C%BB%E9%99%A2").get_data(as_text=True)


def test_the_list_is_handed_out_as_a_workbook_of_ones_own_tasks(county: County) -> None:
    task = due(county, 10)
    put_off(county, task, "2026-11-26")
    answer = county.as_(CLERK).get("/inbox/workbook")
    assert answer.headers["Content-Disposition"].endswith(".xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert lines[0][0] == "待办清单"
    assert lines[2] == ["分类", "时限", "事项", "项目编号", "项目", "单位", "流程", "为何给我", "搁到"]
    (line,) = [one for one in lines[3:] if one[0] == "搁到以后"]
    assert line[1] == datetime(2026, 12, 3)  # noqa: DTZ001 -- a workbook's day has no zone
    assert line[2] == "填报计划项"
    assert line[-2:] == ["单位经办", datetime(2026, 11, 26)]  # noqa: DTZ001
    assert FOREIGN not in str(lines)
    mine = county.as_(CLERK).get("/inbox/workbook?q=没有这样的").data
    assert load_workbook(io.BytesIO(mine)).active.max_row == 3
