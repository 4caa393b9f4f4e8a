"""The vocabulary of roles."""

from __future__ import annotations

import pytest

from app.domain.roles import (
    FOUR_EYES,
    ORGANISATION_NAMES,
    PROJECT_ROLES,
    ROLES,
    OrganisationKind,
    conflicting,
    four_eyes_of,
    head_of,
    may_hold,
)


def test_the_thirty_roles_of_the_specification_each_named_twice() -> None:
    assert len(ROLES) == 30
    assert len({role.zh for role in ROLES.values()}) == len({role.en for role in ROLES.values()}) == 30
    assert ROLES["bur_insp"].zh == "大数据局监督考核股"
    assert len(PROJECT_ROLES) == 27
    assert set(ORGANISATION_NAMES) == set(OrganisationKind)


@pytest.mark.parametrize(
    ("role", "kind", "expected"),
    [
        ("unit_clerk", OrganisationKind.UNIT, True),
        ("unit_clerk", OrganisationKind.BUREAU, True),
        ("unit_head", OrganisationKind.SECURITY, True),
        ("unit_lead", OrganisationKind.COMPANY, False),
        ("bur_head", OrganisationKind.BUREAU, True),
        ("bur_head", OrganisationKind.UNIT, False),
        ("drc_clerk", OrganisationKind.FINANCE, False),
        ("expert", OrganisationKind.EMPLOYER, True),
        ("expert", OrganisationKind.UNIT, True),
        ("expert", OrganisationKind.SYSTEM, False),
        ("sup_eng", OrganisationKind.COMPANY, True),
    ],
)
def test_who_may_hold_which_role(role: str, kind: OrganisationKind, expected: bool) -> None:
    assert may_hold(ROLES[role], kind) is expected


def test_work_escalates_to_the_head_of_the_same_organisation() -> None:
    assert head_of("unit_clerk") == "unit_head"
    assert head_of("bur_insp") == "bur_head"
    assert head_of("fin_pay") == "fin_head"
    assert head_of("drc_clerk") == "drc_head"
    assert head_of("aud_clerk") == "aud_head"
    assert head_of("expert") is None
    with pytest.raises(KeyError):
        head_of("nobody")


def test_administrative_roles_stand_alone() -> None:
    assert conflicting({"bur_clerk", "bur_section"}) == ()
    assert conflicting(["sys_admin"]) == ()
    assert conflicting(["sys_admin", "bur_clerk", "process_owner"]) == (
        ("bur_clerk", "process_owner"),
        ("bur_clerk", "sys_admin"),
        ("process_owner", "sys_admin"),
    )


def test_four_eyes_pairs_name_known_roles_of_two_persons() -> None:
    assert len(FOUR_EYES) == 11
    assert all(pair.prepare in ROLES and pair.sign in ROLES and pair.prepare != pair.sign for pair in FOUR_EYES)
    payment = four_eyes_of("f18")
    assert payment is not None
    assert (payment.prepare, payment.sign) == ("fin_pay", "fin_head")
    assert four_eyes_of("f24") is None
