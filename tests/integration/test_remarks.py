"""Remarks over HTTP: who may leave one, whom it may name, who is told, and that it stays as it was written."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from app.domain import mentions
from app.models.business import Project
from app.models.documents import AuditEvent, Notice, Remark
from tests.integration.web_clients import FOREIGN, OWN, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]


def say(county: County, who: str, words: str, *, place: str = "") -> tuple[int, str]:
    path = place or f"/projects/{county['own.project']}/remark"
    answer = county.as_(who).post(path, {"words": words}, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def told(county: County) -> list[tuple[int, str]]:
    with county.look() as session:
        query = (
            select(Notice.person_id, Notice.link).where(Notice.dedupe_key.like("remark:%")).order_by(Notice.person_id)
        )
        return [(person, link) for person, link in session.execute(query)]


def test_a_remark_stands_in_the_story_and_tells_whom_it_names(county: County) -> None:
    status, page = say(county, "jyj.wang", "@陈晨请看建设依据，@jyj.li 也请过目 <b>急</b>")
    assert status == 200
    assert "已留言，已知会 2 人。" in page
    assert "留言：@陈晨请看建设依据，@jyj.li 也请过目 &lt;b&gt;急&lt;/b&gt;（知会：李强、陈晨）" in page
    link = f"/projects/{county['own.project']}?tab=trace"
    assert told(county) == [(county.people["jyj.li"], link), (county.people["dsj.chen"], link)]
    notices = county.as_("dsj.chen").get("/notices").get_data(as_text=True)
    assert f"王芳在“{OWN}”提到你：@陈晨请看建设依据" in notices
    with county.look() as session:
        row = session.scalars(select(Remark)).one()
        assert (row.by_id, row.task_id) == (county.people["jyj.wang"], None)
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "remark")).one()
        assert event.detail == {"remark": row.id, "task": None, "told": sorted(row.told)}
        assert OWN not in str(event.detail), "no words in the audit trail"


def test_a_remark_at_a_task_knows_its_task(county: County) -> None:
    sign = county["own.sign"]
    status, page = say(county, "jyj.li", "周五前签", place=f"/tasks/{sign}/remark?q=平台")
    assert (status, "李强 留言：周五前签" in page) == (200, True)
    with county.look() as session:
        assert session.scalars(select(Remark.task_id)).one() == sign
    assert say(county, "jyj.wang", "不是我的", place=f"/tasks/{sign}/remark")[0] == 404
    assert say(county, "jyj.wang", "还没有项目", place=f"/tasks/{county['own.task']}/remark")[0] == 404
    assert county.count(Remark) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("@周平 请看", "没有看得到这个项目的“周平”，不能提到"),
        ("@屠画 请看", "没有看得到这个项目的“屠画”"),
        ("@甄诚 请看", "没有看得到这个项目的“甄诚”"),
        ("@欧阳博 请看", "没有看得到这个项目的“欧阳博”"),
        ("@查无此人 请看", "没有看得到这个项目的“查无此人”"),
        ("   ", "请先写下要说的话。"),
        ("长" * 501, "一条留言最多 500 字，这条有 501 字。"),
        (" ".join(f"@某人{number}" for number in range(11)), "一条留言最多提到 10 人。"),
    ],
)
def test_nobody_is_told_of_what_he_may_not_see_and_the_words_are_not_lost(
    county: County, words: str, said: str
) -> None:
    status, page = say(county, "jyj.wang", words)
    assert status == 400
    assert said in page
    assert words.strip() in page
    assert (county.count(Remark), told(county)) == (0, [])


def test_two_of_one_name_are_told_apart_by_user_name(county: County) -> None:
    from app.models.accounts import Person  # noqa: PLC0415 -- only here somebody is renamed

    with county.change() as session:
        session.get_one(Person, county.people["jyj.zhao"]).name = "陈晨"
        session.get_one(Person, county.people["wjw.zhou"]).name = "李强"
    assert "有 2 位“陈晨”看得到这个项目，请写用户名。" in say(county, "jyj.wang", "@陈晨 请看")[1]
    assert county.count(Remark) == 0
    assert say(county, "jyj.wang", "@jyj.zhao 和 @李强 请看")[0] == 200
    assert [person for person, _link in told(county)] == [county.people["jyj.zhao"], county.people["jyj.li"]], (
        "not 周平"
    )


@pytest.mark.parametrize("who", ["wjw.zhou", "dsj.tu", "dsj.zhen", "daxue.ouyang", "fgw.gao"])
def test_who_does_not_see_it_or_judges_it_leaves_no_remark(county: County, who: str) -> None:
    if who == "fgw.gao":
        with county.change() as session:
            session.get_one(Project, county["own.project_id"]).path = "G"
    assert say(county, who, "路过")[0] == 404
    assert county.count(Remark) == 0


def test_an_exempt_project_keeps_no_words(county: County) -> None:
    with county.change() as session:
        project = session.get_one(Project, county["own.project_id"])
        project.path, project.name, project.total_fen = "X", "", 0
    for who in ("jyj.li", "dsj.sun"):
        assert say(county, who, "内容")[0] == 404
    assert county.count(Remark) == 0


def test_a_remark_is_read_only_by_who_sees_the_project_and_never_changed(county: County) -> None:
    say(county, "jyj.wang", "只在本项目")
    with pytest.raises(DatabaseError, match="append-only"), county.change() as session:
        session.scalars(select(Remark)).one().words = "改了"
    with pytest.raises(DatabaseError, match="append-only"), county.change() as session:
        session.delete(session.scalars(select(Remark)).one())
    foreign = county.as_("wjw.zhou").get(f"/projects/{county['foreign.project']}?tab=trace").get_data(as_text=True)
    assert FOREIGN in foreign
    assert "只在本项目" not in foreign


def test_names_are_found_without_a_blank_behind_them() -> None:
    assert mentions.written("@王芳请看，@jyj.li. 和@陈晨、@王芳请看") == ("王芳请看", "jyj.li", "陈晨")
    assert mentions.candidates("王芳请看") == ("王芳请看", "王芳请", "王芳")
    assert mentions.written("wang@jyj.gov.cn 邮箱 @") == ()
