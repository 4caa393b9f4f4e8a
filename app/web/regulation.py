"""The text of the regulation, article by article."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.domain.articles import ARTICLES, GLOSSES, citation
from app.errors import NotFound
from app.web.language import language

pages = Blueprint("regulation", __name__, url_prefix="/regulation")


@dataclass(frozen=True)
class ArticlePage:
    """One article as a page shows it."""

    number: int
    title: str
    lines: tuple[str, ...]


@pages.get("/<int:number>")
def article(number: int) -> ResponseReturnValue:
    """Show one article; in English with its meaning in a sentence, since only the Chinese text binds."""
    if number not in ARTICLES:
        raise NotFound
    lines = tuple(ARTICLES[number].split("\n"))
    if language() == "en":
        lines = (GLOSSES[number], *lines)
    return render_template("article.html", article=ArticlePage(number, citation(number), lines))
