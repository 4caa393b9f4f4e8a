"""公文自动成稿: what the forms of opinions open with, from the scores, findings and checks that were recorded."""

from __future__ import annotations

from datetime import timedelta

from app.services.papers.first_words import WRITERS, first_words
from tests.integration.county import EXPERT, FILING, SHARING, County
from tests.integration.desk import county, session, to_the_contract, to_the_library

__all__ = ["county", "session"]


def words(county: County, form_id: str) -> dict[str, object]:
    county.session.flush()
    return dict(first_words(county.session, form_id, county.project.id, today=county.today))


def test_the_panels_opinion_is_put_together_once_every_score_is_in(county: County) -> None:
    county.plan()
    county.wait(40)
    county.fill("unit_clerk", "f03", FILING)
    county.sign("unit_head", "f03")
    county.fill("bur_clerk", "f04", {"complete": True, "opinion": "齐全"})
    county.fill("bur_share", "f04s", SHARING)
    seats = [{"expert": f"expert{n}"} for n in range(3)]
    county.fill("bur_section", "f05", {"method": "随机", "experts": seats, "leader": "expert0"})
    for number, score in enumerate((50, 60, 64)):
        assert words(county, "f05g") == {}
        county.fill(f"expert{number}", "f05d", {"interest": "无", "promise": True})
        county.fill(f"expert{number}", "f05e", EXPERT | {"budget_score": score})
    lines = str(words(county, "f05g")["text"]).splitlines()
    assert lines[0] == "专家组3名成员审阅材料、听取汇报，经质询讨论，形成如下意见。"
    assert lines[1] == (
        "六项评审内容平均分：必要性88.0分，需求合理性88.0分，建设方案88.0分，资源共享方案88.0分，项目预算58.0分，绩效目标88.0分。"
    )
    assert lines[2] == "低于60分的有：项目预算。"
    assert lines[3] == "必要性：内容完整，理由充分，同意。"
    assert lines[-1] == "个人结论：3名建议“通过”。"
    assert "expert" not in "".join(lines)


def test_the_bureaus_opinions_open_with_what_was_decided_before(county: County) -> None:
    to_the_library(county)
    said = str(words(county, "f06")["text"])
    assert "专家组结论为通过，六项评审内容平均分：必要性88.0分" in said
    assert said.endswith("数据共享和共建共用审查结论为符合。")
    industry = str(words(county, "f08i")["text"])
    assert "以修数审〔2025〕1号出具审核意见，结论为通过。" in industry
    assert words(county, "f26") == words(county, "f31") == words(county, "f16g") == {}


def test_an_order_opens_with_the_findings_and_a_measure_with_the_order(county: County) -> None:
    to_the_contract(county)
    found = [{"fact": "接口未接入", "basis": "第二十八条"}, {"fact": "目录未更新", "basis": "第二十七条"}]
    county.fill("bur_insp", "f21i", {"violation": True, "findings": found})
    assert words(county, "f31") == {
        "items": [{"fact": "接口未接入", "requirement": ""}, {"fact": "目录未更新", "requirement": ""}],
        "basis": "第二十八条、第二十七条",
    }
    due = county.today + timedelta(days=20)
    items = [{"fact": one["fact"], "requirement": "改正"} for one in found]
    county.fill("bur_head", "f31", {"items": items, "basis": "第三十一条", "limit": due})
    assert words(county, "f26") == {
        "facts": f"修数改〔{county.today.year}〕1号要求{due.year}年{due.month}月{due.day}日前整改的事项："
        "1.接口未接入；2.目录未更新。"
    }


def test_only_forms_of_opinions_have_first_words(county: County) -> None:
    to_the_library(county)
    assert set(WRITERS) == {"f05g", "f06", "f08i", "f16g", "f16h", "f26", "f31"}
    assert words(county, "f18") == {}
