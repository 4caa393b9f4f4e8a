"""One wrong file for each rule: the rule, the element it names, the file, and what else is rightly said of it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.unit.engine.lint.files import (
    END,
    MESSAGE,
    PROCESS,
    START,
    boundary,
    choice,
    extended,
    file,
    flow,
    held,
    line,
    straight,
    timer,
    user,
    whole,
)


@dataclass(frozen=True)
class Case:
    """A wrong file: `code` is said of `element`; `also` are the codes of further errors and warnings."""

    code: str
    element: str
    source: bytes
    also: frozenset[str] = frozenset()


def case(code: str, element: str, source: bytes, *also: str) -> Case:
    return Case(code, element, source, frozenset(also))


CATCH_TIMER = (
    '<intermediateCatchEvent id="{}">' + timer("<timeDuration>P1D</timeDuration>") + "</intermediateCatchEvent>"
)
LOOP = "<multiInstanceLoopCharacteristics>{}</multiInstanceLoopCharacteristics>"
OVER = '<zeebe:loopCharacteristics inputCollection="=hold.active" inputElement="one" {}/>'
ASSIGNED = '<zeebe:assignmentDefinition candidateGroups="{}"/><zeebe:formDefinition formId="{}"/>'
OUTPUT = '<zeebe:ioMapping><zeebe:output source="={}" target="{}"/></zeebe:ioMapping>'
PROPERTY = '<zeebe:properties><zeebe:property name="{}" value="{}"/></zeebe:properties>'
MAPPED = '<zeebe:ioMapping><zeebe:input source="=project_no" target="subject_id"/></zeebe:ioMapping>'


def service(inside: str) -> str:
    return f'<serviceTask id="t" name="通知">{extended(inside)}</serviceTask>'


def catching(definition: str, own: str = "t") -> str:
    return f'<intermediateCatchEvent id="{own}" name="等">{definition}</intermediateCatchEvent>'


def throwing(definition: str) -> str:
    return START + f'<endEvent id="end" name="末">{definition}</endEvent>' + line("start", "end")


def condition(text: str) -> bytes:
    return file(choice(text, "", default="g_e1"))


def script(expression: str) -> bytes:
    inside = extended(f'<zeebe:script expression="{expression}" resultVariable="r"/>')
    return file(straight(f'<scriptTask id="t" name="算">{inside}</scriptTask>'))


STRUCTURE = (
    case("no-process", "", whole("<collaboration id='c'/>")),
    case("not-executable", "p1", file(straight(user("t")), process='id="p1" name="流程"')),
    case(
        "several-executable",
        "p1",
        file(
            straight(user("t")),
            roots='<process id="p9" name="另一" isExecutable="true"><startEvent id="s9"/>'
            f'<endEvent id="e9"/>{line("s9", "e9")}</process>',
        ),
        "not-drawn",
    ),
    case(
        "no-id",
        "/definitions/process[1]/userTask[1]",
        file(straight(user("t").replace('id="t" ', "")), drawn=False),
        "dangling-flow",
        "unreachable",
        "user-task-without-outgoing",
        "no-drawing",
    ),
    case(
        "duplicate-id",
        "t",
        file(START + user("t") + user("t") + END + line("start", "t", "end")),
        "unreachable",
        "user-task-without-outgoing",
    ),
    case(
        "bad-id", "a b", file(straight(user("a b"), "a b").replace('"start_a b"', '"f1"').replace('"a b_end"', '"f2"'))
    ),
    case("process-id-not-plain", "p-1", file(straight(user("t")), process='id="p-1" name="流程" isExecutable="true"')),
    case("process-without-name", "p1", file(straight(user("t")), process='id="p1" isExecutable="true"')),
    case("no-start", "p1", file(user("t") + END + line("t", "end")), "unreachable"),
    case("no-end", "p1", file(START + user("t") + line("start", "t")), "user-task-without-outgoing"),
    case("several-starts", "s2", file(straight(user("t")) + '<startEvent id="s2"/>' + flow("s2", "t"))),
    case(
        "start-with-incoming",
        "start",
        file(
            START
            + user("t")
            + '<exclusiveGateway id="g" default="g_end"/>'
            + END
            + line("start", "t", "g", "end")
            + flow("g", "start", "=agreed")
        ),
    ),
    case("end-with-outgoing", "end", file(straight(user("t")) + '<endEvent id="e2"/>' + flow("end", "e2"))),
    case("dangling-flow", "lost", file(straight(user("t")) + flow("nowhere", "end", own="lost"))),
    case(
        "flow-across-border",
        "start_in",
        file(
            START
            + '<subProcess id="sub" name="子"><startEvent id="is"/>'
            + user("in")
            + '<endEvent id="ie"/>'
            + line("is", "in", "ie")
            + "</subProcess>"
            + END
            + line("start", "sub", "end")
            + flow("start", "in")
        ),
        "start-with-several-outgoing",
    ),
    case(
        "boundary-with-incoming",
        "b",
        file(
            boundary(timer("<timeDuration>P1D</timeDuration>")).replace(
                'targetRef="end"></sequenceFlow>', 'targetRef="b"></sequenceFlow>', 1
            )
        ),
    ),
    case("unreachable", "u", file(straight(user("t")) + user("u") + flow("u", "end"))),
    case(
        "user-task-without-outgoing",
        "t",
        file(START + user("t") + line("start", "t") + '<endEvent id="end"/>'),
        "unreachable",
    ),
    case(
        "implicit-end",
        "t",
        file(START + '<intermediateThrowEvent id="t" name="过"/>' + line("start", "t") + END),
        "unreachable",
    ),
    case(
        "circle-without-gateway",
        "t",
        file(START + user("t") + user("u") + END + line("start", "t", "u", "t")),
        "unreachable",
    ),
    case(
        "circle-without-wait",
        "g",
        file(
            START
            + '<exclusiveGateway id="g" default="g_end"/><scriptTask id="t" name="算">'
            + extended('<zeebe:script expression="=1" resultVariable="n"/>')
            + "</scriptTask>"
            + END
            + line("start", "g", "end")
            + flow("g", "t", "=n = 1")
            + flow("t", "g")
        ),
    ),
    case(
        "lane-names-unknown",
        "lane",
        file(
            '<laneSet id="ls"><lane id="lane" name="泳道"><flowNodeRef>gone</flowNodeRef></lane></laneSet>'
            + straight(user("t"))
        ),
    ),
    case("unnamed-task", "t", file(straight(user("t").replace('name="填报"', "")))),
)

GATEWAYS = (
    case("complex-gateway", "g", file(choice("=agreed", "=not(agreed)", gateway="complexGateway"))),
    case("flow-without-condition", "g_e1", file(choice("=agreed", ""))),
    case("no-default-flow", "g", file(choice("=agreed", "=not(agreed)"))),
    case("default-with-condition", "g_e1", file(choice("=agreed", "=not(agreed)", default="g_e1"))),
    case("default-unknown", "g", file(choice("=agreed", "=not(agreed)", default="gone")), "no-default-flow"),
    case("condition-not-read", "g_e0", file(choice("=agreed", "", gateway="parallelGateway"))),
    case("several-outgoing", "t", file(straight(user("t")) + '<endEvent id="e2"/>' + flow("t", "e2"))),
    case("start-with-several-outgoing", "start", file(straight(user("t")) + user("u") + line("start", "u", "end"))),
    case("default-outside-gateway", "t", file(straight(user("t", attributes='default="t_end"')))),
    case(
        "inclusive-join-in-circle",
        "g",
        file(
            START
            + '<inclusiveGateway id="g" default="g_end"/>'
            + user("t")
            + END
            + line("start", "g", "end")
            + flow("g", "t", "=project.path = &quot;T&quot;")
            + flow("t", "g")
        ),
    ),
    case(
        "event-gateway-target",
        "t",
        file(
            START
            + '<eventBasedGateway id="g"/>'
            + user("t")
            + CATCH_TIMER.format("c")
            + END
            + line("start", "g", "t", "end")
            + line("g", "c", "end")
        ),
    ),
    case(
        "event-gateway-shared-target",
        "c",
        file(
            START
            + '<eventBasedGateway id="g"/>'
            + CATCH_TIMER.format("c")
            + CATCH_TIMER.format("d")
            + user("t")
            + END
            + '<exclusiveGateway id="x" default="x_end"/>'
            + line("start", "g", "c", "t", "x", "end")
            + line("g", "d", "end")
            + flow("x", "c", "=agreed")
        ),
    ),
    case(
        "event-gateway-alone",
        "g",
        file(START + '<eventBasedGateway id="g"/>' + CATCH_TIMER.format("c") + END + line("start", "g", "c", "end")),
    ),
    case(
        "event-gateway-starts",
        "g",
        file(
            START
            + '<eventBasedGateway id="g" instantiate="true"/>'
            + CATCH_TIMER.format("c")
            + CATCH_TIMER.format("d")
            + END
            + line("start", "g", "c", "end")
            + line("g", "d", "end")
        ),
    ),
)

EVENTS = (
    *(
        case("event-not-executable", "t", file(straight(catching(f"<{kind}EventDefinition/>"))), *also)
        for kind, also in (("conditional", ()), ("cancel", ()))
    ),
    case("event-not-executable", "end", file(throwing("<compensateEventDefinition/>"))),
    case(
        "event-not-executable",
        "t",
        file(
            START
            + '<intermediateThrowEvent id="t" name="去"><linkEventDefinition name="A"/></intermediateThrowEvent>'
            + END
            + line("start", "t")
        ),
        "unreachable",
    ),
    case("compensation-handler", "h", file(straight(user("t")) + user("h", attributes='isForCompensation="true"'))),
    case(
        "event-sub-process",
        "sub",
        file(
            straight(user("t")) + '<subProcess id="sub" name="子" triggeredByEvent="true"><startEvent id="is">'
            '<errorEventDefinition/></startEvent><endEvent id="ie"/>' + line("is", "ie") + "</subProcess>"
        ),
    ),
    case("event-kind-misplaced", "t", file(straight(catching("<terminateEventDefinition/>")))),
    case(
        "several-event-definitions",
        "t",
        file(
            straight(catching(timer("<timeDuration>P1D</timeDuration>") + '<signalEventDefinition signalRef="sg"/>')),
            roots='<signal id="sg" name="year.closed"/>',
        ),
    ),
    case(
        "boundary-without-host",
        "b",
        file(boundary(timer("<timeDuration>P1D</timeDuration>")).replace('attachedToRef="t"', "")),
    ),
    case("error-must-interrupt", "b", file(boundary("<errorEventDefinition/>", 'cancelActivity="false"'))),
    case("throw-without-code", "end", file(throwing("<errorEventDefinition/>"))),
    case("timer-without-definition", "t", file(straight(catching("<timerEventDefinition/>")))),
    case(
        "timer-defined-twice",
        "t",
        file(straight(catching(timer("<timeDate>2026-10-01</timeDate><timeDuration>P1D</timeDuration>")))),
    ),
    case("timer-invalid", "t", file(straight(catching(timer("<timeDuration>五天</timeDuration>"))))),
    case("timer-invalid", "t", file(straight(catching(timer("<timeDate>2026-13-01</timeDate>"))))),
    case("timer-not-positive", "b", file(boundary(timer("<timeCycle>R/PT0S</timeCycle>"), 'cancelActivity="false"'))),
    case("timer-cycle-misplaced", "t", file(straight(catching(timer("<timeCycle>R/P1D</timeCycle>"))))),
    case("legal-deadline-drawn", "b", file(boundary(timer("<timeDuration>P6M</timeDuration>")))),
    case("message-without-reference", "t", file(straight(catching("<messageEventDefinition/>")))),
    case(
        "message-without-name",
        "t",
        file(
            straight(catching('<messageEventDefinition messageRef="m1"/>')),
            roots=MESSAGE.replace('name="project.withdrawn"', ""),
        ),
    ),
    case(
        "message-without-correlation-key",
        "t",
        file(
            straight(catching('<messageEventDefinition messageRef="m1"/>')),
            roots='<message id="m1" name="project.withdrawn"/>',
        ),
    ),
    case(
        "unknown-message",
        "t",
        file(
            straight(catching('<messageEventDefinition messageRef="m1"/>')), roots=MESSAGE.replace("withdrawn", "gone")
        ),
    ),
    case("signal-without-reference", "t", file(straight(catching("<signalEventDefinition/>")))),
    case(
        "unknown-signal",
        "t",
        file(straight(catching('<signalEventDefinition signalRef="sg"/>')), roots='<signal id="sg" name="year.open"/>'),
    ),
)

TASKS = (
    case("no-holder", "t", file(straight(held("t", '<zeebe:formDefinition formId="f01"/>')))),
    case("unknown-role", "t", file(straight(user("t").replace("unit_clerk", "unit_clark")))),
    case("unknown-form", "t", file(straight(user("t").replace("f01", "f77")))),
    case("form-id-not-plain", "t", file(straight(user("t").replace("f01", "F-01"))), "unknown-form"),
    case(
        "form-not-linked",
        "t",
        file(
            straight(
                held(
                    "t", '<zeebe:assignmentDefinition assignee="li"/><zeebe:formDefinition formKey="camunda-forms:x"/>'
                )
            )
        ),
    ),
    case("user-task-without-form", "t", file(straight(held("t", '<zeebe:assignmentDefinition assignee="li"/>')))),
    case("schedule-invalid", "t", file(straight(user("t", more='<zeebe:taskSchedule dueDate="明天"/>')))),
    case("priority-invalid", "t", file(straight(user("t", more='<zeebe:priorityDefinition priority="101"/>')))),
    case("nobody-does-it", "t", file(straight('<manualTask id="t" name="盖章"/>'))),
    case("service-without-operation", "t", file(straight(service("")))),
    case("operation-by-expression", "t", file(straight(service('<zeebe:taskDefinition type="=project.path"/>')))),
    case("unknown-operation", "t", file(straight(service('<zeebe:taskDefinition type="notice.sent"/>')))),
    case("operation-input-missing", "t", file(straight(service('<zeebe:taskDefinition type="notice.send"/>')))),
    case(
        "operation-input-unknown",
        "t",
        file(
            straight(
                service(
                    '<zeebe:taskDefinition type="notice.send"/>'
                    + MAPPED.replace("</zeebe:ioMapping>", "")
                    + '<zeebe:input source="=1" target="subject"/></zeebe:ioMapping>'
                )
            )
        ),
    ),
    case(
        "operation-header-unknown",
        "t",
        file(
            straight(
                service(
                    '<zeebe:taskDefinition type="notice.send"/>'
                    + MAPPED
                    + '<zeebe:taskHeaders><zeebe:header key="colour" value="x"/></zeebe:taskHeaders>'
                )
            )
        ),
    ),
    case(
        "operation-header-invalid",
        "t",
        file(
            straight(
                service(
                    '<zeebe:taskDefinition type="notice.send"/>'
                    + MAPPED
                    + '<zeebe:taskHeaders><zeebe:header key="roles" value="unit_clerk,unit_boss"/></zeebe:taskHeaders>'
                )
            )
        ),
    ),
    case(
        "unknown-variable",
        "t",
        file(
            straight(
                service(
                    '<zeebe:taskDefinition type="notice.send"/>'
                    '<zeebe:ioMapping><zeebe:input source="=subject_id" target="subject_id"/></zeebe:ioMapping>'
                )
            )
        ),
    ),
    case("script-not-feel", "t", file(straight('<scriptTask id="t" name="算"><script>print(1)</script></scriptTask>'))),
    case(
        "result-variable-missing",
        "t",
        file(straight('<scriptTask id="t" name="算">' + extended('<zeebe:script expression="=1"/>') + "</scriptTask>")),
    ),
    case("rule-without-decision", "t", file(straight('<businessRuleTask id="t" name="判"/>'))),
    case(
        "unknown-decision",
        "t",
        file(
            straight(
                '<businessRuleTask id="t" name="判">'
                + extended('<zeebe:calledDecision decisionId="root" resultVariable="r"/>')
                + "</businessRuleTask>"
            )
        ),
    ),
    case("call-without-process", "t", file(straight('<callActivity id="t" name="叫"/>'))),
    case(
        "unknown-process",
        "t",
        file(
            straight(
                '<callActivity id="t" name="叫">'
                + extended('<zeebe:calledElement processId="p3"/>')
                + "</callActivity>"
            )
        ),
    ),
    case(
        "calls-itself",
        "t",
        file(
            straight(
                '<callActivity id="t" name="叫">'
                + extended('<zeebe:calledElement processId="p1"/>')
                + "</callActivity>"
            )
        ),
    ),
    case(
        "binding-invalid",
        "t",
        file(
            straight(
                '<callActivity id="t" name="叫">'
                + extended('<zeebe:calledElement processId="p2" bindingType="versionTag"/>')
                + "</callActivity>"
            )
        ),
    ),
    *(
        case(
            "binding-invalid", "t", file(straight(held("t", ASSIGNED.format("unit_clerk", f'f01" bindingType="{way}'))))
        )
        for way in ("deployment", "versionTag")
    ),
    case(
        "binding-invalid",
        "t",
        file(
            straight(
                '<businessRuleTask id="t" name="判">'
                + extended('<zeebe:calledDecision decisionId="route" resultVariable="r" bindingType="deployment"/>')
                + "</businessRuleTask>"
            )
        ),
    ),
    case("loop-not-readable", "t", file(straight(user("t", inside="<standardLoopCharacteristics/>")))),
    case(
        "loop-not-readable",
        "t",
        file(straight(user("t", inside=LOOP.format(extended("<zeebe:loopCharacteristics/>"))))),
    ),
    case(
        "loop-output-incomplete",
        "t",
        file(straight(user("t", inside=LOOP.format(extended(OVER.format('outputCollection="every_one"')))))),
    ),
    case(
        "variable-not-plain",
        "t",
        file(
            straight(
                user("t", more='<zeebe:ioMapping><zeebe:output source="=amount" target="f-03"/></zeebe:ioMapping>')
            )
        ),
    ),
    case(
        "mapping-incomplete",
        "t",
        file(straight(user("t", more='<zeebe:ioMapping><zeebe:output source="" target="x"/></zeebe:ioMapping>'))),
    ),
)

PROFILE = (
    case("camunda-7", "t", file(straight(user("t", attributes='camunda:candidateGroups="bur_head"')))),
    case(
        "listener-not-read",
        "t",
        file(
            straight(
                user(
                    "t",
                    more=(
                        '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="x"/>'
                        "</zeebe:executionListeners>"
                    ),
                )
            )
        ),
    ),
    case("extension-not-read", "t", file(straight(user("t", more='<zeebe:jobPriorityDefinition priority="1"/>')))),
    case(
        "template-not-read",
        "t",
        file(straight(user("t", attributes='zeebe:modelerTemplate="io.camunda.connectors.X"'))),
    ),
    case("attribute-not-read", "t", file(straight(user("t", attributes='zeebe:colour="red"')))),
    case(
        "property-unknown",
        "t",
        file(
            straight(
                user("t", more=('<zeebe:properties><zeebe:property name="colour" value="red"/></zeebe:properties>'))
            )
        ),
    ),
    case(
        "property-invalid",
        "t",
        file(
            straight(
                user("t", more=('<zeebe:properties><zeebe:property name="signs" value="f99"/></zeebe:properties>'))
            )
        ),
    ),
    *(
        case("property-invalid", "t", file(straight(user("t", more=PROPERTY.format(name, value)))), *also)
        for name, value, also in (
            ("days", "soon", ()),
            ("idle", "never", ()),
            ("together", "yes", ("property-misplaced",)),
        )
    ),
    case(
        "property-unknown",
        "g",
        file(
            choice("=agreed", "", default="g_e1").replace(
                'default="g_e1"/>', f'default="g_e1">{extended(PROPERTY.format("colour", "red"))}</exclusiveGateway>'
            )
        ),
    ),
    case("property-misplaced", "t", file(straight(user("t", more=PROPERTY.format("together", "true"))))),
    case("property-misplaced", "t", file(straight(user("t", more=PROPERTY.format("starters", "unit_clerk"))))),
    *(
        case(
            "property-misplaced",
            "start",
            file(
                user("t")
                + END
                + line("start", "t", "end")
                + START.replace("/>", ">" + extended(PROPERTY.format(name, value)) + "</startEvent>")
            ),
        )
        for name, value in (("signs", "f01"), ("days", "5"), ("idle", "off"))
    ),
    case(
        "setting-not-read",
        "t",
        file(straight(service('<zeebe:taskDefinition type="notice.send" retries="5"/>' + MAPPED))),
    ),
    case(
        "setting-not-read",
        "t",
        file(straight(user("t", more='<zeebe:taskSchedule dueDate="2026-12-01" startDate="2026-11-01"/>'))),
    ),
    case("foreign-extension", "t", file(straight(user("t", more='<x:role xmlns:x="http://other.example/1"/>')))),
    case(
        "foreign-element",
        "/definitions/process[1]/thing[1]",
        file(straight(user("t")) + '<x:thing xmlns:x="http://other.example/1"/>'),
    ),
    case("choreography", "c", file(straight(user("t")) + '<choreographyTask id="c" name="商"/>')),
    case(
        "transaction",
        "t",
        file(
            straight(
                '<transaction id="t" name="事务"><startEvent id="is"/><endEvent id="ie"/>'
                + line("is", "ie")
                + "</transaction>"
            )
        ),
    ),
    case("ad-hoc", "t", file(straight('<adHocSubProcess id="t" name="自由">' + user("in") + "</adHocSubProcess>"))),
    case("no-drawing", "p1", file(straight(user("t")), drawn=False)),
    case(
        "wrong-coordinates",
        "t",
        file(straight(user("t"))).replace(
            b'bpmnElement="t"/>',
            b'bpmnElement="t"><dc:Bounds xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" x="left" y="inf"/>'
            b"</bpmndi:BPMNShape>",
        ),
    ),
    case("not-drawn", "t", file(straight(user("t"))).replace(b'<bpmndi:BPMNShape bpmnElement="t"/>', b"")),
)

EXPRESSIONS = (
    case("not-feel", "g_e0", condition("agreed")),
    case("not-feel", "g_e0", condition("${agreed}")),
    case(
        "other-language",
        "g_e0",
        condition("=agreed").replace(b"<conditionExpression>", b'<conditionExpression language="groovy">', 1),
    ),
    case("feel-syntax", "g_e0", condition("=agreed and (")),
    case("feel-bare-function", "g_e0", condition("=today &gt; date(&quot;2026-01-01&quot;)")),
    case("feel-hyphenated-id", "g_e0", condition("=submission.f-03 = 1"), "unknown-fact"),
    case("unknown-option", "g_e0", condition("=submission.f02.result = &quot;批转&quot;")),
    case("unknown-fact", "g_e0", condition("=project.colour = 1")),
    case("unknown-fact", "g_e0", condition("=submission.f99.note = 1")),
    case("unknown-fact", "g_e0", condition("=submission.f01.colour = 1")),
    case("unknown-fact", "g_e0", condition("=deadline.nothing.due = null")),
    case("unknown-variable", "g_e0", condition("=signed")),
    case(
        "variable-hides-fact",
        "t",
        file(
            straight(
                user("t", more='<zeebe:ioMapping><zeebe:output source="=amount" target="project"/></zeebe:ioMapping>')
            )
        ),
    ),
    case("feel-too-long", "t", script("=" + "1+" * 30_001 + "1")),
)

LIMITS = (
    case(
        "line-too-long",
        "start",
        file(
            START
            + "".join(CATCH_TIMER.format(f"c{n}") for n in range(300))
            + END
            + line("start", *(f"c{n}" for n in range(300)), "end")
        ),
    ),
    case("name-too-long", "t", file(straight(user("t", attributes="").replace('name="填报"', f'name="{"长" * 201}"')))),
    case(
        "id-too-long",
        "t" * 121,
        file(
            straight(user("t" * 121), "t" * 121)
            .replace(f'id="start_{"t" * 121}"', 'id="f1"')
            .replace(f'id="{"t" * 121}_end"', 'id="f2"')
        ),
    ),
    case("documentation-too-long", "t", file(straight(user("t").replace("填写计划表。", "长" * 20_001)))),
)

ADVICE = (
    case("default-to-end", "g", file(choice("=agreed", "", default="g_e1"))),
    case(
        "gateway-joins-and-splits",
        "g",
        file(
            START
            + '<parallelGateway id="f"/><parallelGateway id="g"/><parallelGateway id="j"/>'
            + user("a")
            + user("b")
            + user("c")
            + user("d")
            + END
            + line("start", "f", "a", "g", "c", "j", "end")
            + line("f", "b", "g", "d", "j")
        ),
    ),
    case(
        "superfluous-gateway",
        "g",
        file(START + user("t") + '<parallelGateway id="g"/>' + END + line("start", "t", "g", "end")),
    ),
    case(
        "user-task-without-documentation",
        "t",
        file(straight(user("t").replace("<documentation>填写计划表。</documentation>", ""))),
    ),
    case("camunda-7-harmless", "p1", file(straight(user("t")), process=PROCESS + ' camunda:historyTimeToLive="P1D"')),
    case("platform-not-camunda-8", "", file(straight(user("t"))).replace(b"Camunda Cloud", b"Camunda Platform")),
    case("throw-not-run", "end", file(throwing(extended('<zeebe:taskDefinition type="x"/>')))),
    case("data-not-read", "d", file(straight(user("t")) + '<dataObjectReference id="d" name="材料"/>')),
    case("constant-condition", "g_e0", condition("=true")),
)
"""Files that are right and could be better: the code is an info, and `also` is empty."""

RECORDERS = (
    case("recorder-role", "t", file(straight(held("t", ASSIGNED.format("unit_clerk", "f03"))))),
    case("recorder-predecessor", "t", file(straight(held("t", ASSIGNED.format("unit_clerk", "f04"))))),
    case(
        "recorder-predecessor",
        "t",
        file(
            START
            + '<exclusiveGateway id="g" name="要审核？" default="g_t"/>'
            + held("o", ASSIGNED.format("bur_head", "f02"))
            + held("t", ASSIGNED.format("unit_clerk", "f04"))
            + END
            + line("start", "g")
            + flow("g", "o", "=project.path = &quot;T&quot;")
            + line("o", "t", "end")
            + flow("g", "t")
        ),
    ),
    case("role-without-person", "t", file(straight(held("t", ASSIGNED.format("drc_head", "f01"))))),
    case("variable-hides-function", "t", file(straight(user("t", more=OUTPUT.format("agreed", "count"))))),
    case(
        "filter-by-name",
        "g_e0",
        file(
            START
            + user("t", more=OUTPUT.format("[{ok: agreed}]", "votes"))
            + '<exclusiveGateway id="g" name="同意？" default="g_e1"/>'
            + '<endEvent id="e0"/>'
            + '<endEvent id="e1"/>'
            + line("start", "t", "g")
            + flow("g", "e0", "=count(votes[ok]) > 1")
            + flow("g", "e1")
        ),
    ),
)

WRONG = RECORDERS + STRUCTURE + GATEWAYS + EVENTS + TASKS + PROFILE + EXPRESSIONS + LIMITS
