"""What a page sets going once its transaction is committed: messages to other families of instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request

from app import dispatch

if TYPE_CHECKING:
    from flask import Response
    from sqlalchemy.orm import Session


def settle(session: Session) -> None:
    """Deliver the outbox after this request if the transaction left something in it; else the scheduler would."""
    if not session.info.get("outbox"):
        return

    @after_this_request
    def deliver(response: Response) -> Response:
        if response.status_code < 400:  # noqa: PLR2004 -- a refusal has rolled back what it would have sent
            dispatch.settle_outbox()
        return response
