"""Processes under way on a real database: started, completed, claimed, returned, called, interrupted."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app import dispatch
from app.clock import frozen
from app.engine.failures import ExpressionFailed
from app.errors import AlreadyDone, InvalidAnswers, NotFound, NotPermitted, Refused
from app.models.documents import AuditEvent, Draft, Submission
from app.models.process import OutboxItem, ProcessInstance, TaskAudience, UserTask
from app.services import families, ledger, process_instances, timers, user_tasks
from app.unit_of_work import Database
from tests.integration.office import FORM, NOW, Office, a_project, furnish, task
from tests.unit.engine.drawing import boundary, end, flow, flows, loop, mapping, message, node, start, timer

TWO = start() + task("a") + task("b", "bur_clerk") + end() + flows("s > a > b > e")
DAY = timedelta(days=1)


@pytest.fixture
def office(database: Database) -> Office:
    return furnish(database)


def taken_by(office: Office, name: str) -> set[str]:
    """She herself, and whoever stands in for her as a clerk of the unit."""
    who = office.people[name]
    return {f"p:{who.id}", f"s:{who.id}:r:unit_clerk@{who.organisation_id}"}


def audience_of(office: Office, task_id: int) -> set[str]:
    with office.look() as session:
        return set(session.scalars(select(TaskAudience.audience).where(TaskAudience.task_id == task_id)))


def count(office: Office, table: type) -> int:
    with office.look() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def outbox(office: Office) -> None:
    with frozen(office.now):
        dispatch.settle_outbox()


def tick(office: Office) -> int:
    """Fire everything that is due at the office's moment; return how many timers were taken."""
    fired = 0
    with frozen(office.now):
        while taken := dispatch.fire_timers():
            fired += taken
        dispatch.settle_outbox()
    return fired


# ── tasks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_task_appears_for_its_role_in_the_unit_and_completing_it_leads_on(office: Office) -> None:
    definition = office.publish(TWO)
    instance = office.start(subject="暖气")
    first = office.task("a")
    assert audience_of(office, first) == {f"r:unit_clerk@{office.units['school']}"}
    assert office.complete("a", note="已修", amount=3) == first
    assert office.open() == ["b"]
    assert audience_of(office, first) == set()
    assert audience_of(office, office.task("b")) == {"r:bur_clerk"}
    with office.look() as session:
        done = session.get_one(UserTask, first)
        kept = session.scalars(select(Submission)).one()
        audited = session.scalars(select(AuditEvent.act).where(AuditEvent.subject_kind == "user_task")).all()
    clerk = office.people["clerk"].id
    assert (done.status, done.ended_by, done.ended_at, done.form_id) == ("completed", clerk, NOW, FORM)
    assert (kept.answers, kept.task_id, kept.by_id) == ({"note": "已修", "amount": 3, "again": None}, first, clerk)
    assert audited == ["complete_task"]
    office.complete("b", "bureau")
    ended = office.instance(instance)
    assert (ended.status, ended.end_event_id, ended.state, ended.revision) == ("completed", "e", "", 3)
    assert (ended.definition_id, ended.root_id) == (definition, None)
    assert [event for element, event in office.history(instance) if element == "a"] == ["entered", "completed"]


def test_who_is_not_in_the_audience_learns_nothing(office: Office) -> None:
    office.publish(TWO)
    office.start()
    task_id = office.task("a")
    for person in ("stranger", "head", "bureau"):
        with pytest.raises(NotFound):
            office.hand_in(task_id, person, {"note": "x"})
    with pytest.raises(NotFound):
        office.hand_in(task_id + 999, "clerk", {"note": "x"})
    with pytest.raises(NotFound, match="没有正在使用的流程"):
        office.start("p_nothing")
    assert (office.open(), count(office, Submission)) == (["a"], 0)


def test_wrong_answers_change_nothing(office: Office) -> None:
    office.publish(TWO)
    instance = office.start()
    with pytest.raises(InvalidAnswers) as wrong:
        office.complete("a", amount="drei", again="maybe", forged=1)
    assert set(wrong.value.errors) == {"note", "amount", "again", "forged"}
    assert (office.open(), count(office, Submission), office.instance(instance).revision) == (["a"], 0, 1)


def test_a_failing_expression_tells_the_person_and_rolls_everything_back(office: Office) -> None:
    script = node("scriptTask", "x", extensions='<zeebe:script expression="=amount + 1" resultVariable="y"/>')
    office.publish(start() + task("a") + script + end() + flows("s > a > x > e"))
    office.start()
    with pytest.raises(ExpressionFailed) as failed:
        office.complete("a", note="没有数量")
    assert failed.value.element_id == "x"
    assert (office.open(), count(office, Submission), office.incidents()) == (["a"], 0, [])
    office.complete("a", note="有", amount=3)
    assert office.statuses() == [("p_test", "completed")]


def test_the_second_of_two_is_told_who_was_first(office: Office) -> None:
    office.publish(TWO)
    office.start()
    task_id = office.complete("a")
    with pytest.raises(AlreadyDone) as late:
        office.hand_in(task_id, "colleague", {"note": "auch"})
    assert late.value.values == {"who": "王芳", "when": NOW, "task_id": task_id}
    with pytest.raises(NotFound):
        office.hand_in(task_id, "stranger", {"note": "x"})


def test_claiming_takes_a_task_out_of_the_others_inbox_until_it_is_released(office: Office) -> None:
    office.publish(TWO)
    office.start()
    task_id = office.task("a")
    with office.database.unit_of_work() as session:
        user_tasks.claim(session, task_id, by=office.people["clerk"], now=office.now)
    with office.database.unit_of_work() as session:
        user_tasks.claim(session, task_id, by=office.people["clerk"], now=office.now)
    assert audience_of(office, task_id) == taken_by(office, "clerk")
    with office.database.unit_of_work() as session, pytest.raises(NotFound):
        user_tasks.claim(session, task_id, by=office.people["stranger"], now=office.now)
    for act in (user_tasks.claim, user_tasks.release):
        with office.database.unit_of_work() as session, pytest.raises(NotPermitted, match="正在办理") as busy:
            act(session, task_id, by=office.people["colleague"], now=office.now)
        assert busy.value.values == {"who": "王芳"}
    with office.database.unit_of_work() as session:
        user_tasks.release(session, task_id, by=office.people["clerk"], now=office.now)
    assert audience_of(office, task_id) == {f"r:unit_clerk@{office.units['school']}"}
    office.complete("a", "colleague")
    assert office.open() == ["b"]


def test_a_task_given_by_name_is_hers_alone_and_cannot_be_released(office: Office) -> None:
    said = '<zeebe:assignmentDefinition assignee="=who"/>'
    office.publish(start() + node("userTask", "a", extensions=said) + end() + flows("s > a > e"))
    office.start(who="colleague")
    task_id = office.task("a")
    assert audience_of(office, task_id) == {f"p:{office.people['colleague'].id}"}
    with pytest.raises(NotFound):
        office.hand_in(task_id, "clerk", {})
    with office.database.unit_of_work() as session:
        user_tasks.claim(session, task_id, by=office.people["colleague"], now=office.now)
    with office.database.unit_of_work() as session, pytest.raises(NotPermitted, match="指定由你办理"):
        user_tasks.release(session, task_id, by=office.people["colleague"], now=office.now)
    office.hand_in(task_id, "colleague", {})
    assert office.statuses() == [("p_test", "completed")]


def test_handing_over_goes_to_a_holder_of_the_role_only(office: Office) -> None:
    office.publish(TWO)
    office.start()
    task_id = office.task("a")
    for other in ("bureau", "stranger"):
        with office.database.unit_of_work() as session, pytest.raises(NotPermitted, match="不承担"):
            user_tasks.reassign(
                session, task_id, to_person=office.people[other].id, by=office.people["clerk"], now=office.now
            )
    with office.database.unit_of_work() as session:
        user_tasks.reassign(
            session, task_id, to_person=office.people["colleague"].id, by=office.people["clerk"], now=office.now
        )
    assert audience_of(office, task_id) == taken_by(office, "colleague")


def test_a_returned_task_is_a_new_one_and_a_loop_stays_small(office: Office) -> None:
    decided = flow("g", "a", "=again = &quot;yes&quot;") + flow("g", "e", "=again = &quot;no&quot;")
    office.publish(start() + task("a") + node("exclusiveGateway", "g") + end() + flows("s > a > g") + decided)
    instance = office.start()
    seen = {office.complete("a", note="退", again="yes") for _ in range(12)}
    assert len(seen) == 12
    assert len(office.instance(instance).state) < 1500
    office.complete("a", note="好", again="no")
    assert office.statuses() == [("p_test", "completed")]
    assert [event for element, event in office.history(instance) if element == "a"] == ["entered", "completed"] * 13


def test_a_suspended_instance_refuses_and_its_timers_wait(office: Office) -> None:
    late = boundary("late", "a", timer("timeDuration", "P1D")) + end("f") + flows("late > f")
    office.publish(TWO + late)
    instance = office.start()
    with office.database.unit_of_work() as session:
        session.get_one(ProcessInstance, instance).status = "suspended"
    with pytest.raises(NotPermitted, match="暂停"):
        office.complete("a")
    office.later(days=2)
    assert tick(office) == 0
    with office.database.unit_of_work() as session:
        session.get_one(ProcessInstance, instance).status = "active"
    assert tick(office) == 1
    assert office.statuses() == [("p_test", "completed")]


# ── drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def draft(office: Office, task_id: int, by: str, values: dict[str, object], revision: int | None = None) -> int:
    with office.database.unit_of_work() as session:
        return user_tasks.save_draft(session, task_id, values, by=office.people[by], now=office.now, revision=revision)


def test_a_draft_is_kept_as_typed_and_two_windows_do_not_overwrite_each_other(office: Office) -> None:
    office.publish(TWO)
    office.start()
    task_id = office.task("a")
    assert draft(office, task_id, "clerk", {"note": "", "amount": "zwölf"}) == 1
    assert draft(office, task_id, "clerk", {"note": "k"}, 1) == 2
    with pytest.raises(AlreadyDone) as older:
        draft(office, task_id, "clerk", {"note": "other window"}, 1)
    assert older.value.values == {"revision": 2}
    assert draft(office, task_id, "colleague", {"note": "mine"}) == 1
    with pytest.raises(NotFound):
        draft(office, task_id, "stranger", {})
    with pytest.raises(NotFound):
        draft(office, task_id + 99, "clerk", {})
    with office.look() as session:
        kept = {row.person_id: row.values for row in session.scalars(select(Draft))}
    clerk, colleague = office.people["clerk"].id, office.people["colleague"].id
    assert kept == {clerk: {"note": "k"}, colleague: {"note": "mine"}}


def test_completing_ends_ones_own_draft_and_another_keeps_hers_for_thirty_days(office: Office) -> None:
    office.publish(TWO)
    office.start()
    task_id = office.task("a")
    draft(office, task_id, "clerk", {"note": "1"})
    draft(office, task_id, "colleague", {"note": "2"})
    office.complete("a", "clerk")
    assert draft(office, task_id, "colleague", {"note": "3"}, 1) == 2
    assert count(office, Draft) == 1
    for days, left in ((29, 1), (31, 0)):
        with office.database.unit_of_work() as session:
            user_tasks.drop_old_drafts(session, before=NOW + timedelta(days=days) - timedelta(days=30))
        assert count(office, Draft) == left


def test_a_draft_begun_after_somebody_else_was_faster_is_kept_too(office: Office) -> None:
    office.publish(TWO)
    office.start()
    task_id = office.complete("a", "clerk")
    assert draft(office, task_id, "colleague", {"note": "zu spät"}) == 1
    with pytest.raises(NotFound):
        draft(office, task_id, "stranger", {})


# ── timers ───────────────────────────────────────────────────────────────────────────────────────────────────────────

LATE = start() + task("a") + boundary("late", "a", timer("timeDuration", "P1D")) + task("b") + end()
LATE += flows("s > a > e", "late > b > e")


def claim(office: Office, owner: str = "one", *, wall: datetime | None = None, limit: int = 20) -> list[timers.Lease]:
    with office.database.unit_of_work() as session:
        return timers.claim(session, owner=owner, now=office.now, wall_now=wall or office.now, limit=limit)


def fire(office: Office, lease: timers.Lease) -> bool:
    with office.database.unit_of_work() as session:
        return timers.fire(session, lease, now=office.now)


def test_a_timer_fires_when_it_is_due_and_not_before(office: Office) -> None:
    office.publish(LATE)
    instance = office.start()
    (waiting,) = office.timers()
    assert (waiting.due_at, waiting.element_id, waiting.status) == (NOW + DAY, "late", "waiting")
    office.later(hours=23)
    assert tick(office) == 0
    office.later(hours=1)
    assert tick(office) == 1
    assert (office.open(), office.timers()) == (["b"], [])
    assert [event for element, event in office.history(instance) if element == "a"] == ["entered", "cancelled"]
    assert tick(office) == 0


def test_completing_the_task_takes_its_timer_away(office: Office) -> None:
    office.publish(LATE)
    office.start()
    office.complete("a")
    assert (office.timers(), office.statuses()) == ([], [("p_test", "completed")])


def test_a_leased_timer_is_nobody_elses_and_a_stale_lease_does_nothing(office: Office) -> None:
    office.publish(LATE)
    office.start()
    office.later(days=1)
    (first,) = claim(office, "one")
    assert claim(office, "two") == []
    wall = office.now + timers.LEASE + timedelta(seconds=1)
    (second,) = claim(office, "two", wall=wall)
    assert (second.attempt, second.timer_id) == (2, first.timer_id)
    assert fire(office, first) is False
    assert office.open() == ["a"]
    assert fire(office, second) is True
    assert office.open() == ["b"]
    assert (fire(office, second), fire(office, first)) == (False, False)


def test_a_timer_whose_lease_ran_out_is_taken_alone(office: Office) -> None:
    office.publish(LATE)
    for _ in range(4):
        office.start()
    office.later(days=1)
    (dead,) = claim(office, "died", limit=1)
    wall = office.now + timers.LEASE + timedelta(seconds=1)
    alone = claim(office, "two", wall=wall)
    assert [lease.timer_id for lease in alone] == [dead.timer_id]
    assert len(claim(office, "three", wall=wall)) == 3


def test_a_timer_whose_handler_kills_its_process_becomes_an_incident_after_five_attempts(office: Office) -> None:
    office.publish(LATE)
    for _ in range(3):
        office.start()
    office.later(days=1)
    wall = office.now
    (poison,) = claim(office, "died", wall=wall, limit=1)
    fired = 0
    for _ in range(8):
        wall += timers.LEASE + timedelta(seconds=1)
        for lease in claim(office, "next", wall=wall):
            if lease.timer_id != poison.timer_id:
                fired += fire(office, lease)
    assert fired == 2
    (left,) = office.timers()
    assert (left.id, left.status, left.attempt) == (poison.timer_id, "incident", 5)


def test_a_timer_that_moved_after_it_was_claimed_does_not_fire(office: Office) -> None:
    office.publish(LATE)
    instance = office.start()
    office.later(days=1)
    (lease,) = claim(office)
    with office.database.unit_of_work() as session:
        state = session.get_one(ProcessInstance, instance).state
        session.execute(
            update(ProcessInstance).values(state=state.replace(str(NOW.date() + DAY), str(NOW.date() + 2 * DAY)))
        )
    assert fire(office, lease) is False
    (left,) = office.timers()
    assert (left.status, left.due_at, left.attempt) == ("waiting", NOW + 2 * DAY, 0)


def test_a_ladder_fires_step_by_step_and_after_an_outage_once(office: Office) -> None:
    ladder = timer("timeCycle", "R/P1D")
    remind = boundary("remind", "a", ladder, interrupting=False) + task("n", "bur_clerk") + end("f")
    office.publish(start() + task("a") + remind + end() + flows("s > a > e", "remind > n > f"))
    office.start()
    office.later(days=1)
    assert tick(office) == 1
    office.later(days=5)
    assert tick(office) == 1
    assert office.open() == ["a", "n", "n"]
    (waiting,) = office.timers()
    assert waiting.due_at == office.now + DAY


@pytest.mark.parametrize("claimers", [4])
def test_many_claimers_fire_each_timer_once(office: Office, claimers: int) -> None:
    office.publish(LATE)
    instances = [office.start() for _ in range(12)]
    office.later(days=1)
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            while leases := claim(office, name, limit=3):
                for lease in leases:
                    fire(office, lease)
        except BaseException as error:  # noqa: BLE001 -- told to the test, which fails
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(claimers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert (office.open(), office.timers()) == (["b"] * 12, [])
    for instance in instances:
        assert [event for element, event in office.history(instance) if element == "late"].count("fired") == 1


def test_the_ledger_moves_waiting_timers_and_what_has_fired_stays_fired(office: Office) -> None:
    project = a_project(office)
    due = timer("timeDate", "=deadline.acceptance.fires_at")
    office.publish(
        start() + task("a") + boundary("late", "a", due) + task("b") + end() + flows("s > a > e", "late > b > e")
    )
    with office.database.unit_of_work() as session:
        first = ledger.enter(session, "acceptance", NOW.date(), project_id=project, now=NOW).fires_at
    instance = office.start(project_id=project)
    (waiting,) = office.timers()
    assert waiting.due_at == first
    with office.database.unit_of_work() as session:
        row = ledger.find(session, "acceptance", project_id=project)
        assert row is not None
        moved = ledger.extend(session, row, row.due + 30 * DAY, reports=1, head_consents=True, now=NOW).fires_at
        run = process_instances.Run(session, NOW)
        run.refresh_timers(project)
        run.settle()
    (waiting,) = office.timers()
    assert (waiting.due_at, moved > first) == (moved, True)
    office.now = first
    assert tick(office) == 0
    office.now = moved
    assert tick(office) == 1
    assert (office.open(instance), office.timers()) == (["b"], [])


# ── incidents ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_timer_that_leads_into_a_failing_element_leaves_an_incident_that_can_be_tried_again(office: Office) -> None:
    wait = node("intermediateCatchEvent", "t", timer("timeDuration", "P1D"))
    call = node("callActivity", "c", extensions='<zeebe:calledElement processId="=next"/>')
    office.publish(start() + wait + call + task("a") + end() + flows("s > t > c > a > e"))
    good, bad = office.start(next="p_child"), office.start(next="p_gone")
    office.publish(start() + end() + flows("s > e"), process_id="p_child")
    office.later(days=1)
    assert tick(office) == 2
    assert office.open(good) == ["a"]
    (incident,) = office.incidents()
    assert (incident.instance_id, incident.element_id) == (bad, "c")
    assert "p_gone" in incident.error
    assert office.timers() == []
    office.publish(start() + end() + flows("s > e"), process_id="p_gone")
    with office.database.unit_of_work() as session:
        run = process_instances.Run(session, office.now)
        instance = families.lock(session, bad)
        assert instance is not None
        run.retry(instance, incident.key)
        run.settle()
    assert (office.incidents(), office.open(bad)) == ([], ["a"])


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def caller(extensions: str = "", inside: str = "") -> str:
    said = '<zeebe:calledElement processId="p_child"/>'
    return start() + node("callActivity", "c", inside, said + extensions) + task("after") + end()


CHILD = start() + task("a") + end() + flows("s > a > e")


def test_a_call_is_an_instance_of_its_own_and_gives_back_what_its_mapping_names(office: Office) -> None:
    office.publish(CHILD, process_id="p_child")
    said = mapping(inputs={"subject": "=what"}, outputs={"sum": "=amount"})
    office.publish(caller(said) + flows("s > c > after > e"))
    parent = office.start(what="泵")
    child = parent + 1
    stored = office.instance(child)
    assert (stored.root_id, stored.parent_id, stored.unit_id) == (parent, parent, office.units["school"])
    office.complete("a", note="x", amount=7)
    assert office.statuses() == [("p_test", "active"), ("p_child", "completed")]
    assert office.open(parent) == ["after"]
    assert '"sum":7' in office.instance(parent).state


def test_one_child_for_each_of_a_list_and_all_of_them_return(office: Office) -> None:
    office.publish(CHILD, process_id="p_child")
    inside = loop("=units", "unit", into=("sums", "=amount"))
    office.publish(caller(inside=inside) + flows("s > c > after > e"))
    parent = office.start(units=[1, 2, 3])
    assert [status for _, status in office.statuses()] == ["active"] * 4
    for amount in (10, 20, 30):
        assert office.open(parent) == []
        office.complete("a", note="x", amount=amount)
    assert office.open(parent) == ["after"]
    assert '"sums":[10,20,30]' in office.instance(parent).state


def test_an_interrupted_call_ends_its_children_and_theirs(office: Office) -> None:
    office.publish(CHILD, process_id="p_grandchild")
    inner = node("callActivity", "deeper", extensions='<zeebe:calledElement processId="p_grandchild"/>')
    office.publish(start() + inner + end() + flows("s > deeper > e"), process_id="p_child")
    late = boundary("late", "c", timer("timeDuration", "P1D"))
    office.publish(caller() + late + flows("s > c > after > e", "late > after"))
    parent = office.start()
    draft(office, office.task("a"), "clerk", {"note": "half"})
    waiting = office.task("a")
    office.later(days=1)
    assert tick(office) == 1
    assert office.statuses() == [("p_test", "active"), ("p_child", "terminated"), ("p_grandchild", "terminated")]
    assert office.open() == ["after"]
    assert audience_of(office, waiting) == set()
    with pytest.raises(AlreadyDone, match="撤销"):
        office.hand_in(waiting, "clerk", {"note": "x"})
    assert office.open(parent) == ["after"]


def test_an_error_end_of_a_child_is_caught_by_the_callers_boundary(office: Office) -> None:
    error = '<bpmn:errorEventDefinition errorRef="refused"/>'
    outside = '<bpmn:error id="refused" name="refused" errorCode="refused"/>'
    office.publish(start() + task("a") + end("x", error) + flows("s > a > x"), process_id="p_child", outside=outside)
    caught = boundary("refusal", "c", error) + task("mend") + end("f")
    office.publish(caller() + caught + flows("s > c > after > e", "refusal > mend > f"), outside=outside)
    parent = office.start()
    office.complete("a")
    assert office.open(parent) == ["mend"]
    assert office.statuses() == [("p_test", "active"), ("p_child", "failed")]


def test_a_process_that_calls_itself_is_stopped(office: Office) -> None:
    again = node("callActivity", "c", extensions='<zeebe:calledElement processId="p_test"/>')
    office.publish(start() + task("a") + end() + flows("s > a > e"))
    office.publish(start() + again + end() + flows("s > c > e"))
    with pytest.raises(Refused, match="循环调用"):
        office.start()
    assert office.statuses() == []


def test_a_call_takes_the_version_that_its_binding_names(office: Office) -> None:
    def tagged(tag: str, element_id: str) -> str:
        said = f'<bpmn:extensionElements><zeebe:versionTag value="{tag}"/></bpmn:extensionElements>'
        return said + start() + task(element_id) + end() + flows(f"s > {element_id} > e")

    calls = {
        "newest": "",
        "beside": 'bindingType="deployment"',
        "tagged": 'bindingType="versionTag" versionTag="2025"',
        "gone": 'bindingType="versionTag" versionTag="2024"',
    }
    drawn = "".join(
        node("callActivity", name, extensions=f'<zeebe:calledElement processId="p_child" {binding}/>')
        for name, binding in calls.items()
    )
    chains = [f"s > split > {name} > join" for name in calls][:1] + [f"split > {name} > join" for name in calls][1:]
    gateways = node("parallelGateway", "split") + node("parallelGateway", "join")
    first = office.publish(tagged("2025", "old"), process_id="p_child")
    office.publish(start() + gateways + drawn + end() + flows(*chains, "join > e"))
    second = office.later(days=1).publish(tagged("2026", "new"), process_id="p_child")
    office.start()
    children = {office.instance(own).parent_call_key: office.instance(own).definition_id for own in (2, 3, 4)}
    assert (sorted(children.values()), office.open()) == ([first, first, second], ["new", "old", "old"])
    (incident,) = office.incidents()
    assert (incident.element_id, '"tag": "2024"' in incident.error) == ("gone", True)


def test_calls_in_sequence_run_one_after_another_and_end_with_their_caller(office: Office) -> None:
    office.publish(CHILD, process_id="p_child")
    inside = loop("=units", "unit", into=("sums", "=amount"), sequential=True)
    office.publish(caller(inside=inside) + flows("s > c > after > e"))
    parent = office.start(units=[1, 2, 3])
    assert office.statuses() == [("p_test", "active"), ("p_child", "active")]
    office.complete("a", note="x", amount=10)
    assert office.statuses() == [("p_test", "active"), ("p_child", "completed"), ("p_child", "active")]
    with office.database.unit_of_work() as session:
        run = process_instances.Run(session, office.now)
        instance = families.lock(session, parent)
        assert instance is not None
        run.terminate(instance)
        run.settle()
    assert [status for _, status in office.statuses()] == ["terminated", "completed", "terminated"]
    assert office.open() == []


def test_an_incident_of_a_child_is_its_own_and_its_caller_goes_on_after_the_retry(office: Office) -> None:
    wait = node("intermediateCatchEvent", "t", timer("timeDuration", "P1D"))
    deeper = node("callActivity", "x", extensions='<zeebe:calledElement processId="=next"/>')
    office.publish(start() + wait + deeper + end() + flows("s > t > x > e"), process_id="p_child")
    office.publish(caller() + flows("s > c > after > e"))
    parent = office.start(next="p_gone")
    assert tick(office.later(days=1)) == 1

    def again() -> None:
        with office.database.unit_of_work() as session:
            run = process_instances.Run(session, office.now)
            child = families.lock(session, parent + 1)
            assert child is not None
            run.retry(child, incident.key)
            run.settle()

    (incident,) = office.incidents()
    assert (incident.instance_id, incident.element_id, "p_gone" in incident.error) == (parent + 1, "x", True)
    again()
    assert [(one.instance_id, one.element_id) for one in office.incidents()] == [(parent + 1, "x")]
    assert (office.statuses(), office.open()) == ([("p_test", "active"), ("p_child", "active")], [])
    office.publish(start() + end() + flows("s > e"), process_id="p_gone")
    (incident,) = office.incidents()
    again()
    assert (office.incidents(), office.open(parent)) == ([], ["after"])
    assert office.statuses() == [("p_test", "active"), ("p_child", "completed"), ("p_gone", "completed")]


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────

OPINION = "industry.opinion"
REQUEST = "industry.opinion.request"


def throw(element_id: str, name: str, subscription: str = "", outputs: dict[str, str] | None = None) -> str:
    del subscription
    said = mapping(inputs=outputs) if outputs else ""
    return node("intermediateThrowEvent", element_id, f'<bpmn:messageEventDefinition messageRef="{name}"/>', said)


def receive(element_id: str, name: str) -> str:
    return node("receiveTask", element_id, messageRef=name)


def test_a_message_to_another_family_is_delivered_after_the_commit(office: Office) -> None:
    waits = message(OPINION, "=key")
    office.publish(
        start() + receive("m", OPINION) + task("a") + end() + flows("s > m > a > e"),
        process_id="p_waits",
        outside=waits,
    )
    office.publish(start() + task("b") + throw("t", OPINION) + end() + flows("s > b > t > e"), outside=waits)
    mine, other = office.start("p_waits", key="K1"), office.start("p_waits", key="K2")
    office.start(key="K1")
    office.complete("b")
    assert (office.open(), count(office, OutboxItem)) == ([], 1)
    outbox(office)
    assert (office.open(mine), office.open(other)) == (["a"], [])
    assert (count(office, OutboxItem), office.subscriptions()) == (0, [OPINION])


def test_a_message_reaches_every_instance_with_its_key_and_no_other(office: Office) -> None:
    waits = message(OPINION, "=key")
    inside = f'<bpmn:messageEventDefinition messageRef="{OPINION}"/>'
    more = boundary("more", "a", inside, interrupting=False) + task("extra") + end("f")
    office.publish(
        start() + task("a") + more + end() + flows("s > a > e", "more > extra > f"),
        process_id="p_waits",
        outside=waits,
    )
    office.publish(start() + throw("t", OPINION) + end() + flows("s > t > e"), outside=waits)
    first, second, other = (office.start("p_waits", key=key) for key in ("K", "K", "L"))
    for _ in range(2):
        office.start(key="K")
        outbox(office)
    assert office.open(first) == office.open(second) == ["a", "extra", "extra"]
    assert (office.open(other), office.subscriptions()) == (["a"], [OPINION] * 3)


def test_a_message_inside_the_family_arrives_in_the_same_step_and_only_once(office: Office) -> None:
    waits = message(OPINION, "=key")
    office.publish(start() + throw("t", OPINION) + end() + flows("s > t > e"), process_id="p_child", outside=waits)
    split = node("parallelGateway", "split")
    call = node("callActivity", "c", extensions='<zeebe:calledElement processId="p_child"/>')
    shape = flows("s > split > m > a > e", "split > first > c > f")
    body = start() + split + receive("m", OPINION) + task("a") + task("first") + call + end() + end("f") + shape
    office.publish(body, outside=waits)
    office.start(key="K")
    office.complete("first")
    assert office.open() == ["a"]
    outbox(office)
    assert (office.open(), count(office, OutboxItem)) == (["a"], 0)


def test_a_message_starts_a_process_with_its_payload_and_the_project_of_its_key(office: Office) -> None:
    project = a_project(office)
    outside = message(REQUEST, "=project_no")
    starts = node("startEvent", "s", f'<bpmn:messageEventDefinition messageRef="{REQUEST}"/>')
    office.publish(starts + task("a") + end() + flows("s > a > e"), process_id="p_opinion", outside=message(REQUEST))
    office.publish(start() + throw("t", REQUEST) + task("b") + end() + flows("s > t > b > e"), outside=outside)
    office.start(project_id=project, subject="泵")
    outbox(office)
    assert office.statuses() == [("p_test", "active"), ("p_opinion", "active")]
    started = office.instance(2)
    assert (started.root_id, started.project_id, started.unit_id) == (None, project, office.units["school"])
    assert started.started_by is None


def test_a_message_that_nobody_waits_for_is_audited_and_gone(office: Office) -> None:
    office.publish(start() + throw("t", OPINION) + end() + flows("s > t > e"), outside=message(OPINION, "=key"))
    office.start(key="K9")
    outbox(office)
    with office.look() as session:
        audited = session.scalars(select(AuditEvent).where(AuditEvent.act == "message_unmatched")).one()
    assert (audited.subject_id, audited.detail, count(office, OutboxItem)) == (OPINION, {"correlation_key": "K9"}, 0)


def test_a_rolled_back_step_sends_nothing(office: Office) -> None:
    script = node("scriptTask", "x", extensions='<zeebe:script expression="=amount + 1" resultVariable="y"/>')
    body = start() + task("a") + throw("t", OPINION) + script + end() + flows("s > a > t > x > e")
    office.publish(body, outside=message(OPINION, "=key"))
    office.start(key="K")
    with pytest.raises(ExpressionFailed):
        office.complete("a")
    assert count(office, OutboxItem) == 0


def test_a_message_boundary_takes_the_task_and_its_subscription_back(office: Office) -> None:
    inside = f'<bpmn:messageEventDefinition messageRef="{OPINION}"/>'
    body = start() + task("a") + boundary("back", "a", inside) + task("b") + end() + end("f")
    office.publish(body + flows("s > a > e", "back > b > f"), outside=message(OPINION, "=key"))
    office.publish(
        start() + throw("t", OPINION) + end() + flows("s > t > e"),
        process_id="p_calls",
        outside=message(OPINION, "=key"),
    )
    office.start(key="K")
    taken = office.task("a")
    office.start("p_calls", key="K")
    outbox(office)
    assert (office.open(), office.subscriptions()) == (["b"], [])
    with pytest.raises(AlreadyDone, match="撤销"):
        office.hand_in(taken, "clerk", {"note": "x"})


def test_a_signal_reaches_everybody_who_waits_for_it(office: Office) -> None:
    outside = '<bpmn:signal id="sig" name="budget.closed"/>'
    hear = node("intermediateCatchEvent", "h", '<bpmn:signalEventDefinition signalRef="sig"/>')
    office.publish(start() + hear + task("a") + end() + flows("s > h > a > e"), process_id="p_hears", outside=outside)
    say = node("intermediateThrowEvent", "t", '<bpmn:signalEventDefinition signalRef="sig"/>')
    office.publish(start() + say + end() + flows("s > t > e"), outside=outside)
    for _ in range(3):
        office.start("p_hears")
    office.start()
    outbox(office)
    assert office.open() == ["a", "a", "a"]


def test_a_failing_delivery_waits_longer_each_time_and_ends_as_an_incident(office: Office) -> None:
    with office.database.unit_of_work() as session:
        session.add(OutboxItem(kind="message", payload={"broken": True}, due_at=NOW, created_at=NOW))
    waits = []
    for _ in range(9):
        outbox(office)
        with office.look() as session:
            item = session.scalars(select(OutboxItem)).one()
        waits.append((item.due_at - office.now).total_seconds())
        office.now = max(item.due_at, office.now)
    assert waits[:8] == [10, 20, 40, 80, 160, 320, 640, 1280]
    assert (item.status, item.attempt, item.last_error.split(":")[0]) == ("incident", 8, "KeyError")
