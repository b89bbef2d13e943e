"""dividing: own divisions, changed amounts, what the panel said"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "divide_amendment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("evening_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_divide_amendment_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["evening_id"],
            ["evening_evening.id"],
            name=op.f("fk_divide_amendment_evening_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["people_account.id"], name=op.f("fk_divide_amendment_made_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans_plan.id"], name=op.f("fk_divide_amendment_plan_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"],
            ["people_account.id"],
            name=op.f("fk_divide_amendment_undone_by"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_divide_amendment")),
    )
    op.create_index(op.f("ix_divide_amendment_evening_id"), "divide_amendment", ["evening_id"], unique=False)
    op.create_table(
        "divide_own",
        sa.Column("evening_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shares", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["evening_id"], ["evening_evening.id"], name=op.f("fk_divide_own_evening_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["panel_seat.id"], name=op.f("fk_divide_own_seat_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["typed_by"], ["people_account.id"], name=op.f("fk_divide_own_typed_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("evening_id", "seat_id", name=op.f("pk_divide_own")),
    )
    op.add_column("divide_division", sa.Column("agreed_way", sa.String(length=12), nullable=True))
    op.add_column(
        "divide_division",
        sa.Column("agreed_for", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    op.add_column(
        "divide_division",
        sa.Column("agreed_against", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    op.add_column("divide_division", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "divide_line",
        sa.Column(
            "computed_cents",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default="0",
            nullable=False,
        ),
    )
    # Until now nobody could change an amount: what was decided is what was computed. Evenings that are done
    # were agreed in the room, though nobody wrote it down.
    lines = sa.table("divide_line", sa.column("amount_cents"), sa.column("computed_cents"))
    op.execute(lines.update().values(computed_cents=lines.c.amount_cents))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
