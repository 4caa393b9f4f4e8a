"""Which parameters give the lengths of the deadlines that the regulation or another law leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from app.domain.deadline_kinds import DeadlineKind
from app.domain.parameters import Parameters
from app.domain.periods import Length, Unit

LENGTHS: Mapping[str, str] = MappingProxyType(
    {
        "county_consent": "county_consent_working_days",
        "materials": "materials_days",
        "expert_opinion": "expert_working_days",
        "review_opinion": "review_opinion_working_days",
        "industry_opinion": "industry_opinion_working_days",
        "preprocurement": "pre_procurement_working_days",
        "contract": "contract_days",
        "contract_notice": "contract_notice_working_days",
        "contract_filing": "contract_filing_working_days",
        "rectification": "rectification_days",
        "acceptance_filing": "acceptance_filing_working_days",
        "evaluation_ends": "evaluation_months",
        "evaluation_rectification": "evaluation_rectification_days",
        "order": "order_working_days",
        "audit": "audit_rectification_days",
        "change": "change_working_days",
        "payment": "payment_days",
        "mlps_filing": "mlps_filing_days",
        "crypto_filing": "crypto_filing_days",
        "mlps_retest": "mlps_retest_months",
        "documents": "documents_working_days",
        "idle_task": "idle_working_days",
    }
)
"""Kind of deadline → the parameter of its last length."""

LONGEST: Mapping[str, str] = MappingProxyType(
    {"rectification": "rectification_days_at_most", "payment": "payment_days_at_most"}
)
"""Kind of deadline → the parameter of the longest that a paper may set, in days."""


def lengths_of(row: DeadlineKind, parameters: Parameters) -> tuple[Length, ...]:
    """Return the lengths of a kind, one after the other, the last one as the parameters in force say."""
    key = LENGTHS.get(row.name)
    if key is None:
        return row.lengths
    unit = Unit.MONTHS if row.lengths[-1].unit is Unit.YEARS else row.lengths[-1].unit
    return (*row.lengths[:-1], Length(getattr(parameters, key), unit))


def longest_of(row: DeadlineKind, parameters: Parameters) -> Length | None:
    """Return the longest length that a paper may set for this kind, or None where nothing limits it."""
    key = LONGEST.get(row.name)
    if row.longest is None or key is None:
        return row.longest
    return replace(row.longest, count=getattr(parameters, key))
