"""A browser without a window: one kept-alive connection, cookies, and the CSRF token of the last page."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TOKEN = re.compile(r'name="(?:csrf_token|csrfmiddlewaretoken)"[^>]*? value="([^"]+)"')


class Browser:
    """One client of one server on the loopback."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._origin = f"http://127.0.0.1:{port}"
        self.token = ""

    def get(self, path: str) -> str:
        """Return a page; raise when it is none."""
        status, body = self._ask("GET", path, b"", {})
        if status != http.client.OK:
            raise RuntimeError(f"GET {path}: {status} {body[:300]}")
        found = TOKEN.search(body)
        if found:
            self.token = found[1]
        return body

    def post(self, path: str, values: Mapping[str, str]) -> int:
        """Post a form with its token and return the status."""
        body = urlencode({**values, "csrf_token": self.token, "csrfmiddlewaretoken": self.token}).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})[0]

    def post_json(self, path: str, values: Mapping[str, object]) -> int:
        """Post what a script of a page posts and return the status."""
        body = json.dumps(values).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/json", "X-CSRFToken": self.token})[0]

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(
            method, path, body, {"Cookie": cookies, "Referer": f"{self._origin}{path}", "Accept": "*/*", **headers}
        )
        answer = self._connection.getresponse()
        text = answer.read().decode(errors="replace")  # a workbook is no text, and only its time is looked at
        for line in answer.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, text

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
