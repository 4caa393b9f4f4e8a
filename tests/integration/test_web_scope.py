"""What each role sees of projects (specification §2.3): in lists, files, searches, counts, notices, registers."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from app.models.business import Contract, PanelMember, Project
from app.models.documents import Notice
from app.services import ledger
from tests.integration.web_clients import (
    FOREIGN,
    FOREIGN_AMOUNTS,
    NOW,
    OWN,
    OWN_WAN,
    TODAY,
    County,
)

OWN_AMOUNTS = (f"{OWN_WAN:,}", "1,000.00", "400.00", "300.00", "600.00")
PLACES = (
    "/inbox",
    "/inbox?unit=wjw",
    "/projects",
    "/projects?unit=wjw",
    "/search?q=平台",
    "/search?q=县",
    "/holds",
    "/deadlines",
    "/deadlines?status=overdue",
    "/deadlines?unit=jyj",
    "/board",
    "/funds?year=2026",
    "/notices",
    "/start",
    "/processes/p01u_unit_plan",
)
"""Every page that lists or sums."""


def pages(county: County, who: str, places: tuple[str, ...] = PLACES) -> dict[str, str]:
    """Return the text of the pages as a person sees them."""
    found = {place: county.as_(who).get(place) for place in places}
    assert {place: answer.status_code for place, answer in found.items()} == dict.fromkeys(places, 200), who
    return {place: answer.get_data(as_text=True) for place, answer in found.items()}


def holding(texts: dict[str, str], *words: str) -> list[str]:
    """Return the pages that hold one of the words, apart from what the reader herself has typed into a search."""
    return [place for place, text in texts.items() if any(word in _without_typed(text) for word in words)]


def _without_typed(text: str) -> str:
    return re.sub(r'<input[^>]*type="search"[^>]*>', "", text)


def test_a_unit_sees_its_own_projects_and_nothing_at_all_of_the_other(county: County) -> None:
    own, foreign = county["own.project"], county["foreign.project"]
    clerk = pages(county, "jyj.wang")
    assert holding(clerk, FOREIGN, foreign, "县卫健委", "周平", *FOREIGN_AMOUNTS) == []
    assert {"/projects", "/holds", "/deadlines", "/board", "/funds?year=2026", "/notices"} <= set(holding(clerk, OWN))
    assert holding(clerk, *OWN_AMOUNTS[1:2]) != []
    other = pages(county, "wjw.zhou")
    assert holding(other, OWN, own, "县教育局", "王芳", f"{OWN_WAN:,}", "1,000.00") == []
    assert "/projects" in holding(other, FOREIGN)


def test_the_file_of_a_project_opens_for_its_unit_and_for_those_who_see_it(county: County) -> None:
    own, foreign = f"/projects/{county['own.project']}", f"/projects/{county['foreign.project']}"
    expected = {
        "jyj.wang": (200, 404),
        "jyj.zhao": (200, 404),
        "jyj.li": (200, 404),
        "wjw.zhou": (404, 200),
        "wjw.xu": (404, 200),
        "dsj.chen": (200, 200),
        "dsj.sun": (200, 200),
        "fgw.gao": (200, 200),
        "czj.qian": (200, 200),
        "gaj.wei": (200, 200),
        "dsj.tu": (404, 404),
        "dsj.zhen": (404, 404),
        "ruanjian.he": (404, 404),
        "daxue.ouyang": (200, 404),
        "daxue.shangguan": (404, 404),
    }
    found = {who: tuple(county.as_(who).get(one).status_code for one in (own, foreign)) for who in expected}
    assert found == expected
    for tab in ("process", "tasks", "materials", "money", "opinions", "deadlines", "holds", "trace"):
        assert county.as_("wjw.zhou").get(f"{own}?tab={tab}").status_code == 404
        assert county.as_("jyj.wang").get(f"{own}?tab={tab}").status_code == 200, tab
    absent = county.as_("wjw.zhou").get("/projects/XWXX-2027-T-999").get_data(as_text=True)
    hidden = county.as_("wjw.zhou").get(own).get_data(as_text=True)
    assert re.sub(r"XWXX-2027-T-\d+|csrf_token\" value=\"[^\"]+", "", hidden) == re.sub(
        r"XWXX-2027-T-\d+|csrf_token\" value=\"[^\"]+", "", absent
    ), "the two cannot be told apart"


def test_a_search_by_the_exact_number_opens_ones_own_and_finds_nothing_of_others(county: County) -> None:
    clerk, own, foreign = county.as_("jyj.wang"), county["own.project"], county["foreign.project"]
    assert clerk.get(f"/search?q={own.lower()}").location == f"/projects/{own}"
    found = clerk.get(f"/search?q={foreign}")
    assert (found.status_code, FOREIGN in found.get_data(as_text=True)) == (200, False)
    assert county.as_("dsj.chen").get(f"/search?q={foreign}").location == f"/projects/{foreign}"


def test_instances_deadlines_and_previews_of_others_do_not_exist(county: County) -> None:
    clerk = county.as_("jyj.wang")
    for kind, key in (("instances", "instance"), ("instances", "begun"), ("deadlines", "deadline")):
        assert clerk.get(f"/{kind}/{county['own.' + key]}").status_code == 200, key
        assert clerk.get(f"/{kind}/{county['foreign.' + key]}").status_code == 404, key
    assert clerk.get(f"/inbox/{county['own.task']}/preview").status_code == 200
    assert clerk.get(f"/inbox/{county['foreign.task']}/preview").status_code == 404
    shown = clerk.get(f"/inbox?task={county['foreign.task']}")
    assert (shown.status_code, "周平" in shown.get_data(as_text=True)) == (200, False)
    for who in ("dsj.zhen", "dsj.tu", "ruanjian.he", "daxue.shangguan"):
        found = [county.as_(who).get(f"/instances/{county[key]}").status_code
                 for key in ("own.instance", "own.begun", "foreign.instance", "foreign.begun")]  # fmt: skip
        assert found == [404] * 4, who


def test_who_draws_diagrams_or_keeps_accounts_sees_no_project_content(county: County) -> None:
    words = (OWN, FOREIGN, county["own.project"], county["foreign.project"], *FOREIGN_AMOUNTS, OWN_AMOUNTS[0])
    for who in ("dsj.tu", "dsj.zhen"):
        assert holding(pages(county, who), *words) == [], who


def test_not_even_of_their_own_bureaus_projects(county: County) -> None:
    with county.change() as session:
        project = session.get_one(Project, county["foreign.project_id"])
        project.unit_id = county.bodies["dsj"]
        ledger.enter(session, "evaluation_ends", TODAY, project_id=project.id, now=NOW, until=TODAY + timedelta(days=9))
    for who in ("dsj.tu", "dsj.zhen"):
        assert holding(pages(county, who), FOREIGN, county["foreign.project"], *FOREIGN_AMOUNTS) == [], who
        assert county.as_(who).get(f"/projects/{county['foreign.project']}").status_code == 404


def test_an_expert_sees_only_what_she_is_seated_on_and_no_money(county: County) -> None:
    seated = pages(county, "daxue.ouyang")
    assert "/projects" in holding(seated, OWN)
    assert holding(seated, FOREIGN, county["foreign.project"], *FOREIGN_AMOUNTS, *OWN_AMOUNTS) == []
    file = county.as_("daxue.ouyang").get(f"/projects/{county['own.project']}?tab=money").get_data(as_text=True)
    assert [amount for amount in OWN_AMOUNTS if amount in file] == []
    unseated = pages(county, "daxue.shangguan")
    assert holding(unseated, OWN, FOREIGN, county["own.project"], county["foreign.project"]) == []
    with county.change() as session:
        session.scalars(select(PanelMember)).one().replaced = True
    assert county.as_("daxue.ouyang").get(f"/projects/{county['own.project']}").status_code == 404


def test_the_bureau_and_finance_see_all_with_its_money_and_security_without(county: County) -> None:
    for who in ("dsj.chen", "czj.qian", "fgw.gao"):
        everything = pages(county, who)
        assert {"/projects", "/holds", "/deadlines", "/board", "/funds?year=2026"} <= set(holding(everything, OWN)), who
        assert "/projects" in holding(everything, FOREIGN_AMOUNTS[0]), who
        assert "/funds?year=2026" in holding(everything, FOREIGN_AMOUNTS[3]), who
    guard = pages(county, "gaj.wei")
    assert {"/projects", "/deadlines"} <= set(holding(guard, OWN))
    assert holding(guard, *FOREIGN_AMOUNTS, *OWN_AMOUNTS) == []
    file = county.as_("gaj.wei").get(f"/projects/{county['foreign.project']}?tab=money").get_data(as_text=True)
    assert [amount for amount in FOREIGN_AMOUNTS if amount in file] == []


def test_the_commission_sees_a_project_from_the_countys_consent_on(county: County) -> None:
    gao, page = county.as_("fgw.gao"), f"/projects/{county['own.project']}"
    for state, path, status in (("PLAN_SUBMITTED", "T", 404), ("PLAN_APPROVED", "T", 200), ("PLAN_APPROVED", "L", 200),
                                ("PLAN_APPROVED", "G", 404), ("DRAFT", "T", 404)):  # fmt: skip
        with county.change() as session:
            project = session.get_one(Project, county["own.project_id"])
            project.state, project.path = state, path
        assert gao.get(page).status_code == status, (state, path)


def test_a_company_sees_the_projects_of_its_contracts_without_others_money(county: County) -> None:
    assert holding(pages(county, "ruanjian.he"), OWN, FOREIGN, county["own.project"], county["foreign.project"]) == []
    with county.change() as session:
        contract = session.scalars(select(Contract).where(Contract.project_id == county["own.project_id"])).one()
        contract.supplier_id = county.bodies["ruanjian"]
    seen = pages(county, "ruanjian.he")
    assert "/projects" in holding(seen, OWN)
    assert holding(seen, FOREIGN, county["foreign.project"], *FOREIGN_AMOUNTS, *OWN_AMOUNTS) == []


def test_counts_follow_the_scope(county: County) -> None:
    expected = {"jyj.wang": (1, 1), "wjw.zhou": (1, 1), "dsj.chen": (2, 2), "dsj.tu": (0, 0), "dsj.zhen": (0, 0),
                "daxue.ouyang": (1, 1), "daxue.shangguan": (0, 0), "ruanjian.he": (0, 0)}  # fmt: skip
    found = {}
    for who in expected:
        listed = county.as_(who).get("/projects").get_data(as_text=True)
        held = county.as_(who).get("/holds").get_data(as_text=True)
        numbers = (county["own.project"], county["foreign.project"])
        found[who] = (sum(no in listed for no in numbers), sum(no in held for no in numbers))
    assert found == expected


def test_notices_are_ones_own(county: County) -> None:
    clerk, other = county.as_("jyj.wang"), county.as_("wjw.zhou")
    assert f"项目{OWN}的验收已逾期。" in clerk.get("/notices").get_data(as_text=True)
    assert clerk.post("/notices/read", {}).location == "/notices"
    with county.look() as session:
        read = dict(session.execute(select(Notice.person_id, Notice.read_at)).all())
    assert read == {county.people["jyj.wang"]: NOW, county.people["wjw.zhou"]: None}
    assert f"项目{FOREIGN}的验收已逾期。" in other.get("/notices").get_data(as_text=True)


def test_what_may_be_started_follows_role_and_scope(county: County) -> None:
    clerk, head = county.as_("jyj.wang"), county.as_("jyj.li")
    offered = clerk.get("/start").get_data(as_text=True)
    assert county["own.project"] in offered
    assert clerk.post("/start/p10_extension", {"project": county["foreign.project"]}).status_code == 404
    assert clerk.post("/start/p10_extension", {"project": "XWXX-2027-T-999"}).status_code == 404
    assert clerk.post("/start/p01_annual_plan", {}).status_code == 404
    assert clerk.post("/start/nix", {}).status_code == 404
    assert head.post("/start/p01u_unit_plan", {}).status_code == 404
    for who in ("dsj.tu", "dsj.zhen", "daxue.ouyang", "ruanjian.he"):
        assert county.as_(who).post("/start/p01u_unit_plan", {}).status_code == 404, who
