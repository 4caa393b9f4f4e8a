"""How long an expert sees the materials of a project on whose panel she sits (specification §2.3)."""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.articles import Article, implements
from app.domain.parameters import Parameters


@implements(Article(10, "组织专家"))
def last_day(seated_on: date, parameters: Parameters) -> date:
    """Return the last day on which she sees the materials: so many days after she was assigned [C]."""
    return seated_on + timedelta(days=parameters.expert_access_days)
