"""Every article has a rule or a stated reason, and the generated page says what the code does."""

from __future__ import annotations

import pytest

from app.domain.articles import ARTICLES, WITHOUT_RULE, registered_rules
from app.domain.gates import GATES
from app.regulation_page import page
from app.settings import ROOT


@pytest.mark.parametrize("number", ARTICLES)
def test_an_article_has_a_rule_or_a_reason(number: int) -> None:
    ruled = {article.number for rule in registered_rules() for article in rule.articles}
    assert number in ruled or WITHOUT_RULE.get(number)


def test_every_gate_names_its_article() -> None:
    named = {name for rule in registered_rules() for name in rule.ids}
    assert set(GATES) - named == set()


def test_the_page_is_fresh() -> None:
    written = (ROOT / "docs" / "REGULATION.md").read_text(encoding="utf-8")
    assert written == page(), "docs/REGULATION.md is stale: run `make docs`"
