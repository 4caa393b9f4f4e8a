"""How many SQL statements a page takes: a fixed number, whatever the county holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, create_app, unit_of_work
from app.demo.county import PASSWORD
from app.models.accounts import Person, PersonRole
from app.models.business import (
    BudgetLine,
    Contract,
    ContractNode,
    FundHold,
    Opinion,
    PanelMember,
    Payment,
    Project,
)
from app.models.documents import Attachment, Notice, Submission
from app.models.process import Definition, HistoryEvent, ProcessInstance, TaskAudience, UserTask
from app.services import definitions, ledger
from app.settings import Settings
from tests.county import county_database
from tests.integration.test_statement_counts import traffic
from tests.integration.web_clients import NOW, OWN, TODAY, Browser, County

FEW = range(8, 10)
"""The numbers of what there is from the beginning: a task that is overdue and one that is due today."""
MANY = range(10, 50)
"""The numbers of what there is besides: more than a page shows."""
MOST = {
    "/inbox": 15,
    "/inbox?tab=started": 14,
    "/inbox?tab=done": 10,
    "/projects": 10,
    "/search?q=平台": 6,
    "/registers/projects": 12,
    "/registers/payments": 12,
    "/registers/deadlines": 12,
    "/plans?year=2026": 10,
    "/holds": 10,
    "/deadlines": 8,
    "/board": 20,
    "/funds?year=2026": 10,
    "/notices": 6,
    "/processes": 6,
    "?tab=process": 37,
    "?tab=tasks": 44,  # what is open, and what was done
    "?tab=materials": 37,
    "?tab=money": 37,
    "?tab=opinions": 37,
    "?tab=deadlines": 37,
    "?tab=holds": 37,
    "?tab=trace": 44,
    "?tab=trace&all=1": 44,
    "instance": 14,
}
"""Page, or tab of a project's file → the most statements that it may take, with login and frame."""
MOST_OF_A_TASK = 40
READERS = ("dsj.chen", "jyj.wang", "czj.qian", "daxue.ouyang")


def look_at(browser: Browser, path: str) -> int:
    """Open a page twice and return how many statements it takes.

    The first time it may read besides what is read once in five minutes (the calendar) or written once in a minute
    (that the session is in use).
    """
    counts = []
    for _time in range(2):
        with traffic(unit_of_work.engine()) as seen:
            answer = browser.get(path)
        assert answer.status_code == 200, path
        counts.append(len(seen.statements))
    assert seen.commits == 0, path
    return min(counts)


def counted(browser: Browser, project: str, instance: int) -> dict[str, int]:
    """Return how many statements each page takes for a person."""
    found = {}
    for page in MOST:
        path = f"/projects/{project}{page}" if page.startswith("?") else page
        found[page] = look_at(browser, f"/instances/{instance}" if page == "instance" else path)
    return found


def above(found: dict[str, int]) -> dict[str, int]:
    """Return the pages that take more than they may."""
    return {page: count for page, count in found.items() if count > MOST[page]}


def fill(county: County, numbers: range) -> None:
    """Give the own unit many projects, and its one project much of everything."""
    own = int(county["own.project_id"])
    with county.change() as session:
        process = session.scalars(select(Definition).where(Definition.key == "p09_acceptance")).one()
        form = session.scalars(select(Definition).where(Definition.kind == "form", Definition.key == "f17")).one()
        first = session.get_one(Project, own)
        for number in numbers:
            project = Project(
                no=f"XWXX-2026-T-{500 + number}", name=f"{OWN}{number}期", unit_id=county.bodies["jyj"], path="T",
                state="COMPLETED", state_since=NOW, fy=first.fy, fy_entered=first.fy, total_fen=5_000_000 + number,
                created_at=NOW, lead_id=county.people["jyj.zhao"],
            )  # fmt: skip
            session.add(project)
            session.flush()
            for key in (project.id, own):
                of_project(county, session, key, number, process=process, form=form)


def of_project(
    county: County, session: Session, key: int, number: int, *, process: Definition, form: Definition
) -> None:
    """Add one more of everything to a project."""
    people = county.people
    contract = Contract(project_id=key, no=f"XW-{key}-{number}", supplier="云台软件有限公司", amount_fen=9_000_000)
    contract.signed_on = TODAY
    instance = ProcessInstance(
        definition_id=process.id, process_key=process.key, project_id=key, unit_id=county.bodies["jyj"],
        started_at=NOW, started_by=people["jyj.wang"],
    )  # fmt: skip
    session.add_all([contract, instance])
    session.flush()
    node = ContractNode(contract_id=contract.id, number=number, name="首付款", kind="预付", amount_fen=3_000_000)
    tasks = [
        UserTask(
            instance_id=instance.id, key=f"k{place}", element_id="rectify", name="逐项整改", roles=role,
            form_id="f17", form_definition_id=form.id, project_id=key, unit_id=county.bodies["jyj"],
            created_at=NOW, due_at=NOW + timedelta(days=number - 9), status="open" if place < 2 else "completed",
            ended_at=None if place < 2 else NOW, ended_by=None if place < 2 else people["jyj.wang"],
        )
        for place, role in enumerate(("unit_clerk", "bur_clerk", "unit_clerk"))
    ]  # fmt: skip
    session.add_all([node, *tasks])
    session.flush()
    unit = county.bodies["jyj"]
    paper = Submission(
        task_id=tasks[2].id, instance_id=instance.id, project_id=key, element_id="rectify", form_id="f17",
        form_definition_id=form.id, answers={}, by_id=people["jyj.wang"], at=NOW,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    session.add_all(
        [
            TaskAudience(task_id=tasks[0].id, audience=f"r:unit_clerk@{unit}", due_at=tasks[0].due_at),
            TaskAudience(task_id=tasks[1].id, audience="r:bur_clerk", due_at=tasks[1].due_at),
            Payment(
                project_id=key, contract_id=contract.id, node_id=node.id, amount_fen=3_000_000, fy=2026,
                fund_type="建设", status="paid", requested_on=TODAY, requested_by="jyj.wang", paid_on=TODAY,
                voucher=f"V-{key}-{number}",
            ),
            BudgetLine(project_id=key, fy=2026 + number, fund_type="运维", requested_fen=1, arranged_fen=1),
            FundHold(
                project_id=key, code="H-ACC", cause=f"a{number}", since=date(2026, 11, 9), set_at=NOW, articles=[21]
            ),
            Opinion(
                project_id=key, kind="review", scope_version=1, conclusion="通过", drafted_by="dsj.chen",
                signed_by="dsj.sun", signed_on=TODAY, drafted_on=TODAY, doc_no=f"修数审〔2026〕{key}{number}号",
            ),
            Attachment(
                id=f"{key:016x}{number:016x}", sha256="0" * 64, name="佐证.pdf", media_type="application/pdf", size=9,
                task_id=tasks[2].id, project_id=key, submission_id=paper.id, uploaded_by=people["jyj.wang"],
                uploaded_at=NOW,
            ),
            *(
                Notice(
                    person_id=people[who], project_id=key, message="“%(project)s”的变更申请请尽快审查（第十七条）。",
                    values={"project": OWN}, dedupe_key=f"m{key}:{number}", created_at=NOW,
                )
                for who in READERS
            ),
            HistoryEvent(
                instance_id=instance.id, project_id=key, at=NOW, key="k2", element_id="rectify",
                element_type="userTask", name="逐项整改", event="completed", actor_id=people["jyj.wang"],
            ),
        ]
    )  # fmt: skip
    if key != int(county["own.project_id"]):
        session.add(PanelMember(project_id=key, purpose="review", person_id=people["daxue.ouyang"], seated_on=TODAY))
    ledger.enter(session, "order", date(2026, 10, 1 + number % 28), project_id=key, now=NOW, subject=f"o{number}")


def everybodys(county: County) -> dict[str, dict[str, int]]:
    """Return how many statements each page takes for each reader."""
    return {who: counted(county.as_(who), county["own.project"], county["own.instance"]) for who in READERS}


def test_no_page_asks_more_when_there_is_more(county: County) -> None:
    fill(county, FEW)
    few = everybodys(county)
    fill(county, MANY)
    many = everybodys(county)
    assert many == few
    assert {who: above(found) for who, found in many.items() if above(found)} == {}


def test_a_task_page_asks_no_more_when_its_project_has_more(county: County) -> None:
    fill(county, FEW)
    with county.look() as session:
        mine = select(UserTask.id).where(
            UserTask.project_id == county["own.project_id"], UserTask.status == "open", UserTask.roles == "unit_clerk"
        )
        task = session.scalars(mine.order_by(UserTask.id)).first()
    few = look_at(county.as_("jyj.wang"), f"/tasks/{task}")
    fill(county, MANY)
    assert look_at(county.as_("jyj.wang"), f"/tasks/{task}") == few <= MOST_OF_A_TASK


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site over the demonstration's county."""
    folder = tmp_path_factory.mktemp("demonstration")
    url = f"sqlite:///{county_database(folder)}"
    definitions.forget_parsed()
    app = create_app(
        Settings(instance=folder, database_url=url, secret_key="of a test", demonstration=False, testing=True)
    )
    with clock.frozen(datetime(2026, 11, 23, 10, 30, tzinfo=clock.SHANGHAI)):
        yield app
    clock.use(clock.wall_now)
    unit_of_work.database().dispose()
    definitions.forget_parsed()


def test_no_page_of_the_demonstration_asks_more_than_it_may(demonstration: Flask) -> None:
    with unit_of_work.read_only() as session:
        places = session.execute(
            select(Project.no, ProcessInstance.id)
            .join(ProcessInstance, ProcessInstance.project_id == Project.id)
            .where(ProcessInstance.process_key == "p02_review")
            .order_by(ProcessInstance.id)
        ).all()
        heads = session.scalars(
            select(Person.username)
            .join(PersonRole, PersonRole.person_id == Person.id)
            .where(PersonRole.role.in_(("bur_clerk", "fin_budget", "aud_clerk")))
            .order_by(Person.id)
        ).all()
    assert len(heads) >= 3
    for who in heads:
        browser = Browser(demonstration)
        assert browser.enter(who, PASSWORD).status_code == 302
        for number, instance in (places[0], places[len(places) // 2], places[-1]):
            assert above(counted(browser, number, instance)) == {}, (who, number)
