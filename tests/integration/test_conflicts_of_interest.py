"""COI-01 … COI-10 and four eyes in the services: at the assignment, again when an expert acts, and in the inbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.domain.expert_draw import draw
from app.errors import NotFound, NotPermitted, Refused
from app.models.accounts import ExpertTie, Organisation, Person
from app.models.business import ExpertForm, ExpertReplacement, PanelMember
from app.models.process import TaskAudience, UserTask
from app.services import definitions, expert_replacements, expert_ties, user_tasks
from app.settings import ROOT
from app.unit_of_work import Database
from tests.integration.county import APPLICATION, FILING, RESOURCE, SHARING, WAN, County
from tests.integration.office import Office, furnish, task
from tests.unit.engine.drawing import end, flows, start

TODAY = date(2025, 11, 10)
UNIT = "修武县农业农村局"
PANEL = {"method": "随机", "experts": [{"expert": f"expert{n}"} for n in range(3)], "leader": "expert0"}
SCORES = {
    f"{key}_{part}": value
    for key in ("necessity", "demand", "solution", "sharing", "budget", "performance")
    for part, value in (("score", 85), ("comment", "方案可行，理由充分，同意实施。"))
}


@pytest.fixture
def county(database: Database) -> Iterator[County]:
    with Session(database.engine, expire_on_commit=False) as opened:
        found = County(opened, TODAY)
        found.plan()
        found.fill("unit_clerk", "f03", FILING)
        found.sign("unit_head", "f03")
        found.fill("bur_clerk", "f04", {"complete": True, "opinion": "齐全"})
        found.fill("bur_share", "f04s", SHARING)
        yield found


def tied(county: County, organisation: str, kind: str, until: date | None = None, *, who: str = "expert1") -> None:
    expert_ties.register(
        county.session, county.actors[who].id, organisation=organisation, kind=kind, until=until,
        by=county.actors["bur_section"], now=county.now,
    )  # fmt: skip


def rules(county: County, who: str, form_id: str, answers: dict[str, object]) -> list[str]:
    return [refusal.gate for refusal in county.refused(who, form_id, answers)]


def seats(county: County) -> list[str]:
    rows = county.session.scalars(select(PanelMember).where(PanelMember.replaced.is_(False)).order_by(PanelMember.id))
    return [county.session.get_one(Person, row.person_id).username for row in rows]


@pytest.mark.parametrize(
    ("organisation", "kind", "until", "refused"),
    [
        (UNIT, "employment", None, True),
        (UNIT, "employment", date(2022, 11, 10), True),
        (UNIT, "employment", date(2022, 11, 9), False),
        ("修武县农业技术推广站", "employment", date(2024, 5, 1), True),
        (UNIT, "share", None, False),
    ],
)
def test_coi01_past_employment_counts_for_three_years_and_subordinates_too(
    county: County, organisation: str, kind: str, until: date | None, *, refused: bool
) -> None:
    unit = county.session.scalars(select(Organisation).where(Organisation.name == UNIT)).one()
    county.session.add(
        Organisation(
            code="njz", name="修武县农业技术推广站", short="农技站", kind="employer", eligible=False, parent_id=unit.id
        )
    )
    tied(county, organisation, kind, until)
    if refused:
        assert rules(county, "bur_section", "f05", PANEL) == ["COI-01"]
        assert seats(county) == []
    else:
        county.fill("bur_section", "f05", PANEL)
        assert seats(county) == ["expert0", "expert1", "expert2"]


def test_coi01_is_asked_again_when_the_expert_acts(county: County) -> None:
    county.fill("bur_section", "f05", PANEL)
    tied(county, UNIT, "employment", date(2024, 1, 1))
    assert rules(county, "expert1", "f05d", {"interest": "无", "promise": True}) == ["COI-01"]
    county.fill("expert1", "f05d", {"interest": "有", "interest_detail": "曾在该局任职"})
    drawn = county.session.scalars(select(ExpertReplacement)).one()
    assert drawn.replacement_id is not None
    successor = county.session.get_one(Person, drawn.replacement_id).username
    assert seats(county) == ["expert0", "expert2", successor]
    assert successor == draw(drawn.candidates, drawn.seed), "anybody can draw again and find the same"
    assert (drawn.cause, drawn.reason, drawn.replaced_id) == ("declared", "曾在该局任职", county.actors["expert1"].id)
    assert not {"expert0", "expert1", "expert2"} & set(drawn.candidates)
    row = county.session.scalars(select(PanelMember).where(PanelMember.replaced)).one()
    assert (row.interest_declared, row.reason) == (True, "曾在该局任职")


def test_nobody_is_drawn_who_has_a_conflict_herself(county: County) -> None:
    county.fill("bur_section", "f05", PANEL)
    others = [name for name in county.actors if re.fullmatch(r"expert[3-9]", name)]
    for name in others[1:]:
        tied(county, UNIT, "employment", who=name)
    county.fill("expert1", "f05d", {"interest": "有", "interest_detail": "亲属任职"})
    drawn = county.session.scalars(select(ExpertReplacement)).one()
    assert drawn.candidates == others[:1]
    assert seats(county) == ["expert0", "expert2", others[0]]
    tied(county, UNIT, "employment", who=others[0])
    assert rules(county, others[0], "f05d", {"interest": "无", "promise": True}) == ["COI-01"]
    county.fill(others[0], "f05d", {"interest": "有", "interest_detail": "刚登记的任职"})
    nobody = county.session.scalars(select(ExpertReplacement).order_by(ExpertReplacement.id.desc()).limit(1)).one()
    assert (nobody.candidates, nobody.replacement_id) == ([], None)
    assert seats(county) == ["expert0", "expert2"]
    assert rules(county, "bur_section", "f05", PANEL | {"experts": [{"expert": "expert0"}, {"expert": "expert2"}]}) == [
        "G-09"
    ]


def test_a_replacement_stays_as_it_was_drawn(county: County) -> None:
    county.fill("bur_section", "f05", PANEL)
    county.fill("expert1", "f05d", {"interest": "有", "interest_detail": "亲属任职"})
    county.session.commit()
    for statement in ("UPDATE expert_replacement SET seed = '0'", "DELETE FROM expert_replacement"):
        with pytest.raises(DatabaseError, match="append-only"):
            county.session.execute(text(statement))
        county.session.rollback()


def test_what_comes_to_light_after_the_declaration_stops_the_scores(county: County) -> None:
    county.fill("bur_section", "f05", PANEL)
    for n in range(3):
        county.fill(f"expert{n}", "f05d", {"interest": "无", "promise": True})
    county.fill("expert1", "f05e", SCORES | {"conclusion": "通过"})
    tied(county, UNIT, "employment")
    assert rules(county, "expert1", "f05e", SCORES | {"conclusion": "通过"}) == ["COI-01"]
    county.fill("expert0", "f05e", SCORES | {"conclusion": "通过"})
    county.fill("expert2", "f05e", SCORES | {"conclusion": "通过"})
    refused = rules(county, "expert0", "f05g", {"conclusion": "通过", "text": "同意"})
    assert refused == ["COI-01"], "the panel's opinion does not stand on a member in conflict"
    assert len(county.session.scalars(select(ExpertForm)).all()) == 3


def test_a_declared_interest_cannot_be_seated_again(county: County) -> None:
    county.fill("bur_section", "f05", PANEL)
    county.fill("expert1", "f05d", {"interest": "有", "interest_detail": "亲属任职"})
    drawn = county.session.scalars(select(ExpertReplacement)).one()
    shown = expert_replacements.prefill(county.session, drawn.project_id)
    assert (shown["method"], shown["seed"], shown["leader"]) == ("随机", drawn.seed, "expert0")
    assert shown["replaced"] == [{"expert": "expert1", "reason": "亲属任职"}]
    assert shown["experts"] == [{"expert": name} for name in seats(county)]
    assert rules(county, "bur_section", "f05", PANEL) == ["COI-07"]
    county.fill("bur_section", "f05", PANEL | {"experts": [{"expert": f"expert{n}"} for n in (0, 2, 3)]})
    assert seats(county) == ["expert0", "expert2", "expert3"]


@pytest.mark.parametrize("kind", ["share", "pay", "employment"])
def test_coi02_whoever_is_bound_to_the_builder_does_not_sit_at_acceptance(county: County, kind: str) -> None:
    county.fill("bur_section", "f05", PANEL)
    for n in range(3):
        county.fill(f"expert{n}", "f05d", {"interest": "无", "promise": True})
        county.fill(f"expert{n}", "f05e", SCORES | {"conclusion": "通过"})
    county.fill("expert0", "f05g", {"conclusion": "通过", "text": "同意"})
    county.fill("bur_clerk", "f06", {"conclusion": "通过", "reviewed_total": 233 * WAN, "text": "同意"})
    county.sign("bur_head", "f06")
    county.run("library.enter")
    county.approve()
    county.today = date(2026, 2, 2)
    county.fund()
    county.endorse()
    county.contract()
    county.build()
    county.complete(county.today)
    county.fill("bur_share", "f23", RESOURCE, records="platform_no")
    tied(county, "云台数科", kind, who="expert4")
    county.fill("unit_clerk", "f16a", APPLICATION)
    county.fill("bur_share", "f16s", {"access": "已接入", "items_ok": True})
    designation = {"experts": [{"expert": "expert4", "reviewed_before": False}], "reason": "指派"}
    assert rules(county, "bur_section", "f05z", designation) == ["COI-02"]
    reviewer = {"experts": [{"expert": "expert0", "reviewed_before": True}], "reason": "指派"}
    assert rules(county, "bur_section", "f05z", reviewer) == ["COI-03"]
    county.fill("bur_section", "f05z", {"experts": [{"expert": "expert3"}, {"expert": "expert0"}], "reason": "指派"})


def test_ties_are_entered_by_the_bureau_about_experts_only(county: County) -> None:
    expert, clerk = county.actors["expert1"].id, county.actors["unit_clerk"].id
    asked = {"organisation": UNIT, "kind": "employment", "until": None, "now": county.now}
    for who in ("unit_clerk", "expert1", "fin_budget"):
        with pytest.raises(NotPermitted):
            expert_ties.register(county.session, expert, by=county.actors[who], **asked)  # type: ignore[arg-type]
    keeper = county.actors["bur_section"]
    with pytest.raises(NotFound):
        expert_ties.register(county.session, clerk, by=keeper, **asked)  # type: ignore[arg-type]
    for wrong in ({"organisation": " "}, {"kind": "friend"}, {"until": date(2025, 11, 11)}):
        with pytest.raises(Refused):
            expert_ties.register(county.session, expert, by=keeper, **(asked | wrong))  # type: ignore[arg-type]
    assert county.session.scalars(select(ExpertTie)).all() == []


# -- COI-09: who prepares does not find the signature in her inbox -----------------------------------------------------


SIGNING = (ROOT / "forms" / "f00s.form").read_bytes()


@pytest.fixture
def office(database: Database) -> Office:
    found = furnish(database)
    with database.unit_of_work() as session:
        definitions.publish(session, SIGNING, kind="form", now=found.now, by=None, shipped=True)
    signing = '<zeebe:properties><zeebe:property name="signs" value="note"/></zeebe:properties>'
    found.publish(start() + task("a") + task("b", form="f00s", extensions=signing) + end() + flows("s > a > b > e"))
    return found


def found_by(office: Office) -> list[str]:
    with office.look() as session:
        waiting = select(UserTask.id).where(UserTask.element_id == "b", UserTask.status == "open")
        names = session.scalars(select(TaskAudience.audience).where(TaskAudience.task_id.in_(waiting)))
        return sorted(names)


def test_coi09_who_prepared_does_not_find_the_signature(office: Office) -> None:
    office.start()
    office.complete("a", by="clerk")
    colleague = office.people["colleague"].id
    assert found_by(office) == [f"p:{colleague}"]
    with pytest.raises(NotFound), office.database.unit_of_work() as session:
        user_tasks.claim(session, office.task("b"), by=office.people["clerk"], now=office.now)
    with pytest.raises(NotFound), office.database.unit_of_work() as session:
        user_tasks.complete(
            session, office.task("b"), {"result": "同意", "opinion": "同意"}, by=office.people["clerk"], now=office.now
        )
    with office.database.unit_of_work() as session:
        user_tasks.claim(session, office.task("b"), by=office.people["colleague"], now=office.now)
        user_tasks.release(session, office.task("b"), by=office.people["colleague"], now=office.now)
    assert found_by(office) == [f"p:{colleague}"]


def test_coi09_the_other_way_round(office: Office) -> None:
    office.start()
    office.complete("a", by="colleague")
    assert found_by(office) == [f"p:{office.people['clerk'].id}"]


def test_a_signature_that_only_the_preparer_could_give_is_not_lost(office: Office) -> None:
    with office.database.unit_of_work() as session:
        session.get_one(Person, office.people["colleague"].id).active = False
    office.start()
    office.complete("a", by="clerk")
    assert found_by(office) == [f"r:unit_clerk@{office.units['school']}"]
