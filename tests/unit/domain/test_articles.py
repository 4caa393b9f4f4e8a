"""The text of the regulation, citations, and the register of rules."""

from __future__ import annotations

import pytest

from app.domain import articles, regulation_text
from app.domain.articles import ARTICLES, GLOSSES, WITHOUT_RULE, Article, citation, civil_code, implements


def test_all_36_articles_are_there_with_an_english_gloss() -> None:
    assert list(ARTICLES) == list(range(1, 37))
    assert list(GLOSSES) == list(range(1, 37))
    assert ARTICLES[36] == "本办法自发布之日起施行。"
    assert ARTICLES[20].startswith("政务信息化项目竣工后6个月内，项目单位应当按照国家、省、市、县有关规定组织验收。")
    assert ARTICLES[2].count("\n") == 2
    assert all(text.endswith("。") for text in ARTICLES.values())


def test_the_text_has_full_width_punctuation_only() -> None:
    assert not [number for number, text in ARTICLES.items() if set(text) & set(",;:()\"'")]


def test_the_chapters_cover_every_article_once() -> None:
    covered = [n for _, first, last in regulation_text.CHAPTERS.values() for n in range(first, last + 1)]
    assert covered == list(range(1, 37))


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "第一条"), (10, "第十条"), (11, "第十一条"), (20, "第二十条"), (21, "第二十一条"), (36, "第三十六条")],
)
def test_citations_are_written_in_chinese_numerals(number: int, expected: str) -> None:
    assert citation(number) == expected
    assert Article(number).citation == expected


def test_the_civil_code_is_cited_in_full() -> None:
    assert civil_code(201) == "民法典第二百零一条"


def test_an_article_knows_its_text_and_gloss() -> None:
    article = Article(20, "竣工后6个月内")
    assert article.text == ARTICLES[20]
    assert (
        article.gloss
        == "Acceptance within six months of completion, with an expert sent by the bureau and its approval."
    )


def test_words_may_be_left_out_and_half_width_punctuation_counts() -> None:
    assert Article(13, "县发展改革委不予审批立项,县财政局(国资委)不予安排建设资金").number == 13
    assert Article(5, "不予审批…运维").quote == "不予审批…运维"


def test_nobody_cites_what_the_regulation_does_not_say() -> None:
    with pytest.raises(ValueError, match="article 20 does not say '竣工后3个月内'"):
        Article(20, "竣工后3个月内")
    with pytest.raises(ValueError, match="does not say"):
        Article(5, "运维…不予审批")
    with pytest.raises(ValueError, match="no article 37"):
        Article(37)


def test_a_rule_is_registered_with_its_articles_and_stays_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "_rules", {})
    article = Article(20, "竣工后6个月内")

    @implements(article, ids=("T-10",))
    def later() -> int:
        """Six months."""
        return 6

    @implements(Article(13))
    def earlier() -> None: ...

    assert later() == 6
    assert earlier() is None
    first, second = articles.registered_rules()
    assert first.articles == (Article(13),)
    assert first.summary == ""
    assert second.articles == (article,)
    assert second.ids == ("T-10",)
    assert second.summary == "Six months."
    assert second.name.endswith("later")


def test_a_rule_without_an_article_is_none() -> None:
    with pytest.raises(ValueError, match="at least one article"):
        implements()


def test_articles_without_rule_give_their_reason_in_a_sentence() -> None:
    assert all(number in ARTICLES and reason.endswith("。") for number, reason in WITHOUT_RULE.items())
