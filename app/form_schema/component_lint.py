"""Look at every component of a form for what the browser or the server could not carry out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from app.domain.feel_words import FUNCTIONS as SHADOWING
from app.feel import FeelError, check, evaluate, names
from app.form_schema.findings import finding
from app.form_schema.language import value_name
from app.form_schema.model import CHOICES, CONTAINERS, KEYED, SHOWN_ONLY
from app.form_schema.names import KEYWORDS, SPECIAL, is_name
from app.form_schema.texts import TEMPLATED, templates

if TYPE_CHECKING:
    from app.errors import Finding

REFUSED: Final = frozenset({"html", "iframe", "script", "documentPreview"})
IMAGE_IN_TEXT: Final = re.compile(
    r"!\[[^\]]*\]\s*\(\s*<?\s*([^)\s>]+)|<img[^>]*\ssrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE
)
OWN_IMAGE: Final = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,]|/static/", re.IGNORECASE)
NUMBER_RULES: Final = ("min", "max", "minLength", "maxLength")
KNOWN_VALIDATIONS: Final = frozenset({"", "custom", "email"})
MONEY_DECIMALS: Final = 6
DATES: Final = frozenset({"date", "time", "datetime"})
EXPRESSIONS: Final = ("expression", "valuesExpression", "columnsExpression")
ENGLISH: Final = ("label", "dateLabel", "text", "description")


class Lint:
    """The findings about one form so far."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self._ids: set[str] = set()

    def note(self, code: str, element_id: str, **values: object) -> None:
        """Add the finding `code`."""
        self.found.append(finding(code, element_id, **values))

    def form(self, schema: Mapping[str, object]) -> None:
        """Look at the outermost level."""
        form_id = schema.get("id")
        if not isinstance(form_id, str) or not is_name(form_id) or form_id != form_id.lower():
            self.note("form-id", "", id=str(form_id)[:60])
        platform = schema.get("executionPlatform", "Camunda Cloud")
        if platform != "Camunda Cloud":
            self.note("form-platform", "", platform=str(platform)[:60])

    def components(self, components: Sequence[object], *, keys: set[str] | None = None, root: bool = True) -> None:
        """Look at the components of one level; `keys` are those already used on it."""
        used = set() if keys is None else keys
        for component in components:
            if isinstance(component, Mapping) and isinstance(component.get("type"), str):
                self._component(component, used, root=root)
            else:
                self.note("component-malformed", "")

    def _component(self, component: Mapping[str, object], keys: set[str], *, root: bool) -> None:
        type_, element_id = str(component["type"]), self._id(component)
        if type_ in REFUSED:
            self.note("component-refused", element_id, type=type_)
            return
        if type_ not in KEYED | CONTAINERS | SHOWN_ONLY:
            self.note("component-type", element_id, type=type_[:60])
            return
        self._key(component, type_, element_id, keys, root=root)
        self._expressions(component, element_id)
        self._rules(component, type_, element_id)
        self._properties(component, type_, element_id)
        if type_ in CHOICES:
            self._options(component, element_id)
        self._images(component, type_, element_id)
        inner = component.get("components")
        if type_ in CONTAINERS and isinstance(inner, list):
            transparent = type_ == "group" and not component.get("path")
            self.components(inner, keys=keys if transparent else None, root=root and transparent)

    def _id(self, component: Mapping[str, object]) -> str:
        element_id = component.get("id")
        if not isinstance(element_id, str) or not element_id:
            self.note("id-missing", str(component.get("key") or component.get("path") or ""))
            return str(component.get("key") or "")
        if element_id in self._ids:
            self.note("id-duplicate", element_id, id=element_id)
        self._ids.add(element_id)
        return element_id

    def _key(self, component: Mapping[str, object], type_: str, element_id: str, keys: set[str], *, root: bool) -> None:
        if type_ in SHOWN_ONLY:
            return
        key = component.get("path" if type_ in CONTAINERS else "key")
        if not key:
            if type_ != "group":
                self.note("path-missing" if type_ == "dynamiclist" else "key-missing", element_id)
            return
        if not isinstance(key, str) or not is_name(key):
            self.note("key-not-a-name", element_id, key=str(key)[:60])
        elif key in KEYWORDS or key in SHADOWING or (root and key in SPECIAL) or key in {"this", "parent", "i"}:
            self.note("key-reserved", element_id, key=key)
        elif key in keys:
            self.note("key-duplicate", element_id, key=key)
        if isinstance(key, str):
            keys.add(key)

    def _expressions(self, component: Mapping[str, object], element_id: str) -> None:
        conditional = component.get("conditional")
        if isinstance(conditional, Mapping) and "hide" in conditional:
            self.feel(element_id, "conditional.hide", conditional["hide"])
        for name in EXPRESSIONS:
            if component.get(name):
                self.feel(element_id, name, component[name])
        for name in ("readonly", "dataSource"):
            if isinstance(component.get(name), str) and component[name]:
                self.feel(element_id, name, component[name])
        properties = component.get("properties")
        written = {name: component.get(name) for name in TEMPLATED}
        written |= (
            {f"en.{name}": properties.get(f"en.{name}") for name in TEMPLATED}
            if isinstance(properties, Mapping)
            else {}
        )
        for name, text in written.items():
            for expression in templates(text) if isinstance(text, str) else ():
                self.feel(element_id, name, expression)

    def feel(self, element_id: str, name: str, expression: object) -> None:
        """Look at one expression, which has to begin with "="."""
        if not isinstance(expression, str) or not expression.startswith("="):
            self.note("feel-no-equals", element_id, property=name)
            return
        for problem in check(expression):
            code = "feel" if problem.severity == "error" else "feel-doubtful"
            reason, reason_en = problem.message % problem.values, problem.message_en % problem.values
            self.note(code, element_id, property=name, reason=reason, reason_en=reason_en, expression=expression)
        for special in ("_this_", "_parent_", "_i_"):
            if any(path.partition(".")[0] == special for path in names(expression)):
                self.note("feel-underscored", element_id, property=name, name=special, plain=special.strip("_"))

    def _rules(self, component: Mapping[str, object], type_: str, element_id: str) -> None:
        rules = component.get("validate", {})
        if not isinstance(rules, Mapping):
            self.note("rule-type", element_id, property="validate", value=str(rules)[:60])
            return
        for name in NUMBER_RULES:
            self._bound(element_id, name, rules.get(name))
        if rules.get("validationType") == "phone":
            self.note("phone-validation", element_id)
        elif not _among(validation := rules.get("validationType") or "", KNOWN_VALIDATIONS):
            self.note("rule-type", element_id, property="validationType", value=str(validation)[:60])
        if (pattern := rules.get("pattern")) and not _compiles(pattern):
            self.note("pattern", element_id, pattern=str(pattern)[:200])
        digits = component.get("decimalDigits")
        if digits is not None and (isinstance(digits, bool) or not isinstance(digits, int) or digits < 0):
            self.note("rule-type", element_id, property="decimalDigits", value=str(digits)[:60])
        if type_ == "datetime" and not _among(component.get("subtype", "date"), DATES):
            self.note("rule-type", element_id, property="subtype", value=str(component.get("subtype"))[:60])
        if (step := component.get("increment")) and not (_is_number(step) and Decimal(str(step)) > 0):
            self.note("rule-type", element_id, property="increment", value=str(step)[:60])

    def _bound(self, element_id: str, name: str, value: object) -> None:
        if isinstance(value, str) and value.startswith("="):
            self.feel(element_id, name, value)
        elif value not in (None, "") and not _is_number(value):
            self.note("rule-type", element_id, property=name, value=str(value)[:60])

    def _properties(self, component: Mapping[str, object], type_: str, element_id: str) -> None:
        properties = component.get("properties", {})
        if not isinstance(properties, Mapping):
            self.note("property-malformed", element_id, property="properties")
            return
        for name, value in properties.items():
            if not isinstance(value, str):
                self.note("property-malformed", element_id, property=name)
                continue
            if name == "check" or name.startswith("list.sum.") or (name.startswith("date.") and value.startswith("=")):
                self.feel(element_id, name, value)
            elif name in {"list.min", "list.max"} and not value.isdecimal():
                self.note("rule-type", element_id, property=name, value=value[:60])
        digits = component.get("decimalDigits")
        exact = type_ == "number" and isinstance(digits, int) and digits <= MONEY_DECIMALS
        if properties.get("kind") == "money" and not (exact or type_ == "expression"):
            self.note("money-misplaced", element_id)
        for name in ENGLISH:
            english = "en." + ("label" if name == "dateLabel" else name)
            if component.get(name) and not properties.get(english):
                self.note("english-missing", element_id, property=english)

    def _options(self, component: Mapping[str, object], element_id: str) -> None:
        if sum(bool(component.get(name)) for name in ("values", "valuesKey", "valuesExpression")) != 1:
            self.note("options-missing", element_id)
            return
        values = component.get("values") or []
        seen: set[str] = set()
        for number, option in enumerate(values if isinstance(values, list) else [], start=1):
            value = option.get("value") if isinstance(option, Mapping) else None
            if (
                value is None
                or value == ""
                or not isinstance(value, (str, bool, int, float))
                or not option.get("label")
            ):
                self.note("option-malformed", element_id, number=number)
                continue
            if value_name(value) in seen:
                self.note("option-duplicate", element_id, value=value)
            seen.add(value_name(value))
            properties = component.get("properties")
            english = isinstance(properties, Mapping) and (
                properties.get(f"en.value.{value_name(value)}") or properties.get("en.values")
            )
            if not english:
                self.note("english-missing", element_id, property=f"en.value.{value_name(value)}")

    def _images(self, component: Mapping[str, object], type_: str, element_id: str) -> None:
        text = component.get("text")
        sources = [a or b for a, b in IMAGE_IN_TEXT.findall(text)] if isinstance(text, str) else []
        if type_ == "image":
            sources.append(str(component.get("source", "")))
        for source in sources:
            if not OWN_IMAGE.match(source):
                self.note("outside-image", element_id, source=source[:200])


def _compiles(pattern: object) -> bool:
    """Whether JavaScript takes the pattern: `matches` gives null for one that it does not."""
    if not isinstance(pattern, str):
        return False
    try:
        found = evaluate('matches("", p)', {"p": pattern}, now=datetime(2026, 1, 1, tzinfo=UTC), strict=False)
    except FeelError:
        return False
    return isinstance(found, bool)


def _among(value: object, words: frozenset[str]) -> bool:
    return isinstance(value, str) and value in words


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return False
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False
