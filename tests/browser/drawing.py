"""A hand that draws in the diagram editor: tools of the palette, the pad beside an element, fields of its panel."""

from __future__ import annotations

from tests.browser.workshop import Editor


class DrawingHand:
    """Draws in an editor that shows a diagram, by mouse and keyboard."""

    def __init__(self, editor: Editor) -> None:
        self.editor, self.page = editor, editor.page

    def puts(self, tool: str, at: tuple[float, float], *, name: str = "") -> str:
        """Take a tool of the palette, put it down at a place and type its name; return the new element's id."""
        x, y = at
        self.page.mouse.click(*self.editor.center(f'.djs-palette [data-action="create.{tool}"]'))
        self.page.mouse.move(x + 40, y - 40, steps=8)
        self.page.mouse.move(x, y, steps=8)
        self.page.mouse.click(x, y)
        self._names(name)
        return self.selected()

    def appends(self, tool: str, *, name: str = "") -> str:
        """Append something to what is selected, and name it; return its id."""
        self.page.locator(f'.djs-context-pad [data-action="append.{tool}"]').click()
        self._names(name)
        return self.selected()

    def becomes(self, what: str) -> None:
        """Let the selected element become another, by the spanner."""
        self.page.locator('.djs-context-pad [data-action="replace"]').click()
        self.page.locator(f'.djs-popup [data-id="replace-with-{what}"]').click()
        self.page.locator(".djs-popup").wait_for(state="detached")
        self.editor.unfold()

    def connects(self, target: str, *, beside: float = 30) -> str:
        """Draw a flow from the selected element to another; return the flow's id."""
        before = set(self.flows())
        self.page.locator('.djs-context-pad [data-action="connect"]').click()
        x, y = self.editor.center(self.editor.element(target))
        self.page.mouse.move(x + 60, y - 40, steps=8)
        self.page.mouse.move(x + beside, y, steps=8)
        self.page.mouse.click(x + beside, y)
        found = set(self.flows()) - before
        assert len(found) == 1, found
        return found.pop()

    def chooses(self, name: str, value: str) -> None:
        """Choose an entry of a list of the panel."""
        self.page.locator(f'select[name="{name}"]').select_option(value)

    def says(self, entry: str, text: str) -> None:
        """Type an expression into a field of the panel."""
        field = self.page.locator(f'[data-entry-id="{entry}"]')
        if not field.locator(".cm-content").count():
            field.locator(".bio-properties-panel-feel-icon").click()
        field.locator(".cm-content").click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Escape")

    def selected(self) -> str:
        """Return the id of the element that is selected."""
        return str(self.page.locator("g.djs-element.selected").first.get_attribute("data-element-id"))

    def on_flow(self, flow: str, part: float) -> tuple[float, float]:
        """Return the place at a part of an upright flow's length, from its upper end."""
        box = self.page.locator(f'g.djs-element[data-element-id="{flow}"] > .djs-visual').bounding_box()
        assert box is not None, flow
        return box["x"] + box["width"] / 2, box["y"] + box["height"] * part

    def lower_right(self, element: str) -> tuple[float, float]:
        """Return a place on the right edge of an element, near its lower corner."""
        box = self.page.locator(self.editor.element(element)).first.bounding_box()
        assert box is not None, element
        return box["x"] + box["width"], box["y"] + box["height"] * 0.8

    def errors(self) -> list[str]:
        """Return the codes of what the server calls an error in the drawing as it is now."""
        self.page.wait_for_timeout(200)  # a change is written after a moment, and judged after another
        self.editor.checked()
        rows = self.page.locator('[data-list] [data-severity="error"]')
        return [str(row.get_attribute("data-code")) for row in rows.all()]

    def mends(self, code: str) -> None:
        """Press the repair of a finding; it is gone afterwards."""
        self.editor.judged(code).first.locator("[data-repair]").click()
        self.page.locator(f'[data-list] [data-code="{code}"]').wait_for(state="detached")
        self.editor.checked()

    def flows(self) -> list[str]:
        """Return the ids of every connection of the drawing."""
        found: list[str] = self.page.locator("g.djs-connection").evaluate_all(
            "all => all.map((one) => one.dataset.elementId)"
        )
        return found

    def _names(self, name: str) -> None:
        box = self.page.locator(".djs-direct-editing-content")
        if name:
            box.wait_for()
            self.page.keyboard.type(name)
            self.page.keyboard.press("Enter")
        elif box.count():
            self.page.keyboard.press("Escape")
        box.wait_for(state="detached")
