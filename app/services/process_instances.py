"""Process instances: started, carried a step further, stored with everything that waits, in one transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.engine import runtime
from app.engine.state import encode
from app.engine.step import CallWait, Step, Thrown, Variables, Waits
from app.errors import NotFound, Refused, Sentence
from app.models.accounts import Organisation
from app.models.business import Project
from app.models.process import (
    MAIN,
    Definition,
    OutboxItem,
    ProcessInstance,
    Subscription,
    TimerJob,
)
from app.services import definitions
from app.services.context import Actor, StepContext
from app.services.families import lock, matching, running_main
from app.services.host import StepHost
from app.services.step_rows import StepRows

MOST_STEPS = 400
"""Steps that one transaction may take in one family: beyond it, processes call or message each other in a circle."""


@dataclass
class Run:
    """One transaction in one family of instances: a first step and all that follows from it inside the family."""

    session: Session
    now: datetime
    by: Actor | None = None
    _pending: deque[Callable[[], None]] = field(default_factory=deque)
    _steps: int = 0

    def context(self, instance: ProcessInstance, variables: Variables | None = None) -> StepContext:
        """Return what recorders and operations of a step in this instance work with."""
        return StepContext(self.session, self.now, instance, self.by, variables or {})

    def settle(self) -> None:
        """Carry out everything that follows from the steps so far: calls, returns, messages inside the family."""
        while self._pending:
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise Refused("流程之间循环调用或互发消息，已停止。请流程管理员检查流程图。")
            self._pending.popleft()()

    def create(
        self,
        definition: Definition,
        variables: Variables,
        *,
        project_id: int | None = None,
        unit_id: int | None = None,
        parent: ProcessInstance | None = None,
        call_key: str = "",
        start_event_id: str | None = None,
    ) -> ProcessInstance:
        """Create an instance of a version and take its first step; raise Refused for a second main one (§4.5)."""
        if definition.key == MAIN and project_id is not None and running_main(self.session, project_id):
            raise Refused("这个项目的主流程正在运行，一个项目同时只有一个主流程。")
        instance = ProcessInstance(
            root_id=(parent.root_id or parent.id) if parent else None,
            parent_id=parent.id if parent else None,
            parent_call_key=call_key,
            definition_id=definition.id,
            process_key=definition.key,
            project_id=project_id,
            unit_id=unit_id,
            started_at=self.now,
            started_by=self.by.id if self.by else None,
        )
        self.session.add(instance)
        self.session.flush()
        model = definitions.process_model(self.session, definition.id)
        variables = {**self._given(instance), **variables}
        context = self.context(instance, variables)
        step = runtime.start(
            model, variables, StepHost(context), start_event_id=start_event_id, raising=self.by is not None
        )
        self.apply(context, step)
        return instance

    def _given(self, instance: ProcessInstance) -> dict[str, object]:
        """Variables that every instance has from its start."""
        given: dict[str, object] = {"instance_key": str(instance.id)}
        if instance.project_id is not None:
            given["project_no"] = self.session.get_one(Project, instance.project_id).no
        return given

    def apply(self, context: StepContext, step: Step, *, completed_task: str = "") -> None:
        """Store a step: the state, the difference of all that waits, the history; queue what follows from it."""
        instance = context.instance
        StepRows(self.session, self.now, self.by, instance).write(step, completed_task=completed_task)
        self._queue_calls(instance, step.before, step.after)
        for thrown in (*context.thrown, *step.thrown):
            self.throw(instance, thrown)
        for project_id in context.moved_projects:
            self._pending.append(
                lambda project_id=project_id: self._refresh_family(instance, project_id)  # type: ignore[misc]
            )
        if step.status == "completed" and instance.parent_id is not None:
            self._pending.append(lambda: self._return_to_caller(instance, step))
        elif step.status == "failed":
            self._pending.append(lambda: self._fail_caller(instance, step))

    def _queue_calls(self, instance: ProcessInstance, before: Waits, after: Waits) -> None:
        for key in before.calls:
            if key not in after.calls:
                self._pending.append(lambda key=key: self._cancel_child(instance, key))  # type: ignore[misc]
        for key, wait in after.calls.items():
            if key not in before.calls:
                self._pending.append(lambda wait=wait: self._start_child(instance, wait))  # type: ignore[misc]

    def _start_child(self, parent: ProcessInstance, wait: CallWait) -> None:
        if parent.status != "active":
            return
        try:
            definition = _called_definition(self.session, parent, wait)
        except NotFound as missing:
            self._step(parent, "call_failed", wait.key, code="", message=Sentence(missing.message, **missing.values))
            return
        self.create(
            definition,
            wait.inputs,
            project_id=parent.project_id,
            unit_id=_unit(self.session, wait.inputs.get("unit")) or parent.unit_id,
            parent=parent,
            call_key=wait.key,
        )

    def _cancel_child(self, parent: ProcessInstance, call_key: str) -> None:
        child = self.session.scalar(
            select(ProcessInstance).where(
                ProcessInstance.parent_id == parent.id,
                ProcessInstance.parent_call_key == call_key,
                ProcessInstance.status.in_(("active", "suspended")),
            )
        )
        if child is not None:
            self.terminate(child)

    def terminate(self, instance: ProcessInstance) -> None:
        """End an instance and, through its calls, all below it."""
        context = self.context(instance)
        model = definitions.process_model(self.session, instance.definition_id)
        self.apply(context, runtime.terminate(model, instance.state, StepHost(context)))

    def dismiss(self, instance: ProcessInstance) -> None:
        """End an instance from outside; a caller that has others to wait for (P-01) goes on without its result."""
        self.terminate(instance)
        parent = self._live_parent(instance)
        if parent is not None:
            self._step(parent, "call_finished", instance.parent_call_key, outputs={})

    def _return_to_caller(self, child: ProcessInstance, step: Step) -> None:
        parent = self._live_parent(child)
        if parent is not None:
            self._step(parent, "call_finished", child.parent_call_key, outputs=step.variables)

    def _fail_caller(self, child: ProcessInstance, step: Step) -> None:
        parent = self._live_parent(child)
        if parent is not None:
            self._step(
                parent, "call_failed", child.parent_call_key, code=step.error_code, message=f"BPMN {step.error_code}"
            )

    def _live_parent(self, child: ProcessInstance) -> ProcessInstance | None:
        if child.parent_id is None:
            return None
        parent = self.session.get(ProcessInstance, child.parent_id)
        return parent if parent is not None and parent.status == "active" else None

    def _step(self, instance: ProcessInstance, function: str, key: str, **arguments: object) -> None:
        context = self.context(instance)
        model = definitions.process_model(self.session, instance.definition_id)
        step: Step = getattr(runtime, function)(model, instance.state, key, StepHost(context), **arguments)
        self.apply(context, step)

    def throw(self, instance: ProcessInstance | None, thrown: Thrown) -> None:
        """Deliver a message or signal to whoever waits in this family; leave it in the outbox for all others."""
        root_id = (instance.root_id or instance.id) if instance is not None else None
        if instance is not None:
            for subscription in matching(
                self.session, thrown.kind, thrown.name, thrown.correlation_key, inside=root_id
            ):
                self._pending.append(
                    lambda found=subscription: self.deliver(found, thrown.payload)  # type: ignore[misc]
                )
        self.session.add(
            OutboxItem(
                kind=thrown.kind,
                payload={
                    "name": thrown.name,
                    "correlation_key": thrown.correlation_key,
                    "payload": encode(thrown.payload),
                    "root_id": root_id,
                },
                due_at=self.now,
                created_at=self.now,
            )
        )
        self.session.info["outbox"] = True

    def deliver(self, subscription: Subscription, payload: Variables) -> None:
        """Give a message or signal to one waiting instance, if it still waits."""
        instance = lock(self.session, subscription.instance_id)
        if instance is None or instance.status != "active":
            return
        still = self.session.scalar(
            select(Subscription.id).where(
                Subscription.instance_id == subscription.instance_id, Subscription.key == subscription.key
            )
        )
        if still is not None:
            self._step(instance, "deliver", subscription.key, payload=payload)

    def fire(self, instance: ProcessInstance, key: str) -> None:
        """Fire a timer that is due."""
        self._step(instance, "fire_timer", key)

    def settle_timers(self, instance: ProcessInstance) -> None:
        """Make the timer rows of an instance say what its state says, after one of them was found stale."""
        context = self.context(instance)
        model = definitions.process_model(self.session, instance.definition_id)
        waiting = runtime.waits(model, instance.state, StepHost(context)).timers
        for job in self.session.scalars(select(TimerJob).where(TimerJob.instance_id == instance.id)):
            if job.key in waiting:
                job.due_at = waiting[job.key].due_at
            else:
                self.session.delete(job)

    def retry(self, instance: ProcessInstance, key: str) -> None:
        """Try a failed step again."""
        self._step(instance, "retry", key)

    def refresh_timers(self, project_id: int | None, *, inside: int | None = None, outside: int | None = None) -> None:
        """Evaluate every waiting timer of the project's instances again: its deadline ledger has moved.

        Without a project, those of the instances that belong to none (the yearly plan).

        `inside` and `outside` name a family by its root: only that one, which the caller holds locked, or all others,
        which are locked here.
        """
        query = (
            select(ProcessInstance.id)
            .where(
                ProcessInstance.project_id.is_(None)
                if project_id is None
                else ProcessInstance.project_id == project_id,
                ProcessInstance.status.in_(("active", "suspended")),
            )
            .order_by(func.coalesce(ProcessInstance.root_id, ProcessInstance.id), ProcessInstance.id)
        )
        if inside is not None:
            query = query.where((ProcessInstance.root_id == inside) | (ProcessInstance.id == inside))
        if outside is not None:
            query = query.where(ProcessInstance.id != outside, ProcessInstance.root_id.is_distinct_from(outside))
        for instance_id in self.session.scalars(query).all():
            instance = lock(self.session, instance_id)
            if instance is None or instance.status not in {"active", "suspended"}:
                continue
            context = self.context(instance)
            model = definitions.process_model(self.session, instance.definition_id)
            step = runtime.refresh_timers(model, instance.state, StepHost(context))
            if step.after != step.before:
                self.apply(context, step)

    def _refresh_family(self, instance: ProcessInstance, project_id: int) -> None:
        """Refresh this family now and leave all others of the project to the outbox: a step locks one family only."""
        root_id = instance.root_id or instance.id
        self.refresh_timers(project_id, inside=root_id)
        self.session.add(
            OutboxItem(
                kind="refresh",
                payload={"project_id": project_id, "root_id": root_id},
                due_at=self.now,
                created_at=self.now,
            )
        )
        self.session.info["outbox"] = True


def start(
    session: Session,
    process_key: str,
    *,
    now: datetime,
    by: Actor | None,
    variables: Variables | None = None,
    project_id: int | None = None,
    unit_id: int | None = None,
    start_event_id: str | None = None,
) -> ProcessInstance:
    """Start the version in force of a process as a family of its own; raise NotFound when there is none.

    `start_event_id` names the start event that a person may use where a process has several (property `starters`).
    """
    run = Run(session, now, by)
    definition = definitions.process_in_force(session, process_key)
    instance = run.create(
        definition, variables or {}, project_id=project_id, unit_id=unit_id, start_event_id=start_event_id
    )
    run.settle()
    return instance


def _unit(session: Session, code: object) -> int | None:
    """Return the unit for which a called process works: the yearly plan calls it once for each code (P-01)."""
    if not isinstance(code, str) or not code:
        return None
    return session.scalar(select(Organisation.id).where(Organisation.code == code))


def _called_definition(session: Session, parent: ProcessInstance, wait: CallWait) -> Definition:
    if wait.binding == "versionTag":
        found = session.scalar(
            select(Definition)
            .where(
                Definition.kind == "bpmn",
                Definition.key == wait.process_id,
                Definition.version_tag == wait.version_tag,
                Definition.released_at.is_not(None),
            )
            .order_by(Definition.version.desc())
            .limit(1)
        )
    elif wait.binding == "deployment":
        # the version that was in force when the caller's version was released
        released_at = select(Definition.released_at).where(Definition.id == parent.definition_id).scalar_subquery()
        found = session.scalar(
            select(Definition)
            .where(Definition.kind == "bpmn", Definition.key == wait.process_id, Definition.released_at <= released_at)
            .order_by(Definition.version.desc())
            .limit(1)
        )
    else:
        found = definitions.in_force(session, "bpmn", wait.process_id)
    if found is None and wait.binding == "versionTag":
        raise NotFound("流程“%(key)s”没有标记为“%(tag)s”的版本。", key=wait.process_id, tag=wait.version_tag)
    if found is None:
        raise NotFound("没有正在使用的流程“%(key)s”。", key=wait.process_id)
    return found
