"""The process owner draws: a new task with a role from the list, findings on it, repairs, undo, and a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.browser.test_pages import AXE, violations
from tests.browser.windows import PHONE, another, opened
from tests.browser.workshop import OWNER, SECOND, Editor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.windows import Window

STUCK = """
<bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
<bpmn:exclusiveGateway id="choose" name="选一条" default="f3"><bpmn:incoming>f1</bpmn:incoming>
<bpmn:outgoing>f2</bpmn:outgoing><bpmn:outgoing>f3</bpmn:outgoing></bpmn:exclusiveGateway>
<bpmn:parallelGateway id="wait" name="等两条"><bpmn:incoming>f2</bpmn:incoming><bpmn:incoming>f3</bpmn:incoming>
<bpmn:outgoing>f4</bpmn:outgoing></bpmn:parallelGateway>
<bpmn:endEvent id="end"><bpmn:incoming>f4</bpmn:incoming></bpmn:endEvent>
<bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="choose" />
<bpmn:sequenceFlow id="f2" sourceRef="choose" targetRef="wait"><bpmn:conditionExpression
 xsi:type="bpmn:tFormalExpression">=project.is_major</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="f3" sourceRef="choose" targetRef="wait" />
<bpmn:sequenceFlow id="f4" sourceRef="wait" targetRef="end" />
"""
PLACES = {"start": (200, 200, 36), "choose": (300, 193, 50), "wait": (450, 193, 50), "end": (600, 200, 36)}
WAYS = {"f1": (236, 218, 300), "f2": (350, 218, 450), "f3": (350, 218, 450), "f4": (500, 218, 600)}


def stuck(process_id: str) -> str:
    """Return a diagram whose join waits for two tokens and can only ever get one."""
    from tests.browser.every_element import NAMESPACES  # noqa: PLC0415 -- only here

    shapes = "".join(
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="{x}" y="{y}" width="{size}" '
        f'height="{size}" /></bpmndi:BPMNShape>'
        for name, (x, y, size) in PLACES.items()
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}"><di:waypoint x="{x}" y="{y}" />'
        f'<di:waypoint x="{to}" y="{y}" /></bpmndi:BPMNEdge>'
        for name, (x, y, to) in WAYS.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions {NAMESPACES} id="d" targetNamespace="urn:a">'
        f'<bpmn:process id="{process_id}" name="走不通" isExecutable="true">{STUCK}</bpmn:process>'
        f'<bpmndi:BPMNDiagram id="g"><bpmndi:BPMNPlane id="pl" bpmnElement="{process_id}">{shapes}{edges}'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>\n"
    )


def drawn_xml(editor: Editor) -> str:
    """Return the working copy as the server has it now."""
    answer: dict[str, Any] = editor.page.evaluate(
        "url => fetch(url).then(answer => answer.json())", f"{editor.config['urls']['difference']}?from=force&to=copy"
    )
    return str(answer["right"]["content"])


def new_task(editor: Editor, name: str, *, y: float = 620) -> None:
    """Take the task from the palette, put it on the canvas and name it."""
    page = editor.page
    page.mouse.click(*editor.center('.djs-palette [data-action="create.task"]'))
    page.mouse.move(560, y - 60, steps=8)
    page.mouse.click(600, y)
    page.locator(".djs-direct-editing-content").wait_for()
    page.keyboard.type(name)
    page.keyboard.press("Escape" if not name else "Enter")


def test_she_draws_a_task_chooses_its_role_and_undoes(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p19_decommission").open()
        page = window.page
        new_task(editor, "现场踏勘")
        page.locator('.djs-context-pad [data-action="replace"]').click()
        page.locator('.djs-popup [data-id="replace-with-user-task"]').click()
        page.locator(".bio-properties-panel-header-type", has_text="用户任务").wait_for()
        editor.unfold()
        page.locator('select[name="candidateRoles-0"]').select_option("bur_clerk")
        page.locator('select[name="candidateRoles-1"]').select_option("bur_section")
        page.locator('select[name="countyForm"]').select_option("f15c")
        rows = editor.judged("unreachable")
        task = str(rows.first.get_attribute("data-element"))
        page.locator(f'[data-container-id="{task}"] .ws-badge[data-severity="error"]').wait_for()
        editor.saved()
        kept = drawn_xml(editor)
        assert 'name="现场踏勘"' in kept
        assert '<zeebe:assignmentDefinition candidateGroups="bur_clerk,bur_section" />' in kept
        assert '<zeebe:formDefinition formId="f15c" />' in kept

        for _ in range(12):
            if page.locator(f'g[data-element-id="{task}"]').count() == 0:
                break
            page.locator('[data-act="undo"]').click()
        page.locator(f'g[data-element-id="{task}"]').wait_for(state="detached")
        page.locator('[data-list] [data-code="unreachable"]').wait_for(state="detached")
        editor.saved()
        assert "现场踏勘" not in drawn_xml(editor)


def test_she_drags_a_task_and_it_is_saved_within_two_seconds(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p17_library").open()
        page = window.page
        page.locator('[data-act="fit"]').click()
        before = editor.config["revision"]
        task = str(
            page.locator("g.djs-element[data-element-id] .djs-visual > rect")
            .nth(2)
            .locator("xpath=../..")
            .get_attribute("data-element-id")
        )
        x, y = editor.center(editor.element(task))
        with page.expect_response(lambda answer: answer.url.endswith("/save"), timeout=2500) as saved:
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + 10, y + 10, steps=5)
            page.mouse.move(x + 20, y + 40, steps=10)
            page.mouse.up()
        assert saved.value.status == 200
        assert saved.value.json()["revision"] == before + 1
        page.locator('[data-act="undo"]').click()
        editor.saved()


def test_a_finding_is_mended_by_a_click_and_undone(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p21_sharing").open()
        page = window.page
        whole = editor.config["content"]
        editor.puts(whole.replace('isExecutable="true"', 'isExecutable="false"', 1))
        row = editor.judged("not-executable").first
        row.locator("[data-repair]").click()
        page.locator('[data-list] [data-code="not-executable"]').wait_for(state="detached")
        editor.saved()
        assert 'isExecutable="true"' in drawn_xml(editor)
        page.locator('[data-act="undo"]').click()
        editor.judged("not-executable")
        page.locator('[data-act="redo"]').click()
        page.locator('[data-list] [data-code="not-executable"]').wait_for(state="detached")


def test_a_path_that_gets_stuck_is_played_as_tokens(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p16_audit").open()
        page = window.page
        editor.puts(stuck("p16_audit"))
        play = page.locator("[data-list] [data-play]").first
        play.wait_for()
        play.click()
        bar = page.locator("[data-trace]")
        bar.wait_for()
        assert page.locator(".ws-token").count() >= 1
        steps = int(str(bar.get_attribute("data-step")))
        assert steps > 1
        bar.locator("[data-back]").click()
        assert int(str(bar.get_attribute("data-step"))) == steps - 1
        bar.locator("[data-close]").click()
        assert page.locator(".ws-token").count() == 0


def test_two_people_at_one_file_lose_nothing(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p18_not_started").open()
        other: Window = another(window.page.context, office)
        theirs = Editor(other, "process", "p18_not_started").open()
        new_task(theirs, "对方加的一步")
        theirs.saved()
        other.page.wait_for_timeout(1200)
        theirs.saved()
        new_task(editor, "我加的一步")
        bar = window.page.locator("[data-conflict]")
        bar.wait_for()
        assert "没有存，也没有丢" in bar.inner_text()
        bar.locator("[data-compare]").click()
        window.page.locator("dialog [data-compared]").wait_for()
        said = window.text("dialog .ws-changes")
        assert "“我加的一步”" in said
        assert "“对方加的一步”" in said
        window.page.keyboard.press("Escape")
        bar.locator("[data-keep]").click()
        editor.saved()
        assert "我加的一步" in drawn_xml(editor)
        assert "对方加的一步" not in drawn_xml(editor)

        new_task(theirs, "再加的一步", y=500)
        again = other.page.locator("[data-conflict]")
        again.wait_for()
        again.locator("[data-take]").click()
        other.page.locator("[data-conflict] [data-back]").wait_for()
        assert other.page.locator("svg text", has_text="我加的一步").count() >= 1
        window.is_quiet(409)
        other.is_quiet(409)


def test_the_difference_is_shown_on_both_drawings_and_in_words(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        editor = Editor(window.enter(OWNER), "process", "p14_evaluation").open()
        page = window.page
        new_task(editor, "多出来的一步")
        page.wait_for_timeout(1300)
        editor.saved()
        page.locator('[data-act="difference"]').click()
        page.locator("dialog [data-compared]").wait_for()
        assert page.locator("dialog .ws-half").count() == 2
        assert page.locator('dialog .ws-sign[data-kind="added"]').count() == 1
        assert "多出来的一步" in window.text("dialog .ws-changes")
        page.evaluate(AXE)
        assert violations(window) == []


def test_who_may_not_draw_looks_on_and_a_telephone_shows_the_drawing(browser: Browser, office: str) -> None:
    with opened(browser, office) as window:
        Editor(window.enter(SECOND), "process", "p09_acceptance").open()
        assert window.page.locator(".djs-palette").count() == 0
        assert window.page.locator("[data-panel] .bio-properties-panel").count() == 0
        assert window.page.locator('[data-act="undo"]').is_hidden()
        assert "只能看" in window.text(".ws-head")
        assert window.page.locator(".bjs-powered-by").is_visible()
    with opened(browser, office, size=PHONE) as window:
        Editor(window.enter(OWNER), "process", "p09_acceptance").open()
        assert "画图需要更宽的屏幕" in window.text(".ws-narrow")
        assert window.page.locator(".djs-palette").count() == 0
        assert window.page.locator("[data-canvas] svg .djs-element").count() > 20
        assert window.width() <= PHONE[0]


FAINT = """
() => [...document.querySelectorAll('.cm-line, .cm-line span')].filter((one) => one.innerText.trim()).map((one) => {
  const dark = (colour) => { const [r, g, b] = colour.match(/\\d+/g).map(Number); return r + g + b < 380; };
  const place = one.closest('.cm-scroller');
  const turned = getComputedStyle(place).filter !== 'none';
  return [one.innerText, dark(getComputedStyle(one).color) === turned];
}).filter(([, seen]) => !seen).map(([text]) => text)
"""
"""What is written in code fields in dark letters on a dark page."""


def faint(editor: Editor) -> list[str]:
    """Return what of the code fields cannot be read in the dark."""
    return [f"{editor.kind}: faint {one}" for one in editor.page.evaluate(FAINT)]


def test_the_editors_are_readable_for_everybody(browser: Browser, office: str) -> None:
    wrong: list[str] = []
    with opened(browser, office) as window:
        window.enter(OWNER)
        for kind, key, select in (
            ("process", "p09_acceptance", 'g.djs-element[data-element-id="apply"] > .djs-hit'),
            ("form", "f16a", ".fjs-element[data-id]:has(> .fjs-form-field-text)"),
            ("decision", "change_class", None),
        ):
            editor = Editor(window, kind, key).open()
            if select:
                window.page.locator(select).first.dispatch_event("click")
                editor.unfold()
            window.page.evaluate(AXE)
            wrong += [f"{kind} {one}" for one in violations(window)]
            window.page.emulate_media(color_scheme="dark")
            window.page.locator('html[data-bs-theme="dark"]').wait_for(state="attached")
            wrong += faint(editor)
            wrong += [f"{kind} dark {one}" for one in violations(window, "color-contrast")]
            window.page.emulate_media(color_scheme="light")
    assert not wrong, "\n".join(wrong)
