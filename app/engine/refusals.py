"""Why a diagram cannot be parsed, in words: our own reasons and those of the library."""

from __future__ import annotations

from app.errors import DiagramNotExecutable, Finding

REASONS = {
    "no process": ("文件里没有可执行的流程", "the file holds no executable process"),
    "several processes": ("文件里有不止一个可执行的流程", "the file holds more than one executable process"),
    "event sub-process": ("事件子流程不能执行", "event sub-processes are not executed here"),
    "loop marker": (
        "循环标记不能执行，请用多实例或画出回路",
        "use multi-instance or a drawn loop instead of a loop marker",
    ),
    "multi-instance without inputCollection": ("多实例没有填写输入集合", "the multi-instance has no input collection"),
    "several event definitions": ("一个事件只能有一种触发", "an event can have one definition only"),
    "no event definition": ("没有选择等待什么", "it is not said what is waited for"),
    "no start event": ("没有开始事件", "there is no start event"),
    "timer without time": ("定时器没有填写时间", "the timer has no time"),
    "too many elements in one line": ("连在一起的环节过多", "too many elements follow each other"),
    "never reached": ("没有一条线通到这里", "no flow leads here"),
    "messageRef refers to nothing": ("没有选择消息", "no message is chosen"),
    "signalRef refers to nothing": ("没有选择信号", "no signal is chosen"),
    "Multiple outgoing flows": (
        "任务只能有一条出口，分支请用网关",
        "a task has one outgoing flow; branch with a gateway",
    ),
    "Non-default exclusive outgoing": ("网关的一条出口没有条件", "an outgoing flow of the gateway has no condition"),
    "There is no support implemented": ("这种环节不能执行", "elements of this kind are not executed here"),
    "Exactly one start event is required": (
        "子流程要有且只有一个开始事件",
        "a sub-process needs exactly one start event",
    ),
    "A SubWorkflow Must contain": ("子流程没有结束事件", "the sub-process has no end event"),
    "When looking for a task spec": ("一条线通向不存在的环节", "a flow leads to an element that does not exist"),
}
"""By the beginning of the reason."""


def refused(reason: str, element_id: str) -> DiagramNotExecutable:
    """Return the refusal of a diagram for one reason at one element."""
    zh, en = next(
        (said for beginning, said in REASONS.items() if reason.startswith(beginning)),
        (f"这种环节不能执行（{reason}）", f"not executed here ({reason})"),
    )
    return DiagramNotExecutable(
        [
            Finding(
                "not-executable",
                element_id,
                "error",
                f"环节“{element_id}”不能执行：{zh}。" if element_id else f"流程图不能执行：{zh}。",
                f"{element_id} cannot be executed: {en}." if element_id else f"The diagram cannot be executed: {en}.",
                values={"reason": reason},
            )
        ]
    )
