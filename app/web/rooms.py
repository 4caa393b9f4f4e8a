"""All rooms of the site, registered under their paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for

from app.web.account import pages as account
from app.web.archives import pages as archives
from app.web.attachments import pages as attachments
from app.web.board import pages as board
from app.web.calendars import pages as calendars
from app.web.demo import pages as demo
from app.web.expert_tasks import pages as expert_tasks
from app.web.expert_ties import pages as expert_ties
from app.web.funds import pages as funds
from app.web.handovers import pages as handovers
from app.web.health import pages as health
from app.web.imports import pages as imports
from app.web.inbox import pages as inbox
from app.web.instances import pages as instances
from app.web.meetings import pages as meetings
from app.web.migrations import pages as migrations
from app.web.operating import pages as operating
from app.web.paper_templates import pages as paper_templates
from app.web.papers import pages as papers
from app.web.parameters import pages as parameters
from app.web.people import pages as people
from app.web.plans import pages as plans
from app.web.prints import pages as prints
from app.web.processes import pages as processes
from app.web.projects import pages as projects
from app.web.registers import pages as registers
from app.web.regulation import pages as regulation
from app.web.rehearsals import pages as rehearsals
from app.web.releases import pages as releases
from app.web.remarks import pages as remarks
from app.web.search import pages as search
from app.web.sheets import pages as sheets
from app.web.signing import pages as signing
from app.web.starts import pages as starts
from app.web.substitutes import pages as substitutes
from app.web.tasks import pages as tasks
from app.web.urging import pages as urging
from app.web.withdrawals import pages as withdrawals
from app.web.worklist import pages as worklist
from app.web.workshop import pages as workshop
from app.web.workshop_files import pages as workshop_files

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

ROOMS = (
    account,
    expert_tasks,
    expert_ties,
    archives,
    attachments,
    board,
    calendars,
    demo,
    funds,
    handovers,
    health,
    imports,
    inbox,
    meetings,
    instances,
    operating,
    migrations,
    paper_templates,
    papers,
    parameters,
    people,
    plans,
    prints,
    processes,
    projects,
    registers,
    regulation,
    rehearsals,
    releases,
    remarks,
    search,
    sheets,
    signing,
    starts,
    substitutes,
    tasks,
    urging,
    withdrawals,
    worklist,
    workshop,
    workshop_files,
)


def register(app: Flask) -> None:
    """Register every blueprint; the root leads to the inbox."""
    for room in ROOMS:
        app.register_blueprint(room)

    @app.get("/")
    def home() -> Response:
        return redirect(url_for("inbox.index"))
