"""Triggers for what the regulation forbids across rows: the database refuses it too, whatever code writes."""

from __future__ import annotations

from dataclasses import dataclass

PASSED_REVIEW = (
    "SELECT 1 FROM opinion WHERE opinion.project_id = NEW.project_id AND opinion.kind = 'review' "
    "AND opinion.signed_on IS NOT NULL AND NOT opinion.void AND opinion.conclusion IN ('通过','修改后通过')"
)


@dataclass(frozen=True)
class Guard:
    """One thing that a row of a table must not say."""

    name: str
    table: str
    forbidden: str
    """A condition over NEW that is true where the row is forbidden."""


GUARDS = (
    Guard(  # 第十三条: the opinion is the project's own, signed and passed
        "funded_on_a_passed_review",
        "budget_line",
        f"NEW.review_opinion_id IS NOT NULL AND NOT EXISTS ({PASSED_REVIEW} AND opinion.id = NEW.review_opinion_id)",
    ),
    Guard(  # 第十三条: no decision of the commission but to return
        "decided_on_a_passed_review",
        "approval",
        f"NEW.signed_on IS NOT NULL AND NEW.decision <> '退回补充' AND NOT EXISTS ({PASSED_REVIEW})",
    ),
    Guard(  # 第二十条: payments stay within their contract
        "paid_within_the_contract",
        "payment",
        "NEW.status <> 'refused' AND NEW.amount_fen + (SELECT COALESCE(SUM(payment.amount_fen), 0) FROM payment "
        "WHERE payment.contract_id = NEW.contract_id AND payment.status <> 'refused' AND payment.id <> NEW.id) "
        "> (SELECT contract.amount_fen FROM contract WHERE contract.id = NEW.contract_id)",
    ),
    Guard(  # 第十六条: a contract stays within its award
        "contracted_within_the_award",
        "contract",
        "NEW.supplement_to = '' AND NEW.package_id IS NOT NULL AND NEW.amount_fen > "
        "(SELECT COALESCE(procurement_package.award_fen, 0) FROM procurement_package "
        "WHERE procurement_package.id = NEW.package_id)",
    ),
)
ACTS = ("insert", "update")


def statements(dialect: str) -> list[str]:
    """Return the statements that set every guard."""
    if dialect == "sqlite":  # before the write the new row of an INSERT has no key yet, so it is looked at afterwards
        return [
            f"CREATE TRIGGER {guard.name}_{act} AFTER {act.upper()} ON {guard.table} WHEN {guard.forbidden} "
            f"BEGIN SELECT RAISE(ABORT, '{guard.name}'); END"
            for guard in GUARDS
            for act in ACTS
        ]
    found = []
    for guard in GUARDS:
        found.append(
            f"CREATE FUNCTION refuse_{guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {guard.forbidden} THEN RAISE EXCEPTION '{guard.name}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$"
        )
        found.append(
            f"CREATE TRIGGER {guard.name} AFTER INSERT OR UPDATE ON {guard.table} FOR EACH ROW "
            f"EXECUTE FUNCTION refuse_{guard.name}()"
        )
    return found


def removals(dialect: str) -> list[str]:
    """Return the statements that take every guard away."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {guard.name}_{act}" for guard in GUARDS for act in ACTS]
    return [
        statement
        for guard in GUARDS
        for statement in (f"DROP TRIGGER {guard.name} ON {guard.table}", f"DROP FUNCTION refuse_{guard.name}()")
    ]
