"""Dated clinical events that doses and samples count from, and doses that a person marked as missed."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('clinical_event',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('patient_id', sa.Uuid(), nullable=False),
    sa.Column('plan_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('note_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=80), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'patient_id'], ['patient.organization_id', 'patient.id'], name=op.f('fk_clinical_event_organization_id_patient_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'plan_id'], ['treatment_plan.organization_id', 'treatment_plan.id'], name=op.f('fk_clinical_event_organization_id_plan_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_clinical_event_organization_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clinical_event')),
    sa.UniqueConstraint('id', 'organization_id', name=op.f('uq_clinical_event_id_organization_id'))
    )
    op.create_index('ix_clinical_event_patient', 'clinical_event', ['patient_id', 'on_day'], unique=False)
    op.add_column('planned_dose', sa.Column('missed_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('planned_dose', 'missed_at')
    op.drop_index('ix_clinical_event_patient', table_name='clinical_event')
    op.drop_table('clinical_event')
