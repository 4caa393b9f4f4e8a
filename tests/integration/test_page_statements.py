"""How many SQL statements a page takes: a fixed number, whatever the county holds."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import unit_of_work
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
from app.services import ledger
from tests.integration.test_statement_counts import traffic
from tests.integration.web_clients import NOW, OWN, TODAY, County

FEW = range(8, 10)
"""The numbers of what there is from the beginning: a task that is overdue and one that is due today."""
MANY = range(10, 50)
"""The numbers of what there is besides: more than a page shows."""
MOST = {
    "/inbox": 12,
    "/inbox?tab=started": 12,
    "/inbox?tab=done": 12,
    "/projects": 12,
    "/search?q=平台": 8,
    "/holds": 10,
    "/deadlines": 10,
    "/board": 24,
    "/funds?year=2026": 10,
    "/notices": 6,
    "/processes": 8,
    "process": 40,
    "tasks": 40,
    "materials": 40,
    "money": 40,
    "opinions": 40,
    "deadlines": 40,
    "holds": 40,
    "trace": 40,
    "instance": 16,
}
"""Page, or tab of a project's file → the most statements that it may take, with login and frame."""
READERS = ("dsj.chen", "jyj.wang", "czj.qian", "daxue.ouyang")


def counted(county: County, who: str) -> dict[str, int]:
    """Return how many statements each page takes for a person."""
    browser, found = county.as_(who), {}
    for page in MOST:
        path = page if page.startswith("/") else f"/projects/{county['own.project']}?tab={page}"
        path = f"/instances/{county['own.instance']}" if page == "instance" else path
        with traffic(unit_of_work.engine()) as seen:
            answer = browser.get(path)
        assert (answer.status_code, seen.commits) == (200, 0), path
        found[page] = len(seen.statements)
    return found


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


def test_no_page_asks_more_when_there_is_more(county: County) -> None:
    fill(county, FEW)
    for who in READERS:
        counted(county, who)  # what a process of ours reads once: diagrams, their English names
    few = {who: counted(county, who) for who in READERS}
    fill(county, MANY)
    many = {who: counted(county, who) for who in READERS}
    assert many == few
    0 and [(who, page, at) for who, found in many.items() for page, at in found.items() if at > MOST[page]] == []
    print(many, file=open("/tmp/team/scope/many","w"))
    with traffic(unit_of_work.engine()) as seen:
        county.as_("jyj.wang").get("/inbox")
    print("\n\n".join(seen.statements), file=open("/tmp/team/scope/inbox.sql","w"))
