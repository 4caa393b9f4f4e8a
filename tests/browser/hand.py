"""A hand at a form: puts answers into the fields that the page has drawn, of whatever form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.demo import papers
from app.demo.desk import Paper

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.windows import Window


class Hand:
    """Fills in the form of the task that a window shows."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.form = window.form()
        self.config: dict[str, Any] = json.loads(window.page.locator("#task-config").text_content() or "")

    def fills_in(self, answers: Mapping[str, Any]) -> None:
        """Put every answer into its field, from the top of the form to its end."""
        left = self._level(self.config["schema"]["components"], dict(answers), "")
        assert left == {}, f"the form has no fields {sorted(left)}"

    def _level(self, components: list[dict[str, Any]], answers: dict[str, Any], suffix: str) -> dict[str, Any]:
        for one in components:
            if one["type"] == "group":
                answers = self._level(one["components"], answers, suffix)
            elif one["type"] == "dynamiclist" and one["path"] in answers:
                self._rows(one, answers.pop(one["path"]), suffix)
            elif one.get("key") in answers:
                self._field(one, answers.pop(one["key"]), suffix)
        return answers

    def _rows(self, one: dict[str, Any], rows: list[dict[str, Any]], suffix: str) -> None:
        first = one["components"][0]
        for number, row in enumerate(rows):
            if not self.form.locator(self._at(first, f"{suffix}_{number}")).count():
                before = self._at(first, f"{suffix}_{number - 1}")
                self._whole("dynamiclist", before).get_by_role("button", name="新增一项").click()
            left = self._level(one["components"], dict(row), f"{suffix}_{number}")
            assert left == {}, f"{one['path']} has no fields {sorted(left)}"

    def _at(self, one: dict[str, Any], suffix: str) -> str:
        """Return the selector of a field's element: form-js gives it an id of its form's, the field's and the row's."""
        ends = {"radio": "-0", "datetime": "-date"}.get(one["type"], "")
        return f'[id^="fjs-form-"][id$="-{one["id"]}{suffix}{ends}"]'

    def _whole(self, kind: str, inside: str) -> Locator:
        """Return the whole field of a kind around an element."""
        return self.form.locator(f".fjs-form-field-{kind}", has=self.window.page.locator(inside))

    def _field(self, one: dict[str, Any], value: Any, suffix: str) -> None:
        selector = self._at(one, suffix)
        place = self.form.locator(selector)
        if one["type"] == "filepicker":
            self._file(place, value)
        elif one["type"] == "radio":
            self._whole("radio", selector).get_by_label(self._label(one, value), exact=True).check()
        elif one["type"] == "select":
            whole = self._whole("select", selector)
            whole.locator(".fjs-input-group").click()
            whole.locator(".fjs-dropdownlist-item").get_by_text(self._label(one, value), exact=True).click()
        elif one["type"] == "datetime":
            place.fill(str(value).replace("-", "/"))
            place.press("Tab")
        else:
            place.fill(str(value))

    def _label(self, one: dict[str, Any], value: Any) -> str:
        rows = one.get("values") or self.config["data"].get(one.get("valuesKey")) or self.config["data"]["node_options"]
        return next(str(row["label"]) for row in rows if str(row["value"]).lower() == str(value).lower())

    def _file(self, place: Locator, paper: Paper) -> None:
        name = f"{paper.title}.pdf"
        place.set_input_files(
            {"name": name, "mimeType": "application/pdf", "buffer": papers.pdf(paper.title, paper.lines)}
        )
        self.form.get_by_role("link", name=name).wait_for()
