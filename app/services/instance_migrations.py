"""Migration of running instances: tried on a copy first, then carried out one by one, each in its own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.domain import workshop
from app.engine.migration import Effect, Migration, Obstacle, migrate
from app.engine.step import Step, UserTaskWait
from app.errors import NotFound, Refused
from app.models.documents import Draft
from app.models.process import Definition, ProcessInstance, Subscription, TaskAudience, UserTask
from app.models.workshop import MigrationJob, MigrationMove
from app.services import audiences, audit, definitions, notices, working_copies
from app.services.context import Actor
from app.services.families import lock
from app.services.host import StepHost
from app.services.process_instances import Run

RUNNING = ("active", "suspended")
DRAFT_ON_FORM = "「%(name)s」换了表单，而有人已在原表单上填了草稿。"
ALREADY_THERE = "这个实例已经在这一版上。"
BEGUN = "%(who)s把「%(name)s」的 %(count)s 件在办事项迁移到第 %(version)s 版：%(reason)s"
DONE = "「%(name)s」迁移到第 %(version)s 版已做完：迁移 %(moved)s 件，未动 %(left)s 件。"
LONGEST_REASON = 500


@dataclass(frozen=True)
class Trial:
    """What would happen to one instance."""

    instance_id: int
    from_version: int
    obstacles: tuple[Obstacle, ...]
    effects: tuple[Effect, ...]
    drafts: int
    """Drafts on its open tasks; all of them stay."""


def target_of(session: Session, key: str, version: int) -> Definition:
    """Return the version to which instances may move: one that was released; raise NotFound."""
    found = session.scalar(
        select(Definition).where(
            Definition.kind == "bpmn",
            Definition.key == key,
            Definition.version == version,
            Definition.released_at.is_not(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def candidates(session: Session, target: Definition, *, limit: int = 1000, after: int = 0) -> list[int]:
    """Return the running instances of the process on other versions, the oldest first."""
    return list(
        session.scalars(
            select(ProcessInstance.id)
            .where(
                ProcessInstance.process_key == target.key,
                ProcessInstance.definition_id != target.id,
                ProcessInstance.status.in_(RUNNING),
                ProcessInstance.id > after,
            )
            .order_by(ProcessInstance.id)
            .limit(limit)
        )
    )


def try_out(session: Session, instance_id: int, target: Definition, *, now: datetime) -> Trial:
    """Return what a migration would do to an instance, tried on a copy of its state; nothing is written."""
    instance = session.get(ProcessInstance, instance_id)
    if instance is None or instance.process_key != target.key:
        raise NotFound
    version = session.scalar(select(Definition.version).where(Definition.id == instance.definition_id)) or 0
    if instance.definition_id == target.id:
        return Trial(instance.id, version, (Obstacle("", ALREADY_THERE),), (), 0)
    found, drafts = _tried(session, instance, target, Run(session, now, None))
    return Trial(instance.id, version, found.obstacles, found.effects, drafts)


def ask(
    session: Session,
    key: str,
    version: int,
    instance_ids: Sequence[int] | None,
    *,
    reason: str,
    by: Actor | None,
    now: datetime,
) -> MigrationJob:
    """Have instances moved to a version, in the background: these, or all that run on others (None).

    Those who release are told. Raises NotFound, NotPermitted, Refused without a reason, without an instance, or for a
    version that is not in force.
    """
    if by is not None:
        working_copies.must_draw(by)
    target = target_of(session, key, version)
    why = workshop.migration_refusal(in_force=target.in_force)
    if why:
        raise Refused(why)
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise Refused("请写明为什么迁移。")
    able = candidates(session, target, limit=100_000)
    wanted = able if instance_ids is None else [one for one in able if one in set(instance_ids)]
    if not wanted:
        raise Refused("没有可以迁移的在办实例。")
    job = MigrationJob(definition_id=target.id, reason=words, by_id=by.id if by else None, at=now)
    session.add(job)
    session.flush()
    rows = session.execute(
        select(ProcessInstance.id, ProcessInstance.definition_id).where(ProcessInstance.id.in_(wanted))
    ).all()
    session.execute(
        insert(MigrationMove),
        [
            {"job_id": job.id, "instance_id": one, "from_id": source, "status": "waiting", "reason": "", "values": {},
             "element_id": ""}
            for one, source in rows
        ],
    )  # fmt: skip
    audit.record(
        session, "ask_for_migration", subject_kind="migration_job", subject_id=job.id, now=now,
        actor_id=by.id if by else None, detail={"definition": target.id, "instances": len(rows)},
    )  # fmt: skip
    notices.notify(
        session, notices.holders(session, [workshop.RELEASES], unit_id=None), message=BEGUN, now=now,
        values={"who": by.name if by else "系统运维", "name": target.name, "version": target.version,
                "count": len(rows), "reason": words[:200]},
        dedupe_key=f"begun-migration-{job.id}", link=f"/workshop/migrations/{job.id}",
    )  # fmt: skip
    return job


def waiting(session: Session, *, limit: int) -> list[tuple[int, int]]:
    """Return jobs and instances that wait for their migration, the oldest job first."""
    rows = session.execute(
        select(MigrationMove.job_id, MigrationMove.instance_id)
        .join(MigrationJob, MigrationJob.id == MigrationMove.job_id)
        .where(MigrationJob.status == "running", MigrationMove.status == "waiting")
        .order_by(MigrationMove.job_id, MigrationMove.instance_id)
        .limit(limit)
    ).all()
    return [(job_id, instance_id) for job_id, instance_id in rows]


def carry_out(session: Session, job_id: int, instance_id: int, *, now: datetime) -> str:
    """Move one instance if it still can, and say what became of it: moved, refused, or what it was before.

    Facts, states and numbers of the project are not touched, and nothing runs. What is refused stays on its version.
    """
    instance = lock(session, instance_id)
    item = session.scalar(
        select(MigrationMove)
        .where(MigrationMove.job_id == job_id, MigrationMove.instance_id == instance_id)
        .with_for_update()
    )
    if item is None or item.status != "waiting":
        return "" if item is None else item.status
    job = session.get_one(MigrationJob, job_id)
    target = session.get_one(Definition, job.definition_id)
    obstacle = _moved(session, instance, target, job, now=now)
    item.at = now
    if obstacle is None:
        item.status = "moved"
    else:
        item.status, item.reason, item.element_id = "refused", obstacle.message, obstacle.element_id[:120]
        item.values = {name: str(value)[:500] for name, value in obstacle.values.items()}
    _finish(session, job, now=now)
    return item.status


def give_up(session: Session, job_id: int, instance_id: int, *, error: str, now: datetime) -> None:
    """Note that the migration of an instance failed; it stays as it was."""
    item = session.get(MigrationMove, (job_id, instance_id))
    if item is None or item.status != "waiting":
        return
    item.status, item.reason, item.values, item.at = "failed", "出错，未作改动：%(why)s", {"why": error[:500]}, now
    _finish(session, session.get_one(MigrationJob, job_id), now=now)


def _moved(
    session: Session, instance: ProcessInstance | None, target: Definition, job: MigrationJob, *, now: datetime
) -> Obstacle | None:
    if instance is None or instance.status not in RUNNING:
        return Obstacle("", "这个实例已经办结。")
    if instance.definition_id == target.id:
        return Obstacle("", ALREADY_THERE)
    why = workshop.migration_refusal(in_force=target.in_force)
    if why:
        return Obstacle("", why)
    run = Run(session, now, None)
    found, _drafts = _tried(session, instance, target, run)
    if found.obstacles or found.step is None:
        return found.obstacles[0]
    before = instance.definition_id
    instance.definition_id = target.id
    session.flush()
    run.apply(run.context(instance), found.step)
    run.settle()
    _write_changes(session, instance, found, found.step)
    audit.record(
        session, "migrate_instance", subject_kind="process_instance", subject_id=instance.id, actor_id=job.by_id,
        now=now, detail={"from": before, "to": target.id, "job": job.id},
    )  # fmt: skip
    return None


def _tried(session: Session, instance: ProcessInstance, target: Definition, run: Run) -> tuple[Migration, int]:
    old = definitions.process_model(session, instance.definition_id)
    new = definitions.process_model(session, target.id)
    found = migrate(old, new, instance.state, StepHost(run.context(instance)))
    drafts = dict(
        session.execute(
            select(UserTask.key, func.count())
            .join(Draft, Draft.task_id == UserTask.id)
            .where(UserTask.instance_id == instance.id, UserTask.status == "open")
            .group_by(UserTask.key)
        ).all()
    )
    lost = tuple(
        Obstacle(one.element_id, DRAFT_ON_FORM, {"name": one.name})
        for one in found.effects
        if one.kind == "task" and drafts.get(one.key) and any(name == "form" for name, _, _ in one.changes)
    )
    return (Migration(lost) if lost else found), sum(drafts.values())


def _write_changes(session: Session, instance: ProcessInstance, found: Migration, step: Step) -> None:
    """Write what the new version says otherwise of tasks and messages that go on waiting."""
    for one in found.effects:
        changed = {name for name, _, _ in one.changes}
        if one.kind == "task" and changed:
            _write_task(session, instance, step.after.user_tasks[one.key], changed)
        elif one.kind == "message" and changed:
            wait = step.after.subscriptions[one.key]
            session.execute(
                update(Subscription)
                .where(Subscription.instance_id == instance.id, Subscription.key == one.key)
                .values(name=wait.name, correlation_key=wait.correlation_key)
            )


def _write_task(session: Session, instance: ProcessInstance, wait: UserTaskWait, changed: set[str]) -> None:
    task = session.scalars(select(UserTask).where(UserTask.instance_id == instance.id, UserTask.key == wait.key)).one()
    task.name, task.documentation, task.lane = wait.name[:200], wait.documentation, wait.lane[:80]
    task.priority, task.properties = wait.priority, dict(wait.properties)
    if "form" in changed:
        form = definitions.in_force(session, "form", wait.form_id) if wait.form_id else None
        task.form_id, task.form_definition_id = wait.form_id, form.id if form else None
    if changed & {"roles", "people"}:
        task.roles = " ".join(wait.candidate_groups)
        if task.claimed_at is None:  # who has claimed it goes on with it
            _tell_audience(session, task, wait)
    session.flush()


def _tell_audience(session: Session, task: UserTask, wait: UserTaskWait) -> None:
    session.execute(delete(TaskAudience).where(TaskAudience.task_id == task.id))
    found = audiences.of_task(session, wait, unit_id=task.unit_id, project_id=task.project_id)
    for audience in sorted(found):
        session.add(TaskAudience(task_id=task.id, audience=audience, due_at=task.due_at or audiences.END_OF_TIME))


def _finish(session: Session, job: MigrationJob, *, now: datetime) -> None:
    """End the job when nothing of it waits any more, and tell who asked for it."""
    session.flush()
    counts = dict(
        session.execute(
            select(MigrationMove.status, func.count())
            .where(MigrationMove.job_id == job.id)
            .group_by(MigrationMove.status)
        ).all()
    )
    if counts.get("waiting"):
        return
    job.status, job.ended_at = "done", now
    target = session.get_one(Definition, job.definition_id)
    if job.by_id is None:
        return
    notices.notify(
        session, [job.by_id], message=DONE,
        values={"name": target.name, "version": target.version, "moved": counts.get("moved", 0),
                "left": counts.get("refused", 0) + counts.get("failed", 0)},
        dedupe_key=f"migration-{job.id}", now=now, link=f"/workshop/migrations/{job.id}",
    )  # fmt: skip


def outcome(session: Session, job_id: int) -> list[tuple[int, str, str]]:
    """Return what became of each instance of a migration: its id, the status, and the Chinese reason."""
    rows = session.scalars(
        select(MigrationMove).where(MigrationMove.job_id == job_id).order_by(MigrationMove.instance_id)
    )
    return [(row.instance_id, row.status, row.reason % row.values if row.values else row.reason) for row in rows]
