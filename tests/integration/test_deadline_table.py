"""The table of deadlines, row by row: start, length, ladder with its roles, and what the sweep draws."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from app import clock, dispatch
from app.clock import SHANGHAI
from app.domain.deadline_kinds import KINDS, Consequence, DeadlineKind
from app.domain.deadline_lengths import lengths_of, longest_of
from app.domain.deadlines import compute, ladder
from app.domain.parameters import Parameters
from app.domain.periods import Unit
from app.models.accounts import Organisation, Person, PersonRole
from app.models.business import DeadlineRow, PlanItem, ProblemItem, ResourceItem
from app.models.documents import AuditEvent, Notice
from app.models.process import OutboxItem
from app.services import ledger, security_filings
from app.services.calendars import calendar_of
from app.services.context import Actor
from app.unit_of_work import Database
from tests.integration.office import Office, a_project, furnish

STARTED = date(2026, 3, 2)
CALENDAR = calendar_of()
PLAN = tuple((n, "unit_clerk unit_head bur_section") for n in (-30, -15, -7, -3, -1))
TABLE: tuple[tuple[str, str, str, tuple[tuple[int, str], ...], Consequence], ...] = (
    ("T-01", "2026-11-30", "plan", PLAN, Consequence.LATE),
    ("T-02", "2026-03-30", "county_consent", ((-5, "gov_office"), (7, "gov_office")), Consequence.NONE),
    (
        "T-03",
        "2026-04-01",
        "materials",
        ((-10, "unit_clerk unit_lead"), (-3, "unit_clerk unit_lead")),
        Consequence.FLAGGED,
    ),
    ("T-04", "2026-03-09", "expert_opinion", ((-2, "expert bur_clerk"),), Consequence.REPLACEMENT),
    ("T-05", "2026-03-09", "review_opinion", ((-2, "bur_clerk bur_head"),), Consequence.ESCALATED),
    (
        "T-06",
        "2026-03-11",
        "industry_opinion",
        ((-3, "bur_section"), (-1, "bur_section")),
        Consequence.STILL_BLOCKED,
    ),
    ("T-07", "2026-03-09", "preprocurement", ((-2, "bur_share"),), Consequence.STILL_BLOCKED),
    ("T-08a", "2026-04-01", "contract", ((-10, "unit_lead fin_proc"), (-3, "unit_lead fin_proc")), Consequence.PROBLEM),
    (
        "T-08b",
        "2026-03-04",
        "contract_notice",
        ((-10, "unit_lead fin_proc"), (-3, "unit_lead fin_proc")),
        Consequence.PROBLEM,
    ),
    (
        "T-08c",
        "2026-03-11",
        "contract_filing",
        ((-10, "unit_lead fin_proc"), (-3, "unit_lead fin_proc")),
        Consequence.PROBLEM,
    ),
    ("T-09", "2026-12-31", "start_of_work", ((-10, "unit_lead unit_head fin_budget"),), Consequence.HOLD_NOT_STARTED),
    (
        "T-10",
        "2026-09-02",
        "acceptance",
        (
            (-60, "unit_clerk unit_lead"),
            (-30, "unit_clerk unit_lead"),
            (-15, "unit_clerk unit_lead unit_head bur_insp"),
            (0, "unit_clerk unit_lead unit_head bur_insp"),
            (1, "unit_clerk unit_lead unit_head bur_insp bur_head fin_budget fin_pay"),
            (8, "unit_clerk unit_lead unit_head bur_insp bur_head fin_budget fin_pay"),
            (30, "gov_office"),
        ),
        Consequence.HOLD_NOT_ACCEPTED,
    ),
    (
        "T-11",
        "2026-04-01",
        "rectification",
        ((-10, "unit_lead sup_eng"), (-3, "unit_lead sup_eng"), (-1, "unit_lead sup_eng")),
        Consequence.INSPECTION,
    ),
    ("T-13", "2026-03-23", "acceptance_filing", ((-5, "unit_clerk"), (-1, "unit_clerk")), Consequence.STILL_BLOCKED),
    ("T-14a", "2027-03-02", "evaluation_opens", ((-30, "bur_section fin_perf unit_lead"),), Consequence.NONE),
    ("T-14b", "2027-06-02", "evaluation_ends", ((-15, "bur_section fin_perf unit_lead"),), Consequence.ESCALATED),
    (
        "T-15",
        "2026-05-06",
        "evaluation_rectification",
        ((-15, "unit_lead unit_head"), (-5, "unit_lead unit_head"), (-1, "unit_lead unit_head")),
        Consequence.INSPECTION,
    ),
    ("T-16", "2026-12-31", "library_year", (), Consequence.REMOVED),
    ("T-17", "2026-03-23", "order", ((-5, "unit_lead unit_head"), (-1, "unit_lead unit_head")), Consequence.MEASURE),
    (
        "T-18",
        "2026-05-06",
        "audit",
        ((-15, "unit_lead aud_clerk"), (-5, "unit_lead aud_clerk")),
        Consequence.HOLD_AUDIT,
    ),
    ("T-19", "2026-03-11", "change", ((-3, "bur_section"),), Consequence.ESCALATED),
    ("T-20", "2026-04-01", "payment", ((-10, "unit_clerk fin_pay"), (-3, "unit_clerk fin_pay")), Consequence.LISTED),
    ("T-21", "2026-04-02", "update", ((0, "unit_clerk"),), Consequence.PROBLEM),
    (
        "T-22a",
        "2026-04-01",
        "mlps_filing",
        ((-15, "unit_lead psb_officer sec_officer"), (-5, "unit_lead psb_officer sec_officer")),
        Consequence.PROBLEM,
    ),
    (
        "T-22b",
        "2026-04-01",
        "crypto_filing",
        ((-15, "unit_lead psb_officer sec_officer"), (-5, "unit_lead psb_officer sec_officer")),
        Consequence.PROBLEM,
    ),
    (
        "T-22c",
        "2027-03-02",
        "mlps_retest",
        ((-15, "unit_lead psb_officer sec_officer"), (-5, "unit_lead psb_officer sec_officer")),
        Consequence.PROBLEM,
    ),
    ("T-23", "2026-03-09", "documents", ((-1, "unit_clerk unit_head"),), Consequence.REFUSAL_RECORDED),
    ("T-24", "2026-11-30", "om_application", tuple((n, "unit_clerk") for n, _ in PLAN), Consequence.NEXT_YEAR),
    ("T-25", "2026-03-09", "idle_task", (), Consequence.ESCALATED),
)
BY_NUMBER = {row[0]: row for row in TABLE}
LENGTHS: dict[str, str] = {
    "T-01": "30 Nov", "T-02": "20 wd", "T-03": "30 d", "T-04": "5 wd", "T-05": "5 wd", "T-06": "7 wd", "T-07": "5 wd",
    "T-08a": "30 d", "T-08b": "2 wd", "T-08c": "7 wd", "T-09": "31 Dec", "T-10": "6 months", "T-11": "30 d ≤ 90 d",
    "T-13": "15 wd", "T-14a": "1 year", "T-14b": "1 year + 3 months", "T-15": "60 d", "T-16": "31 Dec", "T-17": "15 wd",
    "T-18": "60 d", "T-19": "7 wd", "T-20": "30 d ≤ 60 d", "T-21": "1 months", "T-22a": "30 d", "T-22b": "30 d",
    "T-22c": "1 year", "T-23": "5 wd", "T-24": "30 Nov", "T-25": "5 wd",
}  # fmt: skip
"""How long each runs, in the words of the table: wd are working days, d calendar days."""
LADDERS: dict[str, tuple[int, ...]] = {
    "T-01": (-30, -15, -7, -3, -1), "T-02": (-5, 7, 14, 21, 28), "T-03": (-10, -3), "T-04": (-2,), "T-05": (-2,),
    "T-06": (-3, -1), "T-07": (-2,), "T-08a": (-10, -3), "T-08b": (-10, -3), "T-08c": (-10, -3), "T-09": (-10,),
    "T-10": (-60, -30, -15, -7, -3, -1, 0, 1, 8, 15, 22, 29, 30), "T-11": (-10, -3, -1), "T-13": (-5, -1),
    "T-14a": (-30,), "T-14b": (-15,), "T-15": (-15, -5, -1), "T-16": (), "T-17": (-5, -1), "T-18": (-15, -5),
    "T-19": (-3,), "T-20": (-10, -3), "T-21": (0,), "T-22a": (-15, -5), "T-22b": (-15, -5), "T-22c": (-15, -5),
    "T-23": (-1,), "T-24": (-30, -15, -7, -3, -1), "T-25": (),
}  # fmt: skip
"""When each reminds, in days from the last one; of T-10 the first month after it."""
FIXED_DAYS = {"T-09": ((9, 30), (11, 30)), "T-16": ((10, 1), (12, 1))}
FIRST_MONTH = 30


def in_words(kind: DeadlineKind) -> str:
    """Say how long a kind runs, as the table says it."""
    if kind.day is not None:
        return f"{kind.day[1]} {date(2000, *kind.day):%b}"
    units = {Unit.DAYS: "d", Unit.WORKING_DAYS: "wd", Unit.MONTHS: "months", Unit.YEARS: "year"}
    said = " + ".join(f"{length.count} {units[length.unit]}" for length in lengths_of(kind, Parameters()))
    said = {"12 months": "1 year"}.get(said, said)
    longest = longest_of(kind, Parameters())
    return said if longest is None else f"{said} ≤ {longest.count} {units[longest.unit]}"


def test_the_catalogue_is_the_table_word_for_word() -> None:
    assert {kind.number: in_words(kind) for kind in KINDS.values()} == LENGTHS
    found = {
        kind.number: tuple(rung.days for rung in kind.ladder if rung.on is None and rung.days <= FIRST_MONTH)
        for kind in KINDS.values()
    }
    assert found == LADDERS
    fixed = {
        kind.number: tuple(rung.on for rung in kind.ladder if rung.on) for kind in KINDS.values()
        if any(rung.on for rung in kind.ladder)
    }  # fmt: skip
    assert fixed == FIXED_DAYS
    rolling = {kind.number for kind in KINDS.values() if not kind.rolls}
    assert rolling == {"T-09", "T-14a", "T-16"}, "all others end on a working day (民法典 203)"


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    found = furnish(database)
    with found.database.unit_of_work() as session:
        unit = found.units["school"]
        security = Organisation(code="gaj", name="修武县公安局", short="县公安局", kind="security", eligible=False)
        session.add(security)
        session.flush()
        for number, (role, body) in enumerate(
            [("unit_lead", unit), ("unit_head", unit), ("psb_officer", security.id), ("bur_insp", security.id)]
        ):
            session.add(
                Person(
                    username=f"p{number}.{role}", name=role, organisation_id=body, created_at=found.now,
                    roles=[PersonRole(role=role, granted_at=found.now)],
                )
            )  # fmt: skip
    return found


def test_every_kind_of_deadline_stands_in_the_table_once() -> None:
    assert [row[2] for row in TABLE] == list(KINDS)
    assert [row[0] for row in TABLE] == [kind.number for kind in KINDS.values()]


@pytest.mark.parametrize("number", list(BY_NUMBER))
def test_start_length_and_consequence(number: str) -> None:
    _, due, name, _, consequence = BY_NUMBER[number]
    counted = compute(name, STARTED, CALENDAR)
    minutes = 10 if name == "library_year" else 0
    midnight = datetime.combine(counted.due + timedelta(days=1), time(0, minutes), SHANGHAI)
    assert (counted.due.isoformat(), counted.fires_at, KINDS[name].consequence) == (due, midnight, consequence)


@pytest.mark.parametrize("number", list(BY_NUMBER))
def test_every_rung_has_its_roles(number: str) -> None:
    _, _, name, rungs, _ = BY_NUMBER[number]
    known = {rung.days: " ".join(rung.roles) for rung in KINDS[name].ladder if rung.on is None}
    assert {days: known.get(days) for days, _ in rungs} == dict(rungs)


@pytest.mark.parametrize("number", list(BY_NUMBER))
def test_reminders_are_at_half_past_eight_on_working_days_and_never_before_the_start(number: str) -> None:
    name = BY_NUMBER[number][2]
    counted = compute(name, STARTED, CALENDAR)
    found = ladder(name, counted, CALENDAR)
    assert all(reminder.at.time() == time(8, 30) for reminder in found)
    assert all(CALENDAR.is_working_day(reminder.at.date()) for reminder in found)
    assert all(reminder.at.date() >= STARTED for reminder in found)
    assert len({reminder.at for reminder in found}) == len(found)


def test_reminders_before_the_registration_collapse_into_one() -> None:
    counted = compute("acceptance", date(2026, 1, 5), CALENDAR)
    late = ladder("acceptance", counted, CALENDAR, registered_on=date(2026, 7, 4))
    assert [reminder.at.date() for reminder in late if reminder.at.date() <= counted.due] == [date(2026, 7, 6)]


# -- what the sweep does -----------------------------------------------------------------------------------------------


def entered(office: Office, kind: str, begins: date = STARTED, *, subject: str = "") -> DeadlineRow:
    project = a_project(office)
    with office.database.unit_of_work() as session:
        return ledger.enter(session, kind, begins, project_id=project, now=office.now, subject=subject)


def sweep(moment: datetime) -> None:
    with clock.frozen(moment):
        dispatch.sweep()
        dispatch.settle_outbox()


def problems(office: Office) -> list[tuple[str, str, date | None]]:
    with office.look() as session:
        rows = session.scalars(select(ProblemItem).order_by(ProblemItem.id))
        return [(row.number, row.kind, row.closed_on) for row in rows]


RECORDED = [
    row[2] for row in TABLE if row[4] in {Consequence.PROBLEM, Consequence.REFUSAL_RECORDED} and row[0] != "T-21"
]


@pytest.mark.parametrize("kind", RECORDED)
def test_what_lapses_is_a_problem_from_fires_at_on_and_once(office: Office, kind: str) -> None:
    row = entered(office, kind)
    sweep(row.fires_at - timedelta(minutes=1))
    assert problems(office) == []
    sweep(row.fires_at)
    sweep(row.fires_at + timedelta(days=3))
    assert problems(office) == [(f"WT-{row.fires_at.year}-0001", kind, None)]
    with office.look() as session:
        told = session.scalars(select(Notice.message).where(Notice.message.contains("列入问题台账"))).all()
    assert len(told) == 4
    with office.database.unit_of_work() as session:
        later = row.fires_at + timedelta(days=4)
        ledger.meet(session, kind, project_id=row.project_id, now=later)
    assert problems(office) == [(f"WT-{row.fires_at.year}-0001", kind, later.date())]


def test_what_is_done_in_time_is_no_problem(office: Office) -> None:
    row = entered(office, "contract")
    with office.database.unit_of_work() as session:
        ledger.meet(session, "contract", project_id=row.project_id, now=office.now)
    sweep(row.fires_at + timedelta(days=1))
    assert problems(office) == []


def test_a_resource_is_a_problem_after_two_missed_cycles(office: Office) -> None:
    project = a_project(office)
    with office.database.unit_of_work() as session:
        item = ResourceItem(project_id=project, name="学籍", content={}, update_cycle="月", updated_on=STARTED)
        session.add(item)
        session.flush()
        row = ledger.enter(
            session, "update", STARTED, project_id=project, now=office.now, subject=str(item.id),
            length=ledger.update_cycle("月"),
        )  # fmt: skip
        first = row.fires_at
    sweep(first)
    assert problems(office) == []
    with office.look() as session:
        second = session.scalars(select(DeadlineRow).where(DeadlineRow.kind == "update")).one()
    assert (second.start, second.status, second.lapsed_at) == (first.date() - timedelta(days=1), "open", None)
    sweep(second.fires_at)
    assert [kind for _, kind, _ in problems(office)] == ["update"]


def test_late_materials_drop_in_rank(office: Office) -> None:
    row = entered(office, "materials")
    with office.database.unit_of_work() as session:
        session.add(PlanItem(project_id=row.project_id, fy=2026, content={}, total_fen=1, fy_amount_fen=1, rank=3))
    sweep(row.fires_at - timedelta(seconds=1))
    with office.look() as session:
        assert session.scalars(select(PlanItem.rank)).all() == [3]
    sweep(row.fires_at)
    with office.look() as session:
        item = session.scalars(select(PlanItem)).one()
    assert (item.rank, item.findings) == (
        9999, [["申报材料应于 %(due)s 前报送，至今未报，排序后移。", {"due": "2026-04-01"}]],
    )  # fmt: skip


# -- reminders ---------------------------------------------------------------------------------------------------------


def reminded(office: Office) -> list[str]:
    with office.look() as session:
        rows = session.execute(
            select(Person.name, Notice.dedupe_key)
            .join(Person, Person.id == Notice.person_id)
            .where(Notice.dedupe_key.contains("_reminder:"))
            .order_by(Person.name)
        )
        return [name for name, _ in rows]


def test_the_ledger_reminds_at_half_past_eight_and_once_whatever_is_drawn(office: Office) -> None:
    row = entered(office, "mlps_filing")
    day = date(2026, 3, 17)  # fifteen days before 1 April
    early = datetime.combine(day, time(0, 10), SHANGHAI)
    sweep(early)
    sweep(early + timedelta(hours=1))
    assert reminded(office) == []
    for hour in (8, 9):
        with clock.frozen(datetime.combine(day, time(hour, 30), SHANGHAI)):
            dispatch.settle_outbox()
    assert reminded(office) == ["psb_officer", "unit_lead"]
    with office.look() as session:
        assert session.scalars(select(OutboxItem)).all() == []
        values = session.scalars(select(Notice.values)).all()
    assert values[0]["due"] == row.due.isoformat()


def test_what_is_done_is_not_reminded_of(office: Office) -> None:
    row = entered(office, "mlps_filing")
    sweep(datetime(2026, 3, 17, 0, 10, tzinfo=SHANGHAI))
    with office.database.unit_of_work() as session:
        ledger.meet(session, "mlps_filing", project_id=row.project_id, now=office.now)
    with clock.frozen(datetime(2026, 3, 17, 8, 30, tzinfo=SHANGHAI)):
        dispatch.settle_outbox()
    assert reminded(office) == []


# -- security filings --------------------------------------------------------------------------------------------------


def officer(office: Office) -> Actor:
    with office.look() as session:
        person = session.scalars(select(Person).where(Person.name == "psb_officer")).one()
    return Actor(
        person.id, person.username, person.name, person.organisation_id, "security", frozenset({"psb_officer"})
    )


def test_the_police_register_a_filing_and_a_yearly_test_runs_on(office: Office) -> None:
    row = entered(office, "mlps_retest")
    moment = datetime(2027, 2, 1, 9, tzinfo=SHANGHAI)
    with office.database.unit_of_work() as session:
        security_filings.confirm(session, row.id, evidence="等保豫H-2027-001", by=officer(office), now=moment)
    with office.look() as session:
        found = session.scalars(select(DeadlineRow)).one()
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.act == "confirm_security_filing")).all()
    assert (found.status, found.start, found.due, len(acts)) == ("open", date(2027, 2, 1), date(2028, 2, 1), 1)


def test_a_filing_needs_its_receipt_and_the_right_person(office: Office) -> None:
    row = entered(office, "crypto_filing")
    for by, evidence in (
        (officer(office), "  "),
        (office.people["clerk"], "等保-1"),
        (office.people["chief"], "等保-1"),
    ):
        with pytest.raises(Exception, match=r"回执编号|公安网安"), office.database.unit_of_work() as session:
            security_filings.confirm(session, row.id, evidence=evidence, by=by, now=office.now)
    with office.look() as session:
        assert session.scalars(select(DeadlineRow.status)).all() == ["open"]
