"""The demonstration's desk over HTTP: every act goes through the pages, as the person whose task it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app import dispatch
from app.demo import papers
from app.demo.desk import Paper, Stuck
from app.queries.open_tasks import OpenTask, open_tasks

if TYPE_CHECKING:
    from datetime import datetime

    from werkzeug.test import TestResponse

    from tests.scenarios.site import Site

STRANGER = "wjw.li"
"""A clerk of a unit that takes no part in the stories."""


@dataclass
class HttpDesk:
    """Where the people of a story do their work, with nothing but a browser."""

    site: Site
    completed: int = 0

    def move_to(self, moment: datetime) -> None:
        """Let time go by until `moment`: every timer and sweep on the way takes effect."""
        dispatch.catch_up(until=moment, move=self.site.clock.move_to, told=lambda _moment, _fired: None)

    def open(self, *, project_no: str = "", process: str = "", instance_id: int | None = None) -> tuple[OpenTask, ...]:
        """Return the open tasks of a project, a process or an instance."""
        with self.site.look() as session:
            return open_tasks(session, project_no=project_no, process=process, instance_id=instance_id)

    def start(self, process: str, username: str, *, project_no: str = "") -> OpenTask:
        """Start a process from the page 发起; return its first task."""
        browser = self.site.as_(username)
        found = re.search(r"/tasks/(\d+)", browser.post(f"/start/{process}", {"project": project_no}).location or "")
        if not found:
            raise Stuck(f"{username} may not start {process}")
        return next(task for task in self.open() if task.id == int(found[1]))

    def page(self, task: OpenTask, username: str) -> dict[str, Any]:
        """Open the task's page from the person's inbox; return what it hands to its form."""
        browser = self.site.as_(username)
        listed = browser.get("/inbox").get_data(as_text=True)
        assert f"/tasks/{task.id}" in listed, f"{task.process}.{task.element} is not in the inbox of {username}"
        assert self.site.as_(STRANGER).get(f"/tasks/{task.id}").status_code == 404
        return browser.task_page(task.id)

    def post(self, task: OpenTask, username: str, answers: Mapping[str, object]) -> TestResponse:
        """Upload the papers of the answers and hand the form in."""
        browser = self.site.as_(username)
        values = {key: self._uploaded(task, username, key, value) for key, value in answers.items()}
        return browser.complete(task.id, values)

    def complete(self, task: OpenTask, username: str, answers: Mapping[str, object]) -> None:
        """Hand a form in; raise Stuck with the page's words when it is refused."""
        answer = self.post(task, username, answers)
        if answer.status_code != 200:
            told = answer.get_json(silent=True) or {"message": answer.get_data(as_text=True)[:2000]}
            raise Stuck(f"{task.process}.{task.element} {task.form_id} {username}: {answer.status_code} {told}")
        self.completed += 1

    def _uploaded(self, task: OpenTask, username: str, name: str, value: object) -> object:
        if isinstance(value, Paper):
            content = papers.pdf(value.title, value.lines)
            answer = self.site.as_(username).upload(task.id, f"{value.title}.pdf", content, field=name)
            assert answer.status_code == 200, answer.get_data(as_text=True)
            return [answer.get_json()["id"]]
        if isinstance(value, list):
            return [self._uploaded(task, username, name, one) for one in value]
        if isinstance(value, dict):
            return {key: self._uploaded(task, username, key, one) for key, one in value.items()}
        return value
