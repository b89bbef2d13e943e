"""the room: floor, paper, takeovers, stickers, reopenings"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evening_device_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("evening_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["evening_id"],
            ["evening_evening.id"],
            name=op.f("fk_evening_device_request_evening_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"],
            ["panel_seat.id"],
            name=op.f("fk_evening_device_request_seat_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"],
            ["people_account.id"],
            name=op.f("fk_evening_device_request_settled_by"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evening_device_request")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_evening_device_request_token_sha256")),
    )
    op.create_index(
        op.f("ix_evening_device_request_evening_id"), "evening_device_request", ["evening_id"], unique=False
    )
    op.create_table(
        "evening_floor_count",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counts", sa.String(length=60), nullable=False),
        sa.Column("first_counts", sa.String(length=60), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["counted_by"],
            ["people_account.id"],
            name=op.f("fk_evening_floor_count_counted_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["evening_item.id"], name=op.f("fk_evening_floor_count_item_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_evening_floor_count")),
    )
    op.create_table(
        "evening_paper_entry",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("turn", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("score", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("invalid", sa.String(length=12), nullable=False),
        sa.Column("typed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_evening_paper_entry_one_to_five")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["evening_item.id"], name=op.f("fk_evening_paper_entry_item_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["panel_seat.id"], name=op.f("fk_evening_paper_entry_seat_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["typed_by"],
            ["people_account.id"],
            name=op.f("fk_evening_paper_entry_typed_by"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("item_id", "seat_id", "turn", name=op.f("pk_evening_paper_entry")),
    )
    op.create_table(
        "evening_reopening",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["people_account.id"],
            name=op.f("fk_evening_reopening_asked_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["evening_item.id"], name=op.f("fk_evening_reopening_item_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"],
            ["people_account.id"],
            name=op.f("fk_evening_reopening_settled_by"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evening_reopening")),
    )
    op.create_index(op.f("ix_evening_reopening_item_id"), "evening_reopening", ["item_id"], unique=False)
    op.create_table(
        "evening_speaking_turn",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("figure", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("turns", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["evening_item.id"],
            name=op.f("fk_evening_speaking_turn_item_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("item_id", "figure", name=op.f("pk_evening_speaking_turn")),
    )
    op.create_table(
        "evening_sticker",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("colour", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["evening_item.id"], name=op.f("fk_evening_sticker_item_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["panel_seat.id"], name=op.f("fk_evening_sticker_seat_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("item_id", "seat_id", name=op.f("pk_evening_sticker")),
    )
    op.create_table(
        "evening_sticker_count",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("green", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("orange", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("red", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["evening_item.id"],
            name=op.f("fk_evening_sticker_count_item_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_evening_sticker_count")),
    )
    op.add_column(
        "evening_evening", sa.Column("agenda_seed", sa.String(length=200), server_default="", nullable=False)
    )
    op.add_column(
        "evening_evening", sa.Column("stickers", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column(
        "evening_evening",
        sa.Column("spread_on_screen", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "evening_evening", sa.Column("coaches_score", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column(
        "evening_evening", sa.Column("host_decides", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.add_column(
        "evening_evening", sa.Column("wifi_name", sa.String(length=32), server_default="", nullable=False)
    )
    op.add_column(
        "evening_evening", sa.Column("wifi_password", sa.String(length=63), server_default="", nullable=False)
    )
    op.add_column("evening_evening", sa.Column("countdown_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "evening_evening",
        sa.Column("alarm_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    op.add_column(
        "evening_evening",
        sa.Column("accepted_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    op.add_column("evening_event", sa.Column("op", sa.String(length=22), nullable=True))
    op.create_index(
        "ix_evening_event_op",
        "evening_event",
        ["op"],
        unique=True,
        sqlite_where=sa.text("op IS NOT NULL"),
        postgresql_where=sa.text("op IS NOT NULL"),
    )
    op.add_column(
        "evening_involvement",
        sa.Column("reason", sa.String(length=12), server_default="interest", nullable=False),
    )
    op.add_column(
        "evening_item",
        sa.Column(
            "minutes",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default="10",
            nullable=False,
        ),
    )
    op.add_column("evening_item", sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("evening_item", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("evening_item", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "evening_item",
        sa.Column("may_score", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    op.add_column(
        "evening_presence", sa.Column("way", sa.String(length=8), server_default="phone", nullable=False)
    )
    op.add_column(
        "evening_score", sa.Column("way", sa.String(length=8), server_default="phone", nullable=False)
    )
    op.add_column(
        "rounds_round", sa.Column("practice", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    _name_taps_on_their_events()
    op.drop_index(op.f("ix_evening_receipt_device_id"), table_name="evening_receipt")
    op.drop_table("evening_receipt")


def _name_taps_on_their_events() -> None:
    # The stored answer of a tap is its event from now on; the facts of an event already name the tap.
    events = sa.table(
        "evening_event", *(sa.column(name) for name in ("evening_id", "seq", "kind", "facts", "op"))
    )
    connection = op.get_bind()
    rows = connection.execute(sa.select(events).where(events.c.kind.in_(("scored", "overtaken")))).all()
    named = [{"e": row.evening_id, "s": row.seq, "o": json.loads(row.facts)["op"]} for row in rows]
    if named:
        connection.execute(
            sa.update(events)
            .where(events.c.evening_id == sa.bindparam("e"), events.c.seq == sa.bindparam("s"))
            .values(op=sa.bindparam("o")),
            named,
        )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
