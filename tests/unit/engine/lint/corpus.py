"""Broken files by the hundred: a seeded generator over the constructs that other tools, hands and enemies produce."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping

from tests.unit.engine.lint.files import END, START, extended, file, flow, held, line, straight, timer, user, whole

Making = Callable[[random.Random], bytes]

KINDS_OF_TASK = ("task", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask")
GATEWAYS = ("exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway")
DEFINITIONS = ("timer", "message", "signal", "error", "escalation", "compensate", "link", "conditional", "cancel")
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
NASTY = (
    "<script>alert(1)</script>",
    "'; DROP TABLE projects; --",
    "{{ 7*7 }}",
    "%(name)s %s %d",
    "\u202e反转",
    "javascript:alert(1)",
    "长" * 5000,
    "&#x1F4A3;",
)
BOMBS = (
    "=for i in 1..100000000 return i",
    '=matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")',
    "=" + "(" * 900,
    "=" + "[" * 600 + "]" * 600,
    "=" + "not(" * 400 + "true" + ")" * 400,
    "=x.__proto__.constructor.constructor(&quot;return process&quot;)()",
    "=function(x) external { java: { class: &quot;java.lang.Runtime&quot; } }",
    "=" + "a" * 4000,
)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def tangle(random_: random.Random) -> bytes:
    """Any elements joined at random."""
    tags = [random_.choice(("userTask", *KINDS_OF_TASK, *GATEWAYS, "subProcess", *EVENTS)) for _ in range(12)]
    nodes = "".join(f'<{tag} id="n{n}" attachedToRef="n{random_.randrange(12)}"/>' for n, tag in enumerate(tags))
    flows = "".join(
        flow(f"n{random_.randrange(13)}", f"n{random_.randrange(13)}", random_.choice(("", "=x", "y")), f"f{n}")
        for n in range(random_.randrange(30))
    )
    return file(nodes + flows)


def condition(text: str) -> bytes:
    gateway = '<exclusiveGateway id="g" default="g_end"/>'
    return file(START + gateway + user("t") + END + line("start", "g", "end") + flow("g", "t", text) + line("t", "end"))


def event(random_: random.Random, kind: str) -> bytes:
    """One event of any sort, anywhere, with any definition."""
    tag = random_.choice(EVENTS)
    reference = random_.choice(("", 'messageRef="none"', 'errorRef="x:y"'))
    inside = f"<{kind}EventDefinition {reference}/>"
    attributes = random_.choice(("", 'attachedToRef="t"', 'cancelActivity="false"', 'attachedToRef="nobody"'))
    return file(
        straight(user("t"))
        + f'<{tag} id="x" {attributes}>{inside * random_.randrange(1, 3)}</{tag}>'
        + flow("x", "end")
    )


def cut(random_: random.Random) -> bytes:
    """A right file that ends too early."""
    source = file(straight(user("t")))
    return source[: random_.randrange(1, len(source) - 1)]


def flipped(random_: random.Random) -> bytes:
    """A right file with some bytes changed."""
    source = bytearray(file(straight(user("t"))))
    for _ in range(random_.randrange(1, 8)):
        source[random_.randrange(len(source))] = random_.randrange(256)
    return bytes(source)


def nested(random_: random.Random) -> bytes:
    """Sub-processes in sub-processes."""
    depth = random_.choice((3, 40, 70, 250, 400))
    body = "".join(f'<subProcess id="s{n}">' for n in range(depth)) + "</subProcess>" * depth
    return file(straight(body, "s0"))


def pools(random_: random.Random) -> bytes:
    """Several pools, some of them executable."""
    drawn = "".join(f'<participant id="p{n}" processRef="q{n}"/>' for n in range(4))
    processes = ""
    for n in range(4):
        runs = random_.choice(("true", "false"))
        processes += f'<process id="q{n}" isExecutable="{runs}">{straight(user(f"t{n}"), f"t{n}")}</process>'
    return whole(f"<collaboration id='c'>{drawn}</collaboration>{processes}")


def event_sub_process(random_: random.Random) -> bytes:
    """An event sub-process with any trigger."""
    start = f'<startEvent id="a"><{random_.choice(DEFINITIONS)}EventDefinition/></startEvent>'
    return file(straight(user("t")) + f'<subProcess id="s" triggeredByEvent="true">{start}</subProcess>')


def timers(random_: random.Random) -> bytes:
    """A timer with nonsense in it."""
    period = random_.choice(("", "P", "PT", "-P1D", "P1", "R/PT0S", "1 Tag", "P99999999999999Y", "=", "=("))
    cycle = random_.choice(("R", "R/", "R-1/P1D", "R/P1D/P1D/P1D", "R99999999999999/PT1S"))
    inside = f"<timeDuration>{period}</timeDuration><timeCycle>{cycle}</timeCycle>"
    return file(straight(f'<intermediateCatchEvent id="t">{timer(inside)}</intermediateCatchEvent>'))


def wrong_encodings(random_: random.Random) -> bytes:
    """A declaration and the bytes of another encoding."""
    declared, real = random_.choice(
        (("utf-8", "gb18030"), ("utf-8", "utf-16"), ("ascii", "utf-8"), ("klingon", "utf-8"), ("utf-16", "utf-8"))
    )
    text = file(straight(user("t"))).decode().replace("填报", random_.choice(("填报", "验收", "评审")))
    return f'<?xml version="1.0" encoding="{declared}"?>'.encode() + text.encode(real)


def billion_laughs(random_: random.Random) -> bytes:
    """Entities of entities."""
    entities = '<!ENTITY a0 "' + "ha" * random_.randrange(1, 9) + '">'
    entities += "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    return f"<!DOCTYPE d [{entities}]><definitions>&a8;</definitions>".encode()


def feel_garbage(random_: random.Random) -> bytes:
    """Sixty characters of no expression."""
    return condition("=(" + escaped("".join(random_.choice("ab1 .+-*/()[]{}'<>=,if then") for _ in range(60))))


def camunda_7(random_: random.Random) -> bytes:
    """What the predecessor of the profile writes."""
    attribute = random_.choice(('assignee="${initiator}"', 'formKey="x"', 'candidateGroups="a,b"', 'dueDate="${d}"'))
    return file(straight(user("t", attributes=f"camunda:{attribute}")))


def listeners(random_: random.Random) -> bytes:
    """Task and execution listeners."""
    kind = random_.choice(("task", "execution"))
    inside = f"<zeebe:{kind}Listeners><zeebe:{kind}Listener type='x'/></zeebe:{kind}Listeners>"
    return file(straight(held("t", inside * random_.randrange(1, 3))))


def multi_instance(random_: random.Random) -> bytes:
    """A multi-instance over nothing, or over what is no collection."""
    collection = random_.choice(("", "=", "=[", "x", "=nothing"))
    inside = extended(f'<zeebe:loopCharacteristics inputCollection="{collection}"/>')
    inside += random_.choice(("<loopCardinality>5</loopCardinality>", "<completionCondition>=(</completionCondition>"))
    return file(
        straight(user("t", inside=f"<multiInstanceLoopCharacteristics>{inside}</multiInstanceLoopCharacteristics>"))
    )


def circles(random_: random.Random) -> bytes:
    """User tasks that go round."""
    flows = "".join(flow(f"u{n}", f"u{random_.randrange(5)}", own=f"f{n}") for n in range(5))
    return file(START + "".join(user(f"u{n}") for n in range(5)) + END + line("start", "u0") + flows)


def long_lines(random_: random.Random) -> bytes:
    """More tasks in a line than there are."""
    tasks = "".join(user(f"u{n}") for n in range(250 + random_.randrange(200)))
    return file(START + tasks + line("start", *(f"u{n}" for n in range(450))))


def not_a_diagram(random_: random.Random) -> bytes:
    """Anything else that somebody may upload."""
    return random_.choice(
        (
            b"",
            b"\xef\xbb\xbf",
            b"PK\x03\x04",
            b"<html/>",
            b"{}",
            b"\x89PNG\r\n",
            b"<a/><a/>",
            b"<definitions/>",
            "流程图".encode("gbk"),
            random_.randbytes(200),
        )
    )


def other_standards(random_: random.Random) -> bytes:
    """XML of other languages, and a diagram without a process."""
    name, space = random_.choice(
        (
            ("definitions", "https://www.omg.org/spec/DMN/20191111/MODEL/"),
            ("package", "http://www.wfmc.org/2009/XPDL2.2"),
            ("definitions", "http://www.omg.org/spec/BPMN/20100524/MODEL"),
            ("svg", "http://www.w3.org/2000/svg"),
        )
    )
    return f'<{name} xmlns="{space}"/>'.encode()


def ad_hoc(random_: random.Random) -> bytes:
    """Steps in no order."""
    return file(straight(f'<adHocSubProcess id="t">{user("a") * random_.randrange(3)}</adHocSubProcess>'))


def choreographies(random_: random.Random) -> bytes:
    """Only choreographies."""
    return whole('<choreography id="c"><choreographyTask id="t"/></choreography>' * random_.randrange(1, 3))


def no_ids(random_: random.Random) -> bytes:
    """An element without an id."""
    return file(straight(user("t")).replace(f'id="{random_.choice(("t", "start", "end"))}"', ""))


def injection_in_ids(random_: random.Random) -> bytes:
    """Nastiness where an id belongs."""
    return file(straight(user("t")).replace('id="t"', f'id="{escaped(random_.choice(NASTY[:-1]))}"'))


def coordinates(random_: random.Random) -> bytes:
    """A drawing whose shapes stand nowhere."""
    place = random_.choice(("left", "", "inf", "nan", "1e308", "1,5", "=1", "0x10"))
    bounds = f'<dc:Bounds xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" x="{place}" y="{place}"/>'
    drawn = file(straight(user("t"))).decode()
    return drawn.replace('bpmnElement="t"/>', f'bpmnElement="t">{bounds}</bpmndi:BPMNShape>').encode()


RIGHT_XML = file(straight(user("t")))
ENTITY = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

CONSTRUCTS: Mapping[str, Making] = {
    "pools": pools,
    "ad-hoc": ad_hoc,
    "event sub-process": event_sub_process,
    "compensation": lambda r: event(r, "compensate"),
    "links": lambda r: event(r, "link"),
    "conditional events": lambda r: event(r, "conditional"),
    "signals": lambda r: event(r, "signal"),
    "messages": lambda r: event(r, "message"),
    "errors": lambda r: event(r, r.choice(("error", "escalation", "cancel"))),
    "timers": timers,
    "data stores": lambda r: file(straight(user("t")) + '<dataStoreReference id="d"/>' * r.randrange(2, 5)),
    "choreographies": choreographies,
    "no drawing": lambda r: file(straight(user("t").replace("填报", r.choice("甲乙丙丁"))), drawn=False),
    "no ids": no_ids,
    "duplicate ids": lambda r: file(straight(user("t")) + user(r.choice(("t", "start", "p1")))),
    "wrong encodings": wrong_encodings,
    "null bytes": lambda r: RIGHT_XML.replace(b" ", b"\x00", r.randrange(1, 9)),
    "external entities": lambda r: ENTITY + whole("<process id='p'>" + "&x;" * r.randrange(1, 9) + "</process>"),
    "billion laughs": billion_laughs,
    "script injection": lambda r: file(straight(user("t").replace("填报", escaped(r.choice(NASTY))))),
    "injection in ids": injection_in_ids,
    "FEEL bombs": lambda r: condition(r.choice(BOMBS)),
    "FEEL garbage": feel_garbage,
    "Camunda 7": camunda_7,
    "listeners": listeners,
    "multi-instance": multi_instance,
    "circles": circles,
    "long lines": long_lines,
    "nesting": nested,
    "tangles": tangle,
    "coordinates": coordinates,
    "cut off": cut,
    "flipped bytes": flipped,
    "not a diagram": not_a_diagram,
    "other standards": other_standards,
}

HARMLESS = frozenset({"no drawing", "coordinates", "script injection", "FEEL bombs", "FEEL garbage", "flipped bytes"})
"""Constructs that may come out without an error: a missing drawing, names that are text, what fails at run time."""

EACH = 10


def broken_files(construct: str) -> Iterator[tuple[int, bytes]]:
    """Yield the files of one construct with their seeds, which are kept: the same files in every run."""
    for seed in range(EACH):
        yield seed, CONSTRUCTS[construct](random.Random(f"{construct} {seed}"))  # noqa: S311 -- seeded, not secret
