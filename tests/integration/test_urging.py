"""催办一条龙 and 本周必须办 over HTTP: what is late by unit and lead, told once a day, and a leader's one page."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from app.models.accounts import PersonRole
from app.models.business import Project
from app.models.documents import AuditEvent, Notice
from tests.integration.web_clients import FOREIGN, FOREIGN_AMOUNTS, NOW, OWN, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]


def section(county: County) -> None:
    """Let the bureau's clerk be head of a section too, and give the own project its lead."""
    with county.change() as session:
        session.add(PersonRole(person_id=county.people["dsj.chen"], role="bur_section", granted_at=NOW))
        session.get_one(Project, county["own.project_id"]).lead_id = county.people["jyj.zhao"]


def urged(county: County) -> list[str]:
    with county.look() as session:
        return list(
            session.scalars(select(AuditEvent.subject_id).where(AuditEvent.act == "urge_unit").order_by(AuditEvent.id))
        )


def test_the_bureau_sees_who_is_late_with_what_and_the_words_to_send(county: County) -> None:
    section(county)
    page = county.as_("dsj.chen").get("/urging").get_data(as_text=True)
    assert "2 个单位逾期 2 项" in page
    text = re.findall(r'<textarea[^>]*id="text-jyj"[^>]*>(.*?)</textarea>', page, re.DOTALL)[0]
    assert text.splitlines() == [
        "【催办】县教育局：截至 2026-11-23，你单位有 1 项时限逾期，请尽快办理。",
        "赵敏：",
        f"1. {OWN}（{county['own.project']}）竣工验收，应于 2026-11-09 前办，已逾期 14 天。",
        "请登录系统“台账”查看时限计算书；需要延期的，请在届满前报送延期报告。",
    ]
    assert "/deadlines?status=overdue&amp;unit=jyj" in page
    assert "负责人 李强" in page


def test_one_click_tells_the_unit_once_a_day(county: County) -> None:
    section(county)
    chen = county.as_("dsj.chen")
    assert chen.post("/urging/jyj", {}).location == "/urging#u-jyj"
    with county.look() as session:
        told = session.execute(
            select(Notice.person_id, Notice.message, Notice.values, Notice.link)
            .where(Notice.dedupe_key.startswith("urge:"))
            .order_by(Notice.person_id)
        ).all()
    assert [row.person_id for row in told] == sorted(county.people[name] for name in ("jyj.wang", "jyj.zhao", "jyj.li"))
    assert told[0].message % told[0].values == ("县大数据局催办：县教育局有 1 项时限逾期，涉及 1 个项目，请尽快办理。")
    assert told[0].link == "/deadlines?status=overdue&unit=jyj"
    assert urged(county) == [str(county.bodies["jyj"])]
    chen.post("/urging/jyj", {})
    assert "陈晨今天已经催过县教育局，同一单位一天只催一次。" in chen.get("/urging").get_data(as_text=True)
    assert len(urged(county)) == 1
    county.clock.move_to(NOW + timedelta(days=1))
    chen.post("/urging/jyj", {})
    assert len(urged(county)) == 2
    assert "由陈晨催过" in chen.get("/urging").get_data(as_text=True)


def test_a_unit_that_is_not_late_and_a_stranger_get_nothing(county: County) -> None:
    section(county)
    assert county.as_("dsj.chen").post("/urging/gaj", {}).status_code == 404
    for stranger in ("jyj.li", "czj.qian", "dsj.zhen", "dsj.tu"):
        assert county.as_(stranger).get("/urging").status_code == 404
        assert county.as_(stranger).post("/urging/jyj", {}).status_code == 404
    assert urged(county) == []
    assert "/urging" not in county.as_("jyj.li").get("/board").get_data(as_text=True)
    assert "/urging" in county.as_("dsj.chen").get("/board").get_data(as_text=True)


def test_a_head_has_her_week_on_one_page_within_her_scope(county: County) -> None:
    page = county.as_("jyj.li").get("/week").get_data(as_text=True)
    assert "2026-11-23 周一 至 2026-11-29 周日" in page
    assert f'href="/tasks/{county["own.sign"]}"' not in page  # it has no date: nothing has to be done this week
    assert "逾期 1 项" in page
    assert OWN in page
    assert FOREIGN not in page
    assert not any(amount in page for amount in FOREIGN_AMOUNTS)
    assert "/week" in county.as_("jyj.li").get("/board").get_data(as_text=True)
