"""What a file tells about its process before any instance runs, and how it is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from app.clock import SHANGHAI
from app.engine import runtime, timers
from app.engine.definition import Element, parse_process
from app.engine.failures import TooManyInstances
from app.errors import DiagramNotExecutable
from tests.unit.engine.drawing import (
    NOON,
    StandIn,
    boundary,
    definitions,
    draw,
    end,
    flow,
    flows,
    loop,
    mapping,
    message,
    node,
    start,
    timer,
    user,
)
from tests.unit.engine.driving import Drive

SMALL = start() + user("a") + end() + flows("s > a > e")


def test_what_a_model_tells() -> None:
    tag = (
        "<bpmn:documentation>说明</bpmn:documentation>"
        '<bpmn:extensionElements><zeebe:versionTag value="2026"/></bpmn:extensionElements>'
    )
    call = node("callActivity", "c", extensions='<zeebe:calledElement processId="q"/>')
    other = node("callActivity", "d", extensions='<zeebe:calledElement processId="=next"/>')
    operation = node("serviceTask", "t", extensions='<zeebe:taskDefinition type="notice"/>')
    model = draw(tag + start() + call + other + operation + end() + flows("s > c > d > t > e"))
    assert (model.process_id, model.name, model.version_tag, model.documentation) == ("p", "流程", "2026", "说明")
    assert (model.called, model.operations) == ({"q"}, {"notice"})
    assert list(model.elements) == ["s", "c", "d", "t", "e"]
    assert model.elements["t"] == Element("serviceTask", "t")


def test_a_process_without_a_name_takes_the_one_given() -> None:
    source = definitions(SMALL).replace('name="流程" '.encode(), b"")
    assert parse_process(source, name="文件名").name == "文件名"


def refused(source: bytes) -> list[tuple[str, str]]:
    with pytest.raises(DiagramNotExecutable) as caught:
        parse_process(source)
    return [(finding.element_id, finding.message) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("body", "element_id", "words"),
    [
        (user("a") + end() + flows("a > e"), "p", "没有开始事件"),
        (SMALL + user("x"), "x", "没有一条线通到这里"),
        (start() + user("a") + end() + end("f") + flows("s > a > e", "a > f"), "a", "任务只能有一条出口"),
        (start() + node("exclusiveGateway", "g") + end() + end("f") + flows("s > g > e", "g > f"), "g-", "没有条件"),
        (start() + node("complexGateway", "g") + end() + flows("s > g > e"), "g", "这种环节不能执行"),
        (start() + node("intermediateCatchEvent", "r") + end() + flows("s > r > e"), "r", "没有选择等待什么"),
        (start() + user("a") + boundary("r", "a", "") + end() + flows("s > a > e", "r > e"), "r", "没有选择等待什么"),
        (start() + node("receiveTask", "r") + end() + flows("s > r > e"), "r", "没有选择消息"),
        (
            start() + node("intermediateCatchEvent", "t", timer("timeDate", "")) + end() + flows("s > t > e"),
            "t",
            "没有填写时间",
        ),
        (start() + user("a", inside=loop("")) + end() + flows("s > a > e"), "a", "没有填写输入集合"),
        (start() + user("a") + flow("a", "nowhere") + flows("s > a"), "a", "不存在的环节"),
        (
            start() + user("a", inside="<bpmn:standardLoopCharacteristics/>") + end() + flows("s > a > e"),
            "a",
            "循环标记",
        ),
        (start() + node("subProcess", "x", user("i")) + end() + flows("s > x > e"), "x", "有且只有一个开始事件"),
        (start() + node("subProcess", "x", start("i")) + end() + flows("s > x > e"), "x", "没有结束事件"),
    ],
)
def test_what_cannot_be_executed_is_said_with_its_element(body: str, element_id: str, words: str) -> None:
    ((found, message_),) = refused(definitions(body))
    assert found.startswith(element_id)
    assert words in message_


def test_other_files() -> None:
    assert refused(b"no xml")[0][0] == ""
    assert "没有可执行的流程" in refused(definitions(SMALL).replace(b'isExecutable="true"', b""))[0][1]
    two = definitions(SMALL).replace(
        b"</bpmn:definitions>", b'<bpmn:process id="q" isExecutable="true"/></bpmn:definitions>'
    )
    assert refused(two)[0][0] == "q"


def test_other_pools_and_data_objects_are_for_people() -> None:
    outside = '<bpmn:collaboration id="k"><bpmn:participant id="x" name="财政局"/></bpmn:collaboration>'
    data = '<bpmn:dataObject id="o"/><bpmn:dataObjectReference id="or" dataObjectRef="o"/>'
    reads = '<bpmn:dataInputAssociation id="i"><bpmn:sourceRef>or</bpmn:sourceRef></bpmn:dataInputAssociation>'
    model = draw(data + start() + user("a", inside=reads) + end() + flows("s > a > e"), outside=outside)
    run = Drive(model, x=1).complete("a")
    assert (run.ended, run.variables) == ("completed e", {"x": 1})


def test_a_model_is_shared_by_threads() -> None:
    inside = loop("=members", "member", into=("votes", "=ok"))
    model = draw(start() + user("a", inside=inside) + user("b") + end() + flows("s > a > b > e"))

    def one(number: int) -> object:
        run = Drive(model, members=[1, 2, 3], number=number)
        for _ in range(3):
            run.complete("a", ok=number)
        return run.complete("b").variables

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(one, range(24)))
    assert found == [{"members": [1, 2, 3], "number": n, "votes": [n] * 3} for n in range(24)]


def test_one_more_signer_is_added() -> None:
    for sequential in (False, True):
        inside = loop("=members", "member", sequential=sequential, into=("votes", "=member"))
        run = Drive(draw(start() + user("a", inside=inside) + end() + flows("s > a > e")), members=["x", "y"])
        key = run.keys("user_tasks", "a")[0]
        run.took(runtime.add_instance(run.model, run.step.state, key, run.host, item="z"))
        assert len(run.open) == (1 if sequential else 3)
        run.complete("a").complete("a").complete("a")
        assert (run.ended, run.variables["votes"]) == ("completed e", ["x", "y", "z"])


def test_nobody_is_added_to_a_plain_task_or_beyond_the_limit() -> None:
    run = Drive(draw(SMALL))
    with pytest.raises(KeyError):
        runtime.add_instance(run.model, run.step.state, next(iter(run.waits.user_tasks)), run.host, item=1)
    run = Drive(draw(start() + user("a", inside=loop("=members")) + end() + flows("s > a > e")), members=[0] * 500)
    with pytest.raises(TooManyInstances):
        runtime.add_instance(run.model, run.step.state, run.keys("user_tasks", "a")[0], run.host, item=1)


def test_a_start_event_maps_what_it_was_given() -> None:
    said = mapping(outputs={"project_no": "=no"})
    receive = '<bpmn:messageEventDefinition messageRef="m"/>'
    model = draw(node("startEvent", "s", receive, said) + user("a") + end() + flows("s > a > e"), outside=message("m"))
    assert Drive(model, no="P7").variables == {"no": "P7", "project_no": "P7"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("R/2022-01-01T00:10:00+08:00/P1Y", datetime(2027, 1, 1, 0, 10, tzinfo=SHANGHAI)),
        ("R/P1M", datetime(2026, 2, 1, 9, 0, tzinfo=SHANGHAI)),
        ("P1Y", datetime(2027, 1, 1, 9, 0, tzinfo=SHANGHAI)),
        ("2026-06-01", datetime(2026, 6, 1, tzinfo=SHANGHAI)),
        ("2025-06-01", None),
        (
            [datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=SHANGHAI)],
            datetime(2026, 4, 1, tzinfo=SHANGHAI),
        ),
    ],
)
def test_when_a_timer_start_fires_next(value: object, expected: datetime | None) -> None:
    since = datetime(2026, 1, 1, 9, 0, tzinfo=SHANGHAI)
    working_days = StandIn().after_working_days
    assert timers.next_start(value, since=since, after=NOON, working_days=working_days) == expected
