"""Process definitions and running instances, as lists, diagrams and step tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.queries.diagram_graph import NAMELESS, Drawn
from app.queries.projects import InstanceRow
from app.queries.said import Said


@dataclass(frozen=True)
class DefinitionRow:
    """One process with its version in force."""

    process_id: str
    name: Drawn
    lanes: tuple[Drawn, ...]
    """Who acts in it."""
    version: int
    version_tag: str = ""
    running: int = 0
    running_old: int = 0
    released_at: datetime | None = None
    released_by: str = ""
    findings: int = 0
    """Warnings that the check left on the version in force."""


@dataclass(frozen=True)
class VersionRow:
    """One immutable version of a process."""

    number: int
    in_force: bool
    released_at: datetime | None
    released_by: str
    running: int
    sha256: str = ""


@dataclass(frozen=True)
class StepRow:
    """One element of a diagram as a line of the step table, the diagram's equivalent in text."""

    element_id: str
    kind: str
    """The BPMN local name."""
    name: Drawn
    lane: Drawn = NAMELESS
    roles: tuple[str, ...] = ()
    form_id: str = ""
    documentation: str = ""
    status: Literal["", "done", "now", "failed"] = ""
    times: int = 0
    """How often the instance has passed it; on a definition's page, how many instances stand there."""
    last_at: datetime | None = None
    who: str = ""
    calls: str = ""
    child_id: int | None = None


@dataclass(frozen=True)
class DefinitionPage:
    """One process definition: diagram, steps, versions."""

    row: DefinitionRow
    source: str
    """The BPMN text that the viewer draws."""
    steps: tuple[StepRow, ...]
    versions: tuple[VersionRow, ...]
    shown_version: int


@dataclass(frozen=True)
class IncidentRow:
    """A step that failed and waits to be tried again."""

    id: int
    element_id: str
    name: Drawn
    error: Said
    at: datetime


@dataclass(frozen=True)
class InstancePage:
    """One process instance: diagram with its tokens, the same as a table, its family."""

    instance: InstanceRow
    source: str
    steps: tuple[StepRow, ...]
    done_flows: tuple[str, ...] = ()
    """Ids of the sequence flows already taken."""
    project_no: str = ""
    project_name: str = ""
    parent: InstanceRow | None = None
    children: tuple[InstanceRow, ...] = ()
    incidents: tuple[IncidentRow, ...] = ()
