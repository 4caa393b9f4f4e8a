"""open values and their interpretations: proposals and decisions, append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = '0006'
down_revision = "0005"
branch_labels = None
depends_on = None

HISTORY = ("parameter_change", "parameter_decision")
"""What was proposed and decided stays as it was written."""


def guard(dialect: str) -> list[str]:
    """Return the statements that forbid changing and deleting the history; 0001 made PostgreSQL's function."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in HISTORY
            for act in ("update", "delete")
        ]
    return [
        *(
            f"CREATE TRIGGER {table}_{act} BEFORE {act.upper()} ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change()"
            for table in HISTORY
            for act in ("update", "delete")
        ),
        *(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()"
            for table in HISTORY
        ),
    ]


def upgrade() -> None:
    op.create_table('parameter_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('old', sa.String(length=80), nullable=False),
    sa.Column('new', sa.String(length=80), nullable=False),
    sa.Column('interpretation', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('article', sa.Integer(), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('proposed_by', sa.Integer(), nullable=False),
    sa.Column('proposed_at', app.models.base.Moment(timezone=True), nullable=False),
    sa.CheckConstraint("new <> '' OR interpretation <> ''", name=op.f('ck_parameter_change_says_something')),
    sa.ForeignKeyConstraint(['proposed_by'], ['person.id'], name=op.f('fk_parameter_change_proposed_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parameter_change'))
    )
    with op.batch_alter_table('parameter_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_parameter_change_key'), ['key'], unique=False)

    op.create_table('parameter_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('change_id', sa.Integer(), nullable=False),
    sa.Column('decision', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=False),
    sa.Column('decided_at', app.models.base.Moment(timezone=True), nullable=False),
    sa.CheckConstraint("decision IN ('accepted','refused','withdrawn')", name=op.f('ck_parameter_decision_known_decision')),
    sa.ForeignKeyConstraint(['change_id'], ['parameter_change.id'], name=op.f('fk_parameter_decision_change_id_parameter_change')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_parameter_decision_decided_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parameter_decision')),
    sa.UniqueConstraint('change_id', name=op.f('uq_parameter_decision_change_id'))
    )
    op.create_table('calendar_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('notice', sa.String(length=80), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('proposed_by', sa.Integer(), nullable=False),
    sa.Column('proposed_at', app.models.base.Moment(timezone=True), nullable=False),
    sa.Column('decision', sa.String(length=10), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', app.models.base.Moment(timezone=True), nullable=True),
    sa.CheckConstraint("decision <> 'accepted' OR decided_by <> proposed_by", name=op.f('ck_calendar_file_by_two_people')),
    sa.CheckConstraint("decision IN ('','accepted','refused','withdrawn')", name=op.f('ck_calendar_file_known_decision')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_calendar_file_decided_by_person')),
    sa.ForeignKeyConstraint(['proposed_by'], ['person.id'], name=op.f('fk_calendar_file_proposed_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_file'))
    )
    op.create_table('problem_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('deadline_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('consequence', sa.String(length=20), nullable=False),
    sa.Column('due', sa.Date(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['deadline_id'], ['deadline.id'], name=op.f('fk_problem_item_deadline_id_deadline')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_problem_item_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_problem_item')),
    sa.UniqueConstraint('deadline_id', 'due', name=op.f('uq_problem_item_deadline_id_due')),
    sa.UniqueConstraint('number', name=op.f('uq_problem_item_number'))
    )
    with op.batch_alter_table('problem_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_problem_item_project_id'), ['project_id'], unique=False)
    op.create_table('expert_tie',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('organisation', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.Column('entered_at', app.models.base.Moment(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('employment','share','pay')", name=op.f('ck_expert_tie_known_kind')),
    sa.ForeignKeyConstraint(['entered_by'], ['person.id'], name=op.f('fk_expert_tie_entered_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_expert_tie_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expert_tie'))
    )
    with op.batch_alter_table('expert_tie', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_expert_tie_person_id'), ['person_id'], unique=False)
    for statement in guard(op.get_bind().dialect.name):
        op.execute(statement)
