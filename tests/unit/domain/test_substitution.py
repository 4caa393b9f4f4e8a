"""Who may stand in for whom, in which roles, how long, and whose eyes a pair of acts counts."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain import substitution


@pytest.mark.parametrize(
    ("roles", "own", "same", "may"),
    [
        ({"unit_clerk"}, True, True, True),
        ({"unit_clerk"}, False, True, False),
        ({"unit_head"}, False, True, True),
        ({"unit_head"}, False, False, False),
        ({"sys_admin"}, False, False, True),
        ({"process_owner"}, False, True, False),
    ],
)
def test_who_names_a_substitute(roles: set[str], own: bool, same: bool, may: bool) -> None:
    assert substitution.may_appoint(roles, own=own, same_organisation=same) is may


def test_only_roles_that_both_hold_and_that_are_no_personal_seat() -> None:
    assert substitution.shared_roles({"unit_clerk", "unit_head", "expert"}, {"unit_clerk", "expert"}) == {"unit_clerk"}
    assert substitution.shared_roles({"expert"}, {"expert"}) == frozenset()
    assert substitution.shared_roles({"sys_admin"}, {"sys_admin"}) == frozenset()


def test_first_and_last_day_are_counted() -> None:
    assert substitution.days_of(date(2026, 11, 23), date(2026, 11, 23)) == 1
    assert substitution.days_of(date(2026, 11, 23), date(2026, 11, 22)) == 0
    assert substitution.days_of(date(2026, 11, 23), date(2027, 2, 20)) == 90


@pytest.mark.parametrize(
    ("prepared", "signing", "refused"),
    [({"a"}, {"b"}, 0), ({"a"}, {"b", "a"}, 1), ({"b", "a"}, {"a"}, 1), ({"a", "c"}, {"b", "d"}, 0)],
)
def test_both_steps_in_one_hand_are_refused(prepared: set[str], signing: set[str], refused: int) -> None:
    found = list(substitution.four_eyes(prepared, signing))
    assert len(found) == refused
    assert all((one.gate, one.articles) == ("COI-09", (15,)) for one in found)
