"""Mail: sent by apprise outside any transaction, from what the outbox holds."""

from __future__ import annotations

from collections.abc import Mapping

import apprise

_urls: tuple[str, ...] = ()


class MailRefused(Exception):
    """The mail server or another channel did not take the message; it is tried again later."""


def configure(urls: tuple[str, ...]) -> None:
    """Set the channels (apprise addresses); without one, notices stay inside the application."""
    global _urls  # noqa: PLW0603 -- one installation, one set of channels
    _urls = urls


def send(payload: Mapping[str, object]) -> None:
    """Send one message with a key by which a receiver can tell doubles; raise MailRefused."""
    if not _urls:
        return
    channels = apprise.Apprise()
    for url in _urls:
        joint = "&" if "?" in url else "?"
        channels.add(f"{url}{joint}+X-Outbox-Key={payload['key']}")
    values = payload["values"]
    text = str(payload["message"]) % values if values else str(payload["message"])
    if not channels.notify(title="修武县政务信息化项目管理", body=text):
        raise MailRefused(str(payload["key"]))
