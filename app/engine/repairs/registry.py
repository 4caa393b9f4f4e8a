"""How a repair is written: a small function on the file, with what its button says beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from app.engine.lint.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.engine.lint.diagram import Diagram
    from app.engine.xml import XmlElement

S = TypeVar("S")
Component = dict[str, object]
"""A component of a form-js schema."""


@dataclass(frozen=True)
class Done:
    """What a repair did: the ids of the elements that it changed, and a sentence about it in both languages."""

    changed: tuple[str, ...]
    zh: str
    en: str


@dataclass
class TableSite:
    """Where a repair of a decision file works: its tree and the finding's element."""

    root: XmlElement
    element_id: str
    found: list[XmlElement] = field(default_factory=list)
    """The elements of that id or place, in the order of the file."""

    @property
    def element(self) -> XmlElement | None:
        """The element of the finding."""
        return self.found[0] if self.found else None


@dataclass
class Site(TableSite):
    """Where a repair of a diagram works: the same, and the diagram as the lint reads it."""

    diagram: Diagram = field(kw_only=True)


@dataclass
class FormSite:
    """Where a repair of a form works: its schema, the finding's component, and what the form was like before."""

    schema: dict[str, object]
    element_id: str
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    former: dict[str, object] = field(default_factory=dict)
    """The schema in force, from which a component that has gone can be taken again."""

    @property
    def component(self) -> Component | None:
        """The component of the finding."""
        return next((one for one in components(self.schema) if name_of(one) == self.element_id), None)


def components(holder: Component) -> Iterator[Component]:
    """Yield every component of a schema, parents before children."""
    listed = holder.get("components")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict):
            yield one
            yield from components(one)


def name_of(component: Component) -> str:
    """Return what a finding calls a component: its id, or its key or path where it has none."""
    return str(component.get("id") or component.get("key") or component.get("path") or "")


@dataclass(frozen=True)
class Repair(Generic[S]):
    """A repair of one kind of finding; `mend` gives None where the case needs a person."""

    code: str
    zh: str
    en: str
    mend: Callable[[S], Done | None]


class Repairs(dict[str, "Repair[S]"], Generic[S]):
    """The finding's code → its repair, for one kind of files; called as a decorator it takes another one in."""

    def __call__(
        self, *codes: str, zh: str, en: str
    ) -> Callable[[Callable[[S], Done | None]], Callable[[S], Done | None]]:
        """Register a function as what mends findings of these codes; `zh` and `en` are what the button says."""

        def register(function: Callable[[S], Done | None]) -> Callable[[S], Done | None]:
            for code in codes:
                self[code] = Repair(code, zh, en, function)
            return function

        return register


repairs: Final[Repairs[Site]] = Repairs()
form_repairs: Final[Repairs[FormSite]] = Repairs()
table_repairs: Final[Repairs[TableSite]] = Repairs()


def repair_of(code: str, kind: str = "bpmn") -> tuple[str, str] | None:
    """Return what the button of a finding's repair says, in Chinese and in English; None where a person mends it."""
    found = {"form": form_repairs, "dmn": table_repairs}.get(kind, repairs).get(code)  # type: ignore[attr-defined]
    return None if found is None else (found.zh, found.en)
