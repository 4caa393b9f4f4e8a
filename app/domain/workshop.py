"""Who redraws how the county works, and who lets a redrawn file into force (specification §2.3, §2.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.domain.roles import FOUR_EYES

if TYPE_CHECKING:
    from collections.abc import Collection

_RELEASE = next(pair for pair in FOUR_EYES if pair.code == "diagram_release")

DRAWS: Final = _RELEASE.prepare
"""The role that edits working copies and asks for their release."""
RELEASES: Final = _RELEASE.sign
"""The role that releases or refuses; its holders may read every working copy."""


def may_read(roles: Collection[str]) -> bool:
    """Say whether somebody with these roles may look into the workshop."""
    return DRAWS in roles or RELEASES in roles


def may_draw(roles: Collection[str]) -> bool:
    """Say whether somebody with these roles may edit working copies and ask for a release."""
    return DRAWS in roles


def migration_refusal(*, in_force: bool) -> str:
    """Return why running instances may not be moved to a version, as a message id; empty when they may.

    A migration has no second person of its own: the one who released the version decided with the number of running
    instances before her eyes. So it leads to what she has let into force and nowhere else, or a version that she has
    replaced would come back by one person's hand (specification §2.5).
    """
    return "" if in_force else "只能迁移到现行版本；要用别的版本，请先提请放行。"


def release_refusal(person_id: int, roles: Collection[str], *, requested_by: int, drawn_by: Collection[int]) -> str:
    """Return why this person may not decide on a release, as a message id; empty when she may.

    `drawn_by` are all who have saved what is to be released: whoever drew a part of it is no second person
    (specification §2.5, COI-09), whoever asked in the end.
    """
    if RELEASES not in roles:
        return "放行由大数据局领导办理。"
    if person_id == requested_by:
        return "放行须由另一人办理，你不能放行自己提请的版本。"
    if person_id in drawn_by:
        return "你参与绘制了这一版，放行须由没有参与的人办理。"
    return ""
