"""The form as the server reads it: a tree of fields over the schema's components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from app.domain.vocabulary import FACTS
from app.feel import names
from app.form_schema.texts import expressions_in

KEYED: Final = frozenset(
    {
        "textfield", "textarea", "number", "checkbox", "checklist", "radio", "select",
        "taglist", "datetime", "filepicker", "expression",
    }
)  # fmt: skip
"""Components that hold an answer under their `key`."""
CONTAINERS: Final = frozenset({"group", "dynamiclist"})
SHOWN_ONLY: Final = frozenset({"text", "image", "table", "separator", "spacer", "button"})
CHOICES: Final = frozenset({"radio", "select", "checklist", "taglist"})
SINGLE_CHOICES: Final = frozenset({"radio", "select"})
FEN_PER_WAN: Final = 1_000_000
COMPONENT_EXPRESSIONS: Final = ("expression", "valuesExpression", "readonly")
BOUNDS: Final = ("min", "max", "minLength", "maxLength")
RULE_EXPRESSIONS: Final = ("date.min", "date.max", "check")
FACT_ROOTS: Final = frozenset({"project", "deadline", "hold", "submission", "instance", "parameter"})


@dataclass(frozen=True)
class Field:
    """One component: an answer, a container of answers, or something that is only shown."""

    type: str
    key: str
    """The key of an answer, or the path of a container; empty where there is none."""
    component: Mapping[str, object]
    children: tuple[Field, ...] = ()

    @cached_property
    def properties(self) -> Mapping[str, str]:
        """The custom properties, where our conventions stand."""
        found = self.component.get("properties")
        return found if isinstance(found, Mapping) else {}

    @cached_property
    def rules(self) -> Mapping[str, object]:
        """The `validate` part of the component."""
        found = self.component.get("validate")
        return found if isinstance(found, Mapping) else {}

    @cached_property
    def is_money(self) -> bool:
        """Whether people type 万元 and the answer is whole 分."""
        return self.properties.get("kind") == "money"

    @cached_property
    def hide(self) -> str:
        """The FEEL expression that hides the component when it is true, or an empty text."""
        conditional = self.component.get("conditional")
        found = conditional.get("hide") if isinstance(conditional, Mapping) else None
        return found if isinstance(found, str) else ""

    @cached_property
    def expressions(self) -> tuple[str, ...]:
        """The FEEL expressions whose values the answer depends on, each with its leading "="."""
        texts = [
            self.hide,
            *(self.component.get(name) for name in COMPONENT_EXPRESSIONS),
            *(self.rules.get(name) for name in BOUNDS),
            *(self.properties.get(name) for name in RULE_EXPRESSIONS),
            *(value for name, value in self.properties.items() if name.startswith("list.sum.")),
        ]
        return tuple(text for text in texts if isinstance(text, str) and text.startswith("="))

    def text(self, name: str, lang: str = "zh") -> str:
        """Return the component's text `name` (label, description …) in `lang`; Chinese where there is no English."""
        if lang == "en" and (english := self.properties.get(f"en.{name}")):
            return english
        found = self.component.get(name)
        return found if isinstance(found, str) else self.properties.get(name, "")

    def label(self, lang: str = "zh") -> str:
        """Return what people call this field; date and time fields keep their label under a name of its own."""
        if lang == "en" and (english := self.properties.get("en.label")):
            return english
        for name in ("label", "dateLabel", "timeLabel"):
            found = self.component.get(name)
            if isinstance(found, str) and found:
                return found
        return self.properties.get("label", self.key)


@dataclass(frozen=True)
class FormModel:
    """A form that has passed the lint."""

    form_id: str
    schema: Mapping[str, object]
    """The schema as it was written."""
    fields: tuple[Field, ...] = field(default=())

    def title(self, lang: str = "zh") -> str:
        """Return the form's own name, or an empty text."""
        properties = self.schema.get("properties")
        if not isinstance(properties, Mapping):
            return ""
        return str((properties.get("en.name") if lang == "en" else None) or properties.get("name") or "")

    @property
    def name(self) -> str:
        """The form's Chinese name."""
        return self.title()

    @cached_property
    def context_names(self) -> frozenset[str]:
        """The facts that the form reads, as dotted paths: `project.total_text` asks for `project.total_fen`."""
        return frozenset(
            _fact(path) for path in self._read_names if path.partition(".")[0] in FACT_ROOTS and "." in path
        )

    @cached_property
    def option_names(self) -> frozenset[str]:
        """The names of option lists (each a list of {label, value}) that have to be given with the context."""
        keys = {str(item.component["valuesKey"]) for item in every(self.fields) if item.component.get("valuesKey")}
        return frozenset(keys | {path for path in self._read_names if path.endswith("_options")})

    @cached_property
    def _read_names(self) -> frozenset[str]:
        texts = [text for item in every(self.fields) for text in expressions_in(item.component)]
        return frozenset(path for text in texts for path in names(text))

    def answers(self) -> tuple[Field, ...]:
        """Return the fields and containers at the top of the answers; groups without a path are transparent."""
        return tuple(scope(self.fields))


def scope(fields: Sequence[Field]) -> Iterator[Field]:
    """Yield what has a key in this very scope: groups without a path are transparent."""
    for item in fields:
        if item.key:
            yield item
        elif item.type == "group":
            yield from scope(item.children)


def every(fields: Sequence[Field]) -> Iterator[Field]:
    """Yield every component of the tree, parents before children."""
    for item in fields:
        yield item
        yield from every(item.children)


def _fact(path: str) -> str:
    base = path.removesuffix("_text")
    return f"{base}_fen" if f"{base}_fen" in FACTS else base


def build(components: Sequence[object]) -> tuple[Field, ...]:
    """Return the field tree of `components`, which the lint has found well-formed."""
    return tuple(_field(component) for component in components if isinstance(component, Mapping))


def _field(component: Mapping[str, object]) -> Field:
    type_ = str(component.get("type"))
    key = component.get("path") if type_ in CONTAINERS else component.get("key") if type_ in KEYED else ""
    children = component.get("components")
    return Field(
        type=type_,
        key=key if isinstance(key, str) else "",
        component=component,
        children=build(children) if type_ in CONTAINERS and isinstance(children, list) else (),
    )
