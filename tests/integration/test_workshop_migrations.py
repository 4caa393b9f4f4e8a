"""Migration of running instances over HTTP, dispatch and the command line: one by one, or left as they were."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app import clock, dispatch
from app.cli.instances import group
from app.models.business import Project
from app.models.documents import AuditEvent, Draft, Notice
from app.models.process import Definition, HistoryEvent, ProcessInstance, TaskAudience, TimerJob, UserTask
from app.models.workshop import MigrationJob, MigrationMove
from app.queries import conformance
from app.queries.following import Asked
from app.unit_of_work import Database
from tests.integration.office import a_project, form_source
from tests.integration.office import task as office_task
from tests.integration.workshop_site import KEY, Site, drawn, open_site
from tests.unit.engine import drawing

AFTER = drawn("first", "survey")
BEFORE = drawn("visit", "first")
GONE = drawn("survey")
OTHER_ROLE = drawn("first", "survey", roles={"first": "unit_head"})


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    with open_site(database, tmp_path) as opened:
        yield opened


def publish(site: Site, source: str) -> int:
    """Put a version into force as shipped; return its number."""
    body = source.split('isExecutable="true">')[1].split("</bpmn:process>", maxsplit=1)[0]
    site.office.publish(body, process_id=KEY)
    return site.in_force()


def plan(site: Site, to: int, by: str = "owner") -> str:
    return str(site.as_(by).get(f"/workshop/process/{KEY}/migration?to={to}").get_data(as_text=True))


def move(site: Site, to: int, *instances: int, by: str = "owner", reason: str = "踏勘已施行") -> int:
    """Ask for a migration and carry it out; return the status of the answer."""
    form = {"to": str(to), "reason": reason, "instance": [str(one) for one in instances]}
    if not instances:
        form = {"to": str(to), "reason": reason, "all": "1"}
    answer = site.as_(by).post(f"/workshop/process/{KEY}/migration", form)
    while dispatch.migrate_instances():
        pass
    return int(answer.status_code)


def items(site: Site) -> list[tuple[int, str, str]]:
    with site.office.look() as session:
        rows = session.scalars(select(MigrationMove).order_by(MigrationMove.job_id, MigrationMove.instance_id))
        return [(row.instance_id, row.status, row.reason % row.values if row.values else row.reason) for row in rows]


def version(site: Site, instance: int) -> int:
    with site.office.look() as session:
        query = select(Definition.version).join(ProcessInstance, ProcessInstance.definition_id == Definition.id)
        return int(session.scalar(query.where(ProcessInstance.id == instance)) or 0)


def test_an_instance_moves_and_takes_the_new_step(site: Site) -> None:
    project = a_project(site.office)
    instance = site.office.start(KEY, project_id=project)
    task = site.office.task("first")
    site.as_("clerk").post(f"/tasks/{task}/draft", json={"values": {"note": "写了一半"}})
    with site.office.look() as session:
        before = session.get_one(Project, project).state
    to = publish(site, AFTER)
    page = plan(site, to)
    assert "任务「first」：不变" in page
    assert "XWXX-2026-T-001" in page
    assert "智慧校园" not in page
    assert move(site, to, instance) == 302
    assert items(site) == [(instance, "moved", "")]
    assert version(site, instance) == to
    with site.office.look() as session:
        assert session.scalars(select(Draft.values)).all() == [{"note": "写了一半"}]
        assert session.get_one(Project, project).state == before
        audits = session.scalars(select(AuditEvent).where(AuditEvent.act == "migrate_instance")).all()
        assert [(one.subject_id, one.actor_id) for one in audits] == [(str(instance), site.office.people["owner"].id)]
        notice = session.scalars(select(Notice).where(Notice.dedupe_key.like("migration-%"))).one()
        assert notice.message % notice.values == "「流程」迁移到第 2 版已做完：迁移 1 件，未动 0 件。"
        job = session.scalars(select(MigrationJob)).one()
        assert (job.status, job.ended_at) == ("done", clock.now())
    assert site.office.history(instance)[-1] == ("", "migrated")
    site.office.hand_in(task, "clerk", {"note": "写完了"})
    assert site.office.open(instance) == ["survey"]
    site.office.complete("survey")
    assert site.office.instance(instance).status == "completed"


def test_who_has_left_the_drawn_path_by_a_migration_is_found(site: Site) -> None:
    """An instance that moved is held against the drawing in force: a step of before that it no longer has is told."""
    kept, moved = site.office.start(KEY), site.office.start(KEY)
    with site.office.look() as session:
        tasks = dict(session.execute(select(UserTask.instance_id, UserTask.id)).all())
    to = publish(site, AFTER)
    assert move(site, to, moved) == 302
    for instance in (kept, moved):
        site.office.hand_in(tasks[instance], "clerk", {"note": "好"})
    site.office.complete("survey")
    with site.office.look() as session:
        against = {number: conformance.conformance(session, KEY, Asked(version=number)) for number in (1, to)}
    assert {number: one and [each.instance_id for each in one.wanderers] for number, one in against.items()} == {
        1: [moved], to: [kept],
    }  # fmt: skip
    undrawn = against[1].wanderers[0].deviations if against[1] else ()
    assert [(one.element_id, one.kind) for one in undrawn] == [("survey", "undrawn")]
    early = against[to].wanderers[0].deviations if against[to] else ()  # type: ignore[union-attr]
    assert [(one.element_id, one.kind) for one in early] == [("e", "unexpected")]
    page = site.as_("owner").get(f"/processes/{KEY}/conformance?version=1").get_data(as_text=True)
    assert f"/instances/{moved}" in page or f"#{moved}" in page
    assert f"#{kept}" not in page
    log = site.as_("owner").get(f"/processes/{KEY}/log.csv").get_data(as_text=True)
    rows = [row for row in csv.DictReader(io.StringIO(log.removeprefix("\ufeff"))) if row["case"] == str(moved)]
    assert [row["element"] for row in rows if row["lifecycle"] == "complete"] == ["s", "first", "survey", "e"]
    assert {row["version"] for row in rows} == {str(to)}


def test_what_would_break_is_refused_and_stays_as_it_was(site: Site) -> None:
    instance = site.office.start(KEY)
    state = site.office.instance(instance).state
    to = publish(site, GONE)
    assert "不能迁" in plan(site, to)
    assert move(site, to) == 302
    assert items(site) == [(instance, "refused", "「first」在新版本里没有了，停在那里的事项没有去处。")]
    row = site.office.instance(instance)
    assert (row.state, version(site, instance), row.revision) == (state, 1, 1)
    site.office.complete("first")
    assert site.office.instance(instance).status == "completed"


def test_each_instance_moves_on_its_own(site: Site) -> None:
    early = site.office.start(KEY)
    publish(site, AFTER)
    late = site.office.start(KEY)
    with site.office.look() as session:
        task = session.scalar(select(UserTask.id).where(UserTask.instance_id == late))
    site.office.hand_in(int(task or 0), "clerk", {"note": "好"})
    to = publish(site, BEFORE)
    assert move(site, to) == 302
    assert [row[:2] for row in items(site)] == [(early, "moved"), (late, "refused")]
    assert (version(site, early), version(site, late)) == (3, 2)
    assert site.office.open(late) == ["survey"]
    page = site.as_("owner").get("/workshop/migrations/1").get_data(as_text=True)
    assert "「survey」在新版本里没有了" in page
    told = site.as_("owner").get("/workshop/migrations/1", headers={"Accept": "application/json"}).get_json()
    assert told == {"total": 2, "done": 2, "counts": {"moved": 1, "refused": 1}, "ended": True}


def test_another_role_finds_the_task_afterwards(site: Site) -> None:
    instance = site.office.start(KEY)
    task = site.office.task("first")
    to = publish(site, OTHER_ROLE)
    assert "办理角色" in plan(site, to)
    move(site, to, instance)
    with site.office.look() as session:
        rows = session.scalars(select(TaskAudience.audience).where(TaskAudience.task_id == task)).all()
        assert list(rows) == [f"r:unit_head@{site.office.units['school']}"]
    assert site.as_("head").get(f"/tasks/{task}").status_code == 200
    assert site.as_("colleague").get(f"/tasks/{task}").status_code == 404


def test_a_task_with_a_draft_does_not_change_its_form(site: Site) -> None:
    with site.database.unit_of_work() as session:
        from app.services import definitions  # noqa: PLC0415

        definitions.publish(session, form_source("other"), kind="form", now=clock.now(), by=None, shipped=True)
    instance, second = site.office.start(KEY), site.office.start(KEY)
    task = site.office.task("first")
    site.as_("clerk").post(f"/tasks/{task}/draft", json={"values": {"note": "写了一半"}})
    to = publish(site, drawn("first").replace('formId="note"', 'formId="other"'))
    move(site, to)
    assert items(site) == [
        (instance, "refused", "「first」换了表单，而有人已在原表单上填了草稿。"), (second, "moved", ""),
    ]  # fmt: skip
    with site.office.look() as session:
        forms = session.execute(select(UserTask.instance_id, UserTask.form_id).order_by(UserTask.id)).all()
        assert [tuple(row) for row in forms] == [(instance, "note"), (second, "other")]


def test_a_timer_moves_with_its_instance(site: Site) -> None:
    remind = drawing.boundary("t", "first", drawing.timer("timeDuration", "P5D"), interrupting=False)
    body = drawing.start() + office_task("first") + remind + drawing.end() + drawing.end("e2")
    body += drawing.flows("s > first > e", "t > e2")
    site.office.publish(body, process_id=KEY)
    instance = site.office.start(KEY)
    began = site.office.timers()[0].due_at - timedelta(days=5)
    site.office.publish(body.replace("P5D", "P8D"), process_id=KEY)
    to = site.in_force()
    move(site, to, instance)
    assert [row.due_at for row in site.office.timers()] == [began + timedelta(days=8)]
    with site.office.look() as session:
        assert session.scalar(select(func.count()).select_from(TimerJob)) == 1


@pytest.mark.parametrize(("reader", "status"), [("chief", 403), ("clerk", 404), ("admin", 404)])
def test_only_a_process_owner_has_instances_moved(site: Site, reader: str, status: int) -> None:
    instance = site.office.start(KEY)
    to = publish(site, AFTER)
    assert move(site, to, instance, by=reader) == status
    assert items(site) == []
    assert version(site, instance) == 1


def test_a_migration_needs_a_reason_a_released_version_and_an_instance(site: Site) -> None:
    instance = site.office.start(KEY)
    to = publish(site, AFTER)
    assert move(site, to, instance, reason=" ") == 400
    assert move(site, 9, instance) == 404
    assert move(site, to, 999) == 400
    assert site.as_("owner").get("/workshop/process/p_absent/migration").status_code == 404
    with site.database.unit_of_work() as session:
        session.execute(update(Definition).where(Definition.version == to).values(released_at=None, in_force=False))
    assert move(site, to, instance) == 404
    assert items(site) == []


def test_what_the_second_person_has_replaced_does_not_come_back_by_a_migration(site: Site) -> None:
    first = publish(site, AFTER)
    instance = site.office.start(KEY)
    publish(site, OTHER_ROLE)
    site.office.start(KEY)
    assert "只能迁移到现行版本" in plan(site, first)
    answer = site.as_("owner").post(
        f"/workshop/process/{KEY}/migration", {"to": str(first), "reason": "换回去", "all": "1"}
    )
    assert answer.status_code == 400
    assert "只能迁移到现行版本" in answer.get_data(as_text=True)
    assert items(site) == []
    assert version(site, instance) == first


def test_a_version_that_is_replaced_while_the_migration_runs_takes_nothing_more(site: Site) -> None:
    instance = site.office.start(KEY)
    to = publish(site, AFTER)
    site.as_("owner").post(f"/workshop/process/{KEY}/migration", {"to": str(to), "reason": "x", "all": "1"})
    publish(site, OTHER_ROLE)
    assert dispatch.migrate_instances() == 1
    assert items(site) == [(instance, "refused", "只能迁移到现行版本；要用别的版本，请先提请放行。")]
    assert version(site, instance) == 1


def test_who_releases_is_told_of_a_migration(site: Site) -> None:
    instance = site.office.start(KEY)
    to = publish(site, AFTER)
    move(site, to, instance)
    with site.office.look() as session:
        said = session.scalars(select(Notice).where(Notice.person_id == site.office.people["chief"].id)).all()
    assert [(one.values["count"], one.values["reason"]) for one in said if "迁移到" in one.message] == [
        (1, "踏勘已施行")
    ]


def test_an_instance_that_ended_meanwhile_is_left_alone(site: Site) -> None:
    instance = site.office.start(KEY)
    to = publish(site, AFTER)
    form = {"to": str(to), "reason": "x", "instance": [str(instance)]}
    site.as_("owner").post(f"/workshop/process/{KEY}/migration", form)
    site.office.complete("first")
    assert dispatch.migrate_instances() == 1
    assert items(site) == [(instance, "refused", "这个实例已经办结。")]


def test_a_failure_leaves_the_instance_and_the_others_go_on(site: Site) -> None:
    broken, sound = site.office.start(KEY), site.office.start(KEY)
    to = publish(site, AFTER)
    with site.database.unit_of_work() as session:
        session.execute(update(ProcessInstance).where(ProcessInstance.id == broken).values(state='{"v": 1'))
    form = {"to": str(to), "reason": "x", "all": "1"}
    site.as_("owner").post(f"/workshop/process/{KEY}/migration", form)
    while dispatch.migrate_instances():
        pass
    assert [row[:2] for row in items(site)] == [(broken, "failed"), (sound, "moved")]
    assert items(site)[0][2].startswith("出错，未作改动：")
    row = site.office.instance(broken)
    assert (row.state, version(site, broken)) == ('{"v": 1', 1)


def test_the_command_line_tries_and_moves(site: Site) -> None:
    instance = site.office.start(KEY)
    to = publish(site, AFTER)
    runner = site.app.test_cli_runner()
    said = runner.invoke(group, ["migrate", KEY, "--to", str(to), "--dry-run"])
    assert said.output == f"{instance}：能迁，1 项等待中的事项，其中 0 项有变化\n"
    assert version(site, instance) == 1
    for username, words in (("chief", "迁移由流程管理员办理。"), ("nobody", "没有用户名为“nobody”的在用账号。")):
        arguments = ["migrate", KEY, "--to", str(to), "--by", username, "--reason", "x"]
        refused = runner.invoke(group, arguments)
        assert (refused.exit_code, words in refused.output) == (1, True)
    assert version(site, instance) == 1
    done = runner.invoke(group, ["migrate", KEY, "--to", str(to), "--by", "owner", "--reason", "踏勘已施行"])
    assert done.output == f"{instance}：已迁移\n"
    assert version(site, instance) == to
    with site.office.look() as session:
        events = session.scalars(select(HistoryEvent.event).where(HistoryEvent.instance_id == instance))
        assert "migrated" in set(events)
