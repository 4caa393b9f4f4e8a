"""Mail: sent by apprise outside any transaction, from what the outbox holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import apprise

from app.services.wording import worded

TITLE = "修武县政务信息化项目管理"

_urls: tuple[str, ...] = ()


class MailRefused(Exception):
    """The mail server or another channel did not take the message; it is tried again later."""


def configure(urls: tuple[str, ...]) -> None:
    """Set the channels (apprise addresses); without one, notices stay inside the application."""
    global _urls  # noqa: PLW0603 -- one installation, one set of channels
    _urls = urls


def send(payload: Mapping[str, object]) -> None:
    """Send one message, in the readers' language, with a key that tells doubles; raise MailRefused."""
    if not _urls:
        return
    language = str(payload.get("language") or "zh")
    receivers = [str(one) for one in payload["to"]]  # type: ignore[attr-defined]  # a list, as notices write it
    channels = apprise.Apprise()
    for url in _urls:
        channels.add(_addressed(url, receivers, str(payload["key"])))
    values = payload["values"]
    text = worded(str(payload["message"]), values if isinstance(values, Mapping) else None, language=language)
    if not channels.notify(title=worded(TITLE, language=language), body=text):
        raise MailRefused(str(payload["key"]))


def _addressed(url: str, receivers: Sequence[str], key: str) -> str:
    """Return a channel with its receivers, where it is mail, and with the key; other channels have their own."""
    more = {"+X-Outbox-Key": key}
    if url.startswith(("mailto://", "mailtos://")):
        more["to"] = ",".join(receivers)
    return f"{url}{'&' if '?' in url else '?'}{urlencode(more, safe='+,@')}"
