"""Which function records which form: filled by the decorators of the modules of this package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.recorders.work import Work

Record = Callable[["Work"], None]


@dataclass(frozen=True)
class Recorder:
    """How one form is recorded."""

    form_id: str
    record: Record
    roles: frozenset[str]
    """Who may record it, whatever lane a diagram puts it in; empty for anybody who holds the task."""
    required_fields: frozenset[str] = frozenset()
    """Field keys without which the form cannot record what it is for; a form is published only with them."""
    must_follow: tuple[str, ...] = ()
    """Form ids that must have been recorded before."""


RECORDERS: dict[str, Recorder] = {}
"""Form id → its recorder."""
SIGNATURES: dict[str, Recorder] = {}
"""Form id that is signed (zeebe:property `signs`) → what signing it with F-00s records."""
PURPOSES: dict[str, Recorder] = {}
"""Value of the zeebe:property `records` → what the form records there instead of its usual meaning."""


def records(
    form_id: str, *roles: str, requires: tuple[str, ...] = (), after: tuple[str, ...] = ()
) -> Callable[[Record], Record]:
    """Register the decorated function as the recorder of a form."""
    return _register(RECORDERS, form_id, form_id, roles=roles, requires=requires, after=after)


def signs(form_id: str, *roles: str, after: tuple[str, ...] = ()) -> Callable[[Record], Record]:
    """Register the decorated function as what F-00s records when it signs `form_id`."""
    return _register(SIGNATURES, form_id, "f00s", roles=roles, requires=("result",), after=after)


def purpose(
    key: str, form_id: str, *roles: str, requires: tuple[str, ...] = (), after: tuple[str, ...] = ()
) -> Callable[[Record], Record]:
    """Register the decorated function as what `form_id` records in a task whose property `records` is `key`."""
    return _register(PURPOSES, key, form_id, roles=roles, requires=requires, after=after)


def _register(
    into: dict[str, Recorder],
    key: str,
    form_id: str,
    *,
    roles: tuple[str, ...],
    requires: tuple[str, ...],
    after: tuple[str, ...],
) -> Callable[[Record], Record]:
    def register(function: Record) -> Record:
        into[key] = Recorder(form_id, function, frozenset(roles), frozenset(requires), after)
        return function

    return register
