"""`flask instances`: move running instances to the version of their process that is in force."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, dispatch
from app.cli.speech import language, plain, say
from app.domain.roles import ROLES
from app.domain.workshop import DRAWS
from app.engine.migration import Obstacle
from app.errors import NotFound, NotPermitted
from app.models.accounts import Organisation, Person, PersonRole
from app.models.process import Definition
from app.services import instance_migrations
from app.services.context import Actor
from app.services.wording import worded
from app.unit_of_work import read_only, unit_of_work

group = AppGroup("instances", help="流程实例：迁移到现行版本。")


@group.command("migrate")
@click.argument("process")
@click.option(
    "--to", "version", required=True, type=int, help="迁到第几版：须是现行版本；只试迁时可以是任何已放行的版本。"
)
@click.option("--instance", "instances", multiple=True, type=int, help="只迁这些实例；不写则为全部在办实例。")
@click.option("--by", "username", default=None, help="流程管理员的用户名；只试迁时可不写。")
@click.option("--reason", default="", help="为什么迁移。")
@click.option("--dry-run", is_flag=True, help="只在副本上试，不作改动。")
@plain
def migrate(
    process: str, version: int, instances: tuple[int, ...], username: str | None, reason: str, *, dry_run: bool
) -> None:
    """把在办实例迁移到现行版本；不能迁的说明原因，保持原样。要用以前的版本，先由两个人恢复它。"""
    if dry_run or username is None:
        _tell(process, version, instances)
        return
    with unit_of_work() as session:
        by = _owner(session, username)
        job = instance_migrations.ask(
            session, process, version, instances or None, reason=reason, by=by, now=clock.now()
        )
        job_id = job.id
    while dispatch.migrate_instances():
        pass
    with read_only() as session:
        for instance_id, status, why in instance_migrations.outcome(session, job_id):
            say(_STATUSES[status, bool(why)], instance=instance_id, why=why)


_STATUSES = {
    ("moved", False): "%(instance)s：已迁移",
    ("moved", True): "%(instance)s：已迁移，%(why)s",
    ("refused", False): "%(instance)s：未动",
    ("refused", True): "%(instance)s：未动，%(why)s",
    ("failed", False): "%(instance)s：出错，未动",
    ("failed", True): "%(instance)s：出错，未动，%(why)s",
    ("waiting", False): "%(instance)s：等待",
    ("waiting", True): "%(instance)s：等待，%(why)s",
}
"""By the outcome and whether there is a reason."""


def _tell(process: str, version: int, instances: tuple[int, ...]) -> None:
    with read_only() as session:
        target = _target(session, process, version)
        wanted = instances or instance_migrations.candidates(session, target, limit=100_000)
        for instance_id in wanted:
            trial = instance_migrations.try_out(session, instance_id, target, now=clock.now())
            if trial.obstacles:
                say("%(instance)s：不能迁，%(why)s", instance=instance_id, why=_said(trial.obstacles[0]))
            else:
                changed = sum(bool(one.changes) for one in trial.effects)
                say(
                    "%(instance)s：能迁，%(waiting)s 项等待中的事项，其中 %(changed)s 项有变化",
                    instance=instance_id,
                    waiting=len(trial.effects),
                    changed=changed,
                )


def _target(session: Session, process: str, version: int) -> Definition:
    try:
        return instance_migrations.target_of(session, process, version)
    except NotFound:
        raise NotFound("没有流程“%(process)s”的第 %(version)s 版。", process=process, version=version) from None


def _said(obstacle: Obstacle) -> str:
    return worded(obstacle.message, obstacle.values, language=language())


def _owner(session: object, username: str) -> Actor:
    found = session.execute(  # type: ignore[attr-defined]
        select(Person, Organisation.kind)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.username == username, Person.active)
    ).one_or_none()
    if found is None:
        raise NotFound("没有用户名为“%(name)s”的在用账号。", name=username)
    person, kind = found
    held = select(PersonRole.role).where(PersonRole.person_id == person.id)
    roles = frozenset(session.scalars(held))  # type: ignore[attr-defined]
    if DRAWS not in roles:
        raise NotPermitted("迁移由%(role)s办理。", role=ROLES[DRAWS].zh)
    return Actor(person.id, person.username, person.name, person.organisation_id, kind, roles)


def register(app: Flask) -> None:
    """Add the group."""
    app.cli.add_command(group)
