"""The addresses: Viewflow's own site with the one flow, and its login."""

from __future__ import annotations

from approval.flows import ApprovalFlow
from django.urls import path
from viewflow.contrib.auth import AuthViewset
from viewflow.urls import Site
from viewflow.workflow.flow import FlowAppViewset

site = Site(title="approvals", viewsets=[FlowAppViewset(ApprovalFlow, icon="assignment")])
urlpatterns = [path("accounts/", AuthViewset(with_profile_view=False).urls), path("", site.urls)]
