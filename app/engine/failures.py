"""What can go wrong while an instance runs, each with the element and a sentence for people."""

from __future__ import annotations

from app.errors import Refused, Sentence


class ExpressionFailed(Refused):
    """An element cannot go on: its expression, mapping, decision or operation failed.

    `reason` is the sentence of what is missing.
    """

    status = 422
    leaves_incident = False
    """Whether it becomes an incident even while a person waits for the answer."""

    def __init__(self, element_id: str, element_name: str, message: str, /, **values: object) -> None:
        self.reason = Sentence(message, **values)
        super().__init__(
            "环节“%(element)s”无法继续：%(reason)s", element=element_name or element_id, reason=self.reason
        )
        self.element_id = element_id
        self.element_name = element_name


class NoMatchingFlow(ExpressionFailed):
    """No condition of a gateway holds, and no default flow is drawn."""


class TooManyInstances(ExpressionFailed):
    """A multi-instance activity was given more elements than may run."""


class OperationFailed(ExpressionFailed):
    """A service operation failed for a reason that the diagram does not know."""

    leaves_incident = True


class RunawayProcess(Refused):
    """A step did not come to rest: the diagram runs in a circle without ever waiting."""

    status = 422

    def __init__(self, process_id: str, steps: int, element_name: str) -> None:
        super().__init__(
            "流程“%(process)s”连续运行 %(steps)s 步仍未停下（最后经过“%(element)s”），请检查图中的回路。",
            process=process_id,
            steps=steps,
            element=element_name,
        )
        self.process_id = process_id


class StateUnreadable(Refused):
    """The stored state does not fit the definition that it is read with."""

    status = 409

    def __init__(self, process_id: str, element_id: str) -> None:
        super().__init__(
            "流程实例停在“%(element)s”，但流程“%(process)s”的这个版本没有这个环节。",
            process=process_id,
            element=element_id,
        )


def sentence(error: Refused) -> Sentence:
    """Return the whole sentence of a refusal, for an incident's row."""
    return Sentence(error.message, **error.values)
