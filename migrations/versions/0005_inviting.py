"""inviting: who is asked, what they say, and the draw by lot"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inviting_appeal",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seats", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("network_seats", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("one_per_address", sa.Boolean(), nullable=False),
        sa.Column("least_age", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("meets", sa.Text(), nullable=False),
        sa.Column("takes", sa.Text(), nullable=False),
        sa.Column("allowance_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("childcare", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("answers_close_on", sa.Date(), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds_round.id"], name=op.f("fk_inviting_appeal_round_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_inviting_appeal")),
    )
    op.create_table(
        "inviting_feature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds_round.id"], name=op.f("fk_inviting_feature_round_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inviting_feature")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_inviting_feature_round_id_name")),
    )
    op.create_index(op.f("ix_inviting_feature_round_id"), "inviting_feature", ["round_id"], unique=False)
    op.create_table(
        "sortition_draw",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seats", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("panels", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("beacon_round", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("beacon_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pack", sa.LargeBinary(), nullable=False),
        sa.Column("pack_sha256", sa.String(length=64), nullable=False),
        sa.Column("auditor", sa.LargeBinary(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("value", sa.String(length=200), nullable=True),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate", sa.LargeBinary(), nullable=True),
        sa.Column("spare_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spare_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_id"], ["sortition_draw.id"], name=op.f("fk_sortition_draw_first_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by"],
            ["people_account.id"],
            name=op.f("fk_sortition_draw_frozen_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds_round.id"], name=op.f("fk_sortition_draw_round_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sortition_draw")),
    )
    op.create_index(op.f("ix_sortition_draw_round_id"), "sortition_draw", ["round_id"], unique=False)
    op.create_table(
        "sortition_kept_mirror",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds_round.id"],
            name=op.f("fk_sortition_kept_mirror_round_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_sortition_kept_mirror")),
    )
    op.create_table(
        "inviting_feature_value",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("feature_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("people", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("least", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("most", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["feature_id"],
            ["inviting_feature.id"],
            name=op.f("fk_inviting_feature_value_feature_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inviting_feature_value")),
        sa.UniqueConstraint("feature_id", "name", name=op.f("uq_inviting_feature_value_feature_id_name")),
    )
    op.create_index(
        op.f("ix_inviting_feature_value_feature_id"), "inviting_feature_value", ["feature_id"], unique=False
    )
    op.create_table(
        "inviting_invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("draw_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("wave", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_hmac", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["panel_draw.id"], name=op.f("fk_inviting_invitation_draw_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["people_account.id"],
            name=op.f("fk_inviting_invitation_made_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds_round.id"],
            name=op.f("fk_inviting_invitation_round_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inviting_invitation")),
        sa.UniqueConstraint("code_hmac", name=op.f("uq_inviting_invitation_code_hmac")),
    )
    op.create_index(op.f("ix_inviting_invitation_draw_id"), "inviting_invitation", ["draw_id"], unique=False)
    op.create_index(
        op.f("ix_inviting_invitation_round_id"), "inviting_invitation", ["round_id"], unique=False
    )
    op.create_table(
        "sortition_reading",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draw_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("read_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["sortition_draw.id"], name=op.f("fk_sortition_reading_draw_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["read_by"], ["people_account.id"], name=op.f("fk_sortition_reading_read_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sortition_reading")),
        sa.UniqueConstraint("draw_id", "read_by", name=op.f("uq_sortition_reading_draw_id_read_by")),
    )
    op.create_index(op.f("ix_sortition_reading_draw_id"), "sortition_reading", ["draw_id"], unique=False)
    op.create_table(
        "inviting_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invitation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("said", sa.String(length=4), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("own_hmac", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("taken_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("op", sa.String(length=40), nullable=True),
        sa.CheckConstraint("said in ('yes', 'no')", name=op.f("ck_inviting_answer_yes_or_no")),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["inviting_invitation.id"],
            name=op.f("fk_inviting_answer_invitation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds_round.id"], name=op.f("fk_inviting_answer_round_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["people_account.id"], name=op.f("fk_inviting_answer_taken_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inviting_answer")),
        sa.UniqueConstraint("op", name=op.f("uq_inviting_answer_op")),
        sa.UniqueConstraint("own_hmac", name=op.f("uq_inviting_answer_own_hmac")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_inviting_answer_round_id_code")),
    )
    op.create_index(
        op.f("ix_inviting_answer_invitation_id"), "inviting_answer", ["invitation_id"], unique=False
    )
    op.create_index(op.f("ix_inviting_answer_round_id"), "inviting_answer", ["round_id"], unique=False)
    op.create_table(
        "inviting_invitation_person",
        sa.Column("invitation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("address_key", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["inviting_invitation.id"],
            name=op.f("fk_inviting_invitation_person_invitation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_inviting_invitation_person")),
    )
    op.create_index(
        op.f("ix_inviting_invitation_person_address_key"),
        "inviting_invitation_person",
        ["address_key"],
        unique=False,
    )
    op.create_table(
        "sortition_seat_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("evening_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["by"], ["people_account.id"], name=op.f("fk_sortition_seat_step_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["by_seat_id"],
            ["panel_seat.id"],
            name=op.f("fk_sortition_seat_step_by_seat_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds_round.id"],
            name=op.f("fk_sortition_seat_step_round_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["panel_seat.id"], name=op.f("fk_sortition_seat_step_seat_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sortition_seat_step")),
    )
    op.create_index(
        op.f("ix_sortition_seat_step_round_id"), "sortition_seat_step", ["round_id"], unique=False
    )
    op.create_index(op.f("ix_sortition_seat_step_seat_id"), "sortition_seat_step", ["seat_id"], unique=False)
    op.create_table(
        "inviting_answer_feature",
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("feature_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("value_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["inviting_answer.id"],
            name=op.f("fk_inviting_answer_feature_answer_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["feature_id"],
            ["inviting_feature.id"],
            name=op.f("fk_inviting_answer_feature_feature_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["value_id"],
            ["inviting_feature_value.id"],
            name=op.f("fk_inviting_answer_feature_value_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("answer_id", "feature_id", name=op.f("pk_inviting_answer_feature")),
    )
    op.create_table(
        "inviting_answer_person",
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["inviting_answer.id"],
            name=op.f("fk_inviting_answer_person_answer_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_inviting_answer_person")),
    )
    op.create_table(
        "sortition_reserve",
        sa.Column("draw_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["inviting_answer.id"],
            name=op.f("fk_sortition_reserve_answer_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["sortition_draw.id"], name=op.f("fk_sortition_reserve_draw_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("draw_id", "place", name=op.f("pk_sortition_reserve")),
    )
    op.create_table(
        "sortition_seating",
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draw_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["inviting_answer.id"],
            name=op.f("fk_sortition_seating_answer_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["sortition_draw.id"], name=op.f("fk_sortition_seating_draw_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["panel_seat.id"], name=op.f("fk_sortition_seating_seat_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_sortition_seating")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_sortition_seating_answer_id")),
    )
    op.create_index(op.f("ix_sortition_seating_draw_id"), "sortition_seating", ["draw_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
