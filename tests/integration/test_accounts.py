"""Logging in, sessions, throttling, passwords, and what the system administrator may do with accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from sqlalchemy import create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

import app.models.tables  # noqa: F401 -- declares every table
from app.clock import SHANGHAI
from app.errors import AlreadyDone, NotFound, NotPermitted, Refused
from app.models.accounts import LoginAttempt, Organisation, Person, PersonRole, UserSession
from app.models.base import Base
from app.models.documents import AuditEvent
from app.services import accounts, audit, logins, passwords, sessions, throttling
from app.services.context import Actor
from app.services.logins import Denied, LoggedIn
from tests import postgres

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
GOOD = "Zhu-lin 7 feng qing"
OTHER = "Shan-yang 9 cheng mo"
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    """One open transaction on an empty database, rolled back at the end."""
    url = f"sqlite:///{tmp_path / 'accounts.sqlite3'}"
    if request.param == "postgresql":
        url = make_url(postgres.address()).render_as_string(hide_password=False)
    engine = create_engine(url)
    with engine.connect() as connection:
        if request.param == "postgresql":
            schema = f"accounts_{uuid4().hex}"
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
            connection.exec_driver_sql(f"SET LOCAL search_path TO {schema}")
        Base.metadata.create_all(connection)
        with Session(connection, expire_on_commit=False) as opened:
            yield opened
        connection.rollback()
    engine.dispose()


@pytest.fixture(autouse=True)
def policy() -> Iterator[None]:
    audit.configure(b"key of the tests")
    passwords.configure("djbh")
    yield
    passwords.configure("djbh")


@pytest.fixture
def admin(session: Session) -> Actor:
    person = accounts.create_first_administrator(session, username="dsj.zhen", name="甄诚", password=GOOD, now=NOW)
    return accounts.actor_of(session, person)


@pytest.fixture
def clerk(session: Session, admin: Actor) -> Person:
    unit = accounts.create_organisation(
        session, "yjj", "修武县应急管理局", short="县应急局", kind="unit", eligible=True, by=admin, now=NOW
    )
    return accounts.create_person(
        session, "yjj.he", "何俊杰", organisation_id=unit.id, roles=["unit_clerk"], password=GOOD, by=admin, now=NOW
    )


def log_in(session: Session, username: str, password: str, *, wall: datetime = NOW) -> LoggedIn | Denied:
    checked = logins.check_password(session, username, password)
    return logins.settle(session, checked, address="10.0.0.7", agent="Kylin", now=NOW, wall=wall)


def acts(session: Session) -> list[tuple[str, str, int | None]]:
    rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [(row.act, row.subject_id, row.actor_id) for row in rows]


def denied(outcome: LoggedIn | Denied) -> tuple[str, int]:
    assert isinstance(outcome, Denied)
    return outcome.message % outcome.values, outcome.status


def opened(outcome: LoggedIn | Denied) -> LoggedIn:
    assert isinstance(outcome, LoggedIn)
    return outcome


def test_the_first_administrator_brings_the_bureau_along_once(session: Session) -> None:
    assert not accounts.anybody(session)
    person = accounts.create_first_administrator(session, username=" DSJ.Zhen ", name="甄诚", password=GOOD, now=NOW)
    actor = accounts.actor_of(session, person)
    assert accounts.anybody(session)
    assert (actor.username, actor.organisation_kind, actor.roles) == ("dsj.zhen", "bureau", frozenset({"sys_admin"}))
    assert not logins.must_change_password(person, wall=NOW)
    with pytest.raises(AlreadyDone):
        accounts.create_first_administrator(session, username="dsj.er", name="二", password=GOOD, now=NOW)
    assert len(session.scalars(select(Organisation)).all()) == 1


def test_a_login_opens_a_session_known_by_its_hash_only(session: Session, clerk: Person) -> None:
    outcome = opened(log_in(session, "YJJ.He", GOOD))
    assert outcome.person_id == clerk.id
    assert outcome.must_change_password is True
    assert len(outcome.sid) == 43
    row = session.scalars(select(UserSession)).one()
    assert outcome.sid not in (row.sid_hash, row.agent)
    assert (row.person_id, row.address, row.agent) == (clerk.id, "10.0.0.7", "Kylin")
    login = sessions.find(session, outcome.sid, wall=NOW)
    assert login is not None
    assert (login.person.id, login.touch_due) == (clerk.id, False)
    assert sessions.find(session, outcome.sid[:-1], wall=NOW) is None
    assert acts(session)[-1] == ("log_in", str(clerk.id), clerk.id)


def test_a_session_ends_when_idle_when_old_and_at_log_out(session: Session, clerk: Person) -> None:
    sid = opened(log_in(session, "yjj.he", GOOD)).sid
    assert sessions.find(session, sid, wall=NOW + 29 * MINUTE) is not None
    assert sessions.find(session, sid, wall=NOW + 30 * MINUTE) is None
    assert sessions.touch(session, sid, wall=NOW + 30 * MINUTE) is False
    wall = NOW
    while wall < NOW + timedelta(hours=12) - 20 * MINUTE:
        wall += 20 * MINUTE
        assert sessions.touch(session, sid, wall=wall) is True
    assert sessions.find(session, sid, wall=NOW + timedelta(hours=12) - MINUTE) is not None
    assert sessions.find(session, sid, wall=NOW + timedelta(hours=12)) is None
    other = opened(log_in(session, "yjj.he", GOOD, wall=wall)).sid
    logins.log_out(session, other, by=accounts.actor_of(session, clerk), now=NOW)
    assert sessions.find(session, other, wall=wall) is None


def test_the_last_use_is_noted_once_a_minute(session: Session, clerk: Person) -> None:
    sid = opened(log_in(session, "yjj.he", GOOD)).sid
    assert sessions.touch(session, sid, wall=NOW + timedelta(seconds=59)) is False
    login = sessions.find(session, sid, wall=NOW + MINUTE)
    assert login is not None
    assert login.touch_due is True
    assert sessions.touch(session, sid, wall=NOW + MINUTE) is True
    [row] = sessions.open_sessions(session, clerk.id, wall=NOW + MINUTE)
    assert (row.seen_at, row.created_at, row.handle) == (NOW + MINUTE, NOW, sessions.handle_of(sid))


def test_one_sees_and_ends_ones_own_sessions(session: Session, clerk: Person, admin: Actor) -> None:
    first, second = (opened(log_in(session, "yjj.he", GOOD)).sid for _ in range(2))
    foreign = opened(log_in(session, "dsj.zhen", GOOD)).sid
    assert len(sessions.open_sessions(session, clerk.id, wall=NOW)) == 2
    assert sessions.end_handle(session, clerk.id, sessions.handle_of(foreign)) is False
    assert sessions.end_handle(session, clerk.id, "") is False
    assert sessions.end_handle(session, clerk.id, sessions.handle_of(first)) is True
    assert sessions.find(session, first, wall=NOW) is None
    assert sessions.end_all(session, clerk.id, but=second) == 0
    assert sessions.end_all(session, clerk.id) == 1
    assert sessions.find(session, second, wall=NOW) is None
    assert sessions.find(session, foreign, wall=NOW) is not None
    assert sessions.drop_expired(session, wall=NOW + timedelta(hours=1)) == 1
    assert admin.id != clerk.id


def test_a_wrong_password_and_an_unknown_name_read_alike(session: Session, clerk: Person) -> None:
    sentence = ("用户名或密码不对，还可以再试 4 次。", 401)
    assert denied(log_in(session, "yjj.he", "wrong")) == sentence
    assert denied(log_in(session, "nobody", GOOD)) == sentence
    assert denied(log_in(session, "", "")) == sentence
    assert denied(log_in(session, "y" * 500, "x" * 5000)) == sentence
    assert session.scalars(select(UserSession)).all() == []
    assert acts(session)[-4:] == [
        ("fail_login", str(clerk.id), None),
        ("fail_login", "-", None),
        ("fail_login", "-", None),
        ("fail_login", "-", None),
    ]


def test_five_failures_lock_the_name_for_fifteen_minutes(session: Session, clerk: Person) -> None:
    for left in (4, 3, 2, 1):
        assert denied(log_in(session, "yjj.he", "wrong")) == (f"用户名或密码不对，还可以再试 {left} 次。", 401)
    assert denied(log_in(session, "yjj.he", "wrong")) == ("尝试次数过多，请在 15 分钟后再试。", 429)
    assert denied(log_in(session, "Yjj.He", GOOD)) == ("尝试次数过多，请在 15 分钟后再试。", 429)
    later = NOW + timedelta(minutes=14, seconds=59)
    assert denied(log_in(session, "yjj.he", GOOD, wall=later)) == ("尝试次数过多，请在 1 分钟后再试。", 429)
    assert len(session.scalars(select(LoginAttempt)).all()) == 5
    assert [act for act, _, _ in acts(session)].count("lock_login") == 1
    assert isinstance(log_in(session, "dsj.zhen", GOOD), LoggedIn)
    assert isinstance(log_in(session, "yjj.he", GOOD, wall=NOW + 15 * MINUTE), LoggedIn)
    assert clerk.username == "yjj.he"
    assert session.scalars(select(LoginAttempt)).all() == []


def test_slow_failures_do_not_lock_and_old_ones_are_dropped(session: Session) -> None:
    for n in range(6):
        throttling.record_failure(session, "yjj.he", address="::1", wall=NOW + n * 4 * MINUTE)
    assert throttling.locked_until(session, "yjj.he", wall=NOW + 20 * MINUTE) is None
    assert throttling.tries_left(session, "yjj.he", wall=NOW + 20 * MINUTE) == 1
    throttling.record_failure(session, "yjj.he", address="::1", wall=NOW + timedelta(days=2))
    assert len(session.scalars(select(LoginAttempt)).all()) == 1


def test_a_disabled_person_is_out_at_once(session: Session, clerk: Person, admin: Actor) -> None:
    sid = opened(log_in(session, "yjj.he", GOOD)).sid
    accounts.set_active(session, clerk.id, active=False, by=admin, now=NOW)
    assert sessions.find(session, sid, wall=NOW) is None
    assert denied(log_in(session, "yjj.he", GOOD))[1] == 401
    accounts.set_active(session, clerk.id, active=True, by=admin, now=NOW)
    assert isinstance(log_in(session, "yjj.he", GOOD), LoggedIn)
    assert [act for act, _, _ in acts(session)][-4:] == [
        "deactivate_person",
        "fail_login",
        "activate_person",
        "log_in",
    ]


def test_disabled_between_check_and_settle(session: Session, clerk: Person, admin: Actor) -> None:
    checked = logins.check_password(session, "yjj.he", GOOD)
    accounts.set_active(session, clerk.id, active=False, by=admin, now=NOW)
    assert denied(logins.settle(session, checked, address="", agent="", now=NOW, wall=NOW))[1] == 401


def test_changing_ones_password_ends_the_other_sessions(session: Session, clerk: Person) -> None:
    here, there = (opened(log_in(session, "yjj.he", GOOD)).sid for _ in range(2))
    me = accounts.actor_of(session, clerk)
    with pytest.raises(Refused, match="原密码不对。"):
        logins.change_password(session, "wrong", OTHER, by=me, sid=here, now=NOW, wall=NOW)
    with pytest.raises(Refused, match="不能与原密码相同"):
        logins.change_password(session, GOOD, GOOD, by=me, sid=here, now=NOW, wall=NOW)
    assert logins.must_change_password(clerk, wall=NOW)
    logins.change_password(session, GOOD, OTHER, by=me, sid=here, now=NOW, wall=NOW)
    assert not logins.must_change_password(clerk, wall=NOW)
    assert sessions.find(session, here, wall=NOW) is not None
    assert sessions.find(session, there, wall=NOW) is None
    assert denied(log_in(session, "yjj.he", GOOD))[1] == 401
    assert opened(log_in(session, "yjj.he", OTHER)).must_change_password is False
    assert ("change_password", str(clerk.id), clerk.id) in acts(session)


def test_a_reset_unlocks_and_has_to_be_changed(session: Session, clerk: Person, admin: Actor) -> None:
    sid = opened(log_in(session, "yjj.he", GOOD)).sid
    for _ in range(5):
        log_in(session, "yjj.he", "wrong")
    accounts.reset_password(session, clerk.id, OTHER, by=admin, now=NOW, wall=NOW)
    assert sessions.find(session, sid, wall=NOW) is None
    assert opened(log_in(session, "yjj.he", OTHER)).must_change_password is True
    with pytest.raises(NotPermitted, match="只有系统管理员能管理账号"):
        accounts.reset_password(session, admin.id, OTHER, by=accounts.actor_of(session, clerk), now=NOW, wall=NOW)
    with pytest.raises(NotFound, match="没有这个人"):
        accounts.reset_password(session, 10**6, OTHER, by=None, now=NOW, wall=NOW)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Aa1-zulin", "密码至少要 12 位。"),
        ("Aa1-" * 33, "密码最多 128 位。"),
        ("zhu lin qi feng", "密码要含大写字母、小写字母、数字、其他符号中的至少三类。"),
        ("Xiuwu@2026123456", "这个密码太容易猜"),
        ("Yjj.He-2026-Yjj.He", "这个密码太容易猜"),
        ("何俊杰Password1", "这个密码太容易猜"),
        ("Aa1Aa1Aa1Aa1", "这个密码太容易猜"),
        ("P@ssw0rd123456", "这个密码太容易猜"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        passwords.check(password, username="yjj.he", name="何俊杰", administrator=False)
    assert sentence in refusal.value.message % refusal.value.values


def test_administrators_need_fifteen_characters() -> None:
    passwords.check("Zhu-lin 7 fe", username="a.b", name="甲", administrator=False)
    with pytest.raises(Refused) as refusal:
        passwords.check("Zhu-lin 7 fe", username="a.b", name="甲", administrator=True)
    assert refusal.value.values == {"shortest": 15}


def test_the_two_policies_differ_in_composition_and_age(clerk: Person) -> None:
    long_ago = NOW + timedelta(days=90, seconds=1)
    assert passwords.expired(clerk.password_set_at, wall=NOW + timedelta(days=90)) is False
    assert passwords.expired(clerk.password_set_at, wall=long_ago) is True
    assert passwords.expired(None, wall=long_ago) is False
    passwords.configure("asvs")
    passwords.check("zhu lin qi feng", username="a.b", name="甲", administrator=False)
    assert passwords.expired(clerk.password_set_at, wall=long_ago) is False


def test_hashes_are_argon2id_and_full_width_digits_are_digits() -> None:
    stored = passwords.hashed("Zhu-lin 7 feng")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.fits("Zhu-lin ７ feng", stored)
    assert not passwords.fits("Zhu-lin 8 feng", stored)
    assert not passwords.fits("", "")
    assert not passwords.fits("x", "no hash at all")
    assert not passwords.fits("x" * 129, stored)


def test_an_old_hash_is_made_anew_at_login(session: Session, clerk: Person) -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
    clerk.password_hash = weaker.hash(GOOD)
    assert isinstance(log_in(session, "yjj.he", GOOD), LoggedIn)
    assert clerk.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.fits(GOOD, clerk.password_hash)


def test_a_person_without_password_cannot_log_in(session: Session, clerk: Person, admin: Actor) -> None:
    accounts.create_person(
        session, "zj.zheng", "郑云霞", organisation_id=clerk.organisation_id, roles=["expert"], by=admin, now=NOW
    )
    assert denied(log_in(session, "zj.zheng", ""))[1] == 401


def test_bad_accounts_are_refused(session: Session, clerk: Person, admin: Actor) -> None:
    def create(username: str = "yjj.tian", name: str = "田铁军", **changed: Any) -> None:
        given = {"organisation_id": clerk.organisation_id, "roles": ["unit_lead"], "password": GOOD, "by": admin}
        accounts.create_person(session, username, name, **{**given, **changed}, now=NOW)

    for username in ("a", "田铁军", "a b", "-tian", ""):
        with pytest.raises(Refused, match="用户名由2到40位"):
            create(username)
    with pytest.raises(Refused, match="请填写姓名"):
        create(name=" ")
    with pytest.raises(AlreadyDone):
        create("YJJ.HE")
    with pytest.raises(NotFound, match="没有这个机构"):
        create(organisation_id=10**6)
    with pytest.raises(NotPermitted):
        create(by=accounts.actor_of(session, clerk))
    for roles in (["king"], ["system"]):
        with pytest.raises(Refused) as refusal:
            create(roles=roles)
        assert refusal.value.message % refusal.value.values == f"没有名为 {roles[0]} 的角色。"
    with pytest.raises(Refused) as refusal:
        create(roles=["bur_head"])
    assert refusal.value.message % refusal.value.values == "县应急局的人不能担任大数据局领导。"
    assert len(session.scalars(select(Person)).all()) == 2
    with pytest.raises(AlreadyDone):
        accounts.create_organisation(session, "yjj", "又一个", short="又", kind="unit", by=admin, now=NOW)


def test_administration_and_projects_lie_in_different_hands(session: Session, admin: Actor) -> None:
    bureau = admin.organisation_id
    for roles, sentence in (
        (["sys_admin", "bur_clerk"], "大数据局经办和系统管理员不能由同一人担任。"),
        (["process_owner", "bur_head"], "大数据局领导和流程管理员不能由同一人担任。"),
        (["process_owner", "sys_admin"], "流程管理员和系统管理员不能由同一人担任。"),
    ):
        with pytest.raises(Refused) as refusal:
            accounts.create_person(
                session, "dsj.x", "某", organisation_id=bureau, roles=roles, password=GOOD, by=admin, now=NOW
            )
        assert refusal.value.message % refusal.value.values == sentence
    qi = accounts.create_person(
        session, "dsj.qi", "祁晨", organisation_id=bureau, roles=["bur_section"], password=GOOD, by=admin, now=NOW
    )
    with pytest.raises(Refused, match="不能由同一人担任"):
        accounts.set_roles(session, qi.id, ["bur_section", "sys_admin"], by=None, now=NOW)
    assert accounts.actor_of(session, qi).roles == {"bur_section"}


def test_roles_are_granted_and_revoked_and_the_session_ends(session: Session, clerk: Person, admin: Actor) -> None:
    sid = opened(log_in(session, "yjj.he", GOOD)).sid
    accounts.set_roles(session, clerk.id, ["unit_lead", "unit_head"], by=admin, now=NOW)
    assert accounts.actor_of(session, clerk).roles == {"unit_lead", "unit_head"}
    assert sessions.find(session, sid, wall=NOW) is None
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "set_roles")).one()
    assert event.detail == {"granted": ["unit_head", "unit_lead"], "revoked": ["unit_clerk"]}
    assert (event.actor_id, event.subject_id) == (admin.id, str(clerk.id))
    assert audit.altered(session) == []
    granted = session.scalars(select(PersonRole.granted_by).where(PersonRole.person_id == clerk.id))
    assert set(granted) == {admin.id}


def test_nobody_locks_the_last_door(session: Session, admin: Actor) -> None:
    with pytest.raises(NotPermitted, match="不能改动自己"):
        accounts.set_roles(session, admin.id, ["bur_clerk"], by=admin, now=NOW)
    with pytest.raises(NotPermitted, match="不能改动自己"):
        accounts.set_active(session, admin.id, active=False, by=admin, now=NOW)
    with pytest.raises(Refused, match="最后一位系统管理员"):
        accounts.set_roles(session, admin.id, ["bur_clerk"], by=None, now=NOW)
    with pytest.raises(Refused, match="最后一位系统管理员"):
        accounts.set_active(session, admin.id, active=False, by=None, now=NOW)
    accounts.create_person(
        session, "dsj.er", "第二位", organisation_id=admin.organisation_id, roles=["sys_admin"], password=GOOD,
        by=admin, now=NOW,
    )  # fmt: skip
    accounts.set_active(session, admin.id, active=False, by=None, now=NOW)
    person = session.get(Person, admin.id)
    assert person is not None
    assert person.active is False


def test_the_language_is_kept(session: Session, clerk: Person) -> None:
    me = accounts.actor_of(session, clerk)
    assert me.language == "zh"
    accounts.set_language(session, "en", by=me)
    assert accounts.actor_of(session, clerk).language == "en"
    with pytest.raises(Refused, match="没有这种语言"):
        accounts.set_language(session, "xx", by=me)
