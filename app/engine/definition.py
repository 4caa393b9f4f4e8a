"""A process definition: parse one BPMN file into a model that instances run on and that lists read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.engine.library import Spec


@dataclass(frozen=True)
class UserTaskElement:
    """A user task as drawn: what lists and forms need to know before any instance reaches it."""

    name: str
    form_id: str = ""
    candidate_groups: tuple[str, ...] = ()
    """Static groups only; empty where an expression decides."""
    lane: str = ""
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Element:
    """One element of the diagram: its BPMN local name (userTask, serviceTask …) and what is written on it."""

    type: str
    name: str


@dataclass(frozen=True)
class ProcessModel:
    """One executable process, parsed once per version; may be shared by instances and threads."""

    process_id: str
    name: str
    version_tag: str
    documentation: str
    message_starts: Mapping[str, str]
    """Message name → start event id."""
    timer_starts: Mapping[str, str]
    """Start event id → its timer: `timeDate`, `timeDuration` or `timeCycle` text, static or FEEL."""
    signal_starts: Mapping[str, str]
    """Signal name → start event id."""
    user_tasks: Mapping[str, UserTaskElement]
    """By element id, in the order of the file."""
    called: frozenset[str]
    """Ids of the processes that call activities name statically."""
    decisions: frozenset[str]
    """Ids of the decisions that business rule tasks call."""
    operations: frozenset[str]
    """Types of the service tasks."""
    elements: Mapping[str, Element]
    """Every flow node by id."""
    spec: Spec = field(repr=False, compare=False)
    """The library's process specification; for this package only."""
    sub_specs: Mapping[str, Spec] = field(repr=False, compare=False, default_factory=dict)
    """The specifications of the embedded sub-processes by element id; for this package only."""


def parse_process(source: bytes, *, name: str = "") -> ProcessModel:
    """Return the one executable process in a BPMN file (UTF-8 or as declared, at most 10 MB).

    `name` stands in for a process without a name. Raises DiagramNotExecutable with its findings when the bytes are no
    BPMN, hold no or several executable processes, or hold something that cannot be executed here. Lint says more and
    says it all at once; this function stops at the first thing that the parser cannot take.
    """
    from app.engine.parser import read_process  # noqa: PLC0415 -- the parser builds what this module describes

    return read_process(source, name)
