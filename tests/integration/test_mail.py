"""A notice leaves as mail for those who have an address, one letter a language, to them alone."""

from __future__ import annotations

from sqlalchemy import select, update

from app.models.accounts import Person
from app.models.process import OutboxItem
from app.services import notices
from tests.integration.web_clients import NOW, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]


def test_one_letter_for_each_language(county: County) -> None:
    reads = {"jyj.wang": ("wang@jyj.example", "en"), "jyj.zhao": ("zhao@jyj.example", ""), "jyj.li": ("", "en")}
    with county.change() as session:
        for username, (email, language) in reads.items():
            session.execute(update(Person).where(Person.username == username).values(email=email, language=language))
        people = [county.people[username] for username in reads]
        for _ in range(2):  # the second time nobody is told anything new
            notices.notify(
                session,
                people,
                message="项目%(project)s的验收已逾期。",
                values={"project": "甲"},
                dedupe_key="late",
                now=NOW,
            )
    with county.look() as session:
        letters = session.scalars(
            select(OutboxItem.payload).where(OutboxItem.kind == "mail").order_by(OutboxItem.id)
        ).all()
    assert [(letter["language"], letter["to"], letter["key"]) for letter in letters] == [
        ("en", ["wang@jyj.example"], "late"),
        ("zh", ["zhao@jyj.example"], "late"),
    ]
