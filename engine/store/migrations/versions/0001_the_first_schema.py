"""The first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("slug", sa.Text(), nullable=False, comment="lsg, samradet, lsg-au"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False, comment="political, officials or support"),
        sa.Column("under", sa.Text(), nullable=True),
        sa.Column("clause", sa.Text(), nullable=False, comment="the clause that founds it, as R6.1"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["under"], ["body.slug"], name=op.f("fk_body_under")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_body")),
    )
    op.create_table(
        "party",
        sa.Column("slug", sa.Text(), nullable=False, comment="vilhelmina, region-vasterbotten"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False, comment="municipal or regional: the chair rule asks"),
        sa.Column("agreement", sa.Text(), server_default="R", nullable=False, comment="R, L or RL: which agreement it is party to"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order in lists"),
        sa.CheckConstraint("side in ('municipal', 'regional')", name=op.f("ck_party_side")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_party")),
    )
    op.create_table(
        "series",
        sa.Column("name", sa.Text(), nullable=False, comment="as ÄR, MÖ: what registration numbers begin with"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "year", name=op.f("pk_series")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("username", sa.Text(), nullable=False, comment="signs in with it; also how scenarios name the person"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("invented", sa.Boolean(), server_default=sa.false(), nullable=False, comment="a demo person"),
        sa.ForeignKeyConstraint(["party"], ["party.slug"], name=op.f("fk_person_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("username", name=op.f("uq_person_username")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_party"), ["party"], unique=False)

    op.create_table(
        "quota",
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("ordinary", sa.Integer(), nullable=False, comment="seats for ordinary members, at the most"),
        sa.Column("substitutes", sa.Integer(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False, comment="ordinary seats below which there is a vacancy"),
        sa.ForeignKeyConstraint(["body"], ["body.slug"], name=op.f("fk_quota_body")),
        sa.ForeignKeyConstraint(["party"], ["party.slug"], name=op.f("fk_quota_party")),
        sa.PrimaryKeyConstraint("body", "party", name=op.f("pk_quota")),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False, comment="last civil day away"),
        sa.Column("substitute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends >= starts", name=op.f("ck_absence_period")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name=op.f("fk_absence_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("password", sa.Text(), nullable=False, comment="argon2id"),
        sa.Column("locale", sa.Text(), server_default="sv", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column(
            "session_epoch", sa.Integer(), server_default="0", nullable=False, comment="raised to end every session of the account"
        ),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_account")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.Text(), nullable=True, comment="null: an office in the party itself"),
        sa.Column("party", sa.Text(), nullable=True, comment="the party that the person sits for, or whose office it is"),
        sa.Column(
            "function",
            sa.Text(),
            nullable=False,
            comment="in a body: ledamot, ersattare, ordforande …; an office: registrator, namnd, koordinator …",
        ),
        sa.Column("starts", sa.Date(), nullable=False, comment="first civil day"),
        sa.Column("ends", sa.Date(), nullable=True, comment="last civil day; null: until further notice"),
        sa.CheckConstraint("ends is null or ends >= starts", name=op.f("ck_appointment_period")),
        sa.ForeignKeyConstraint(["body"], ["body.slug"], name=op.f("fk_appointment_body")),
        sa.ForeignKeyConstraint(["party"], ["party.slug"], name=op.f("fk_appointment_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_body"), ["body"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_person_id"), ["person_id"], unique=False)

    op.create_table(
        "deployment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("registration", sa.Text(), nullable=False, comment="registration number"),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False, comment="command line, desktop modeler"),
        sa.Column("deployed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deployed_by"], ["person.id"], name=op.f("fk_deployment_deployed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
        sa.UniqueConstraint("registration", name=op.f("uq_deployment_registration")),
    )
    op.create_table(
        "definition",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="process, form or decision"),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="the file as deployed"),
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256 of the content: an unchanged file makes no new version"),
        sa.Column("bindings", sa.JSON(), nullable=False, comment="process: {'form:KEY': definition id} as found at deployment"),
        sa.Column(
            "properties", sa.JSON(), nullable=False, comment="process: what the diagram says of itself (kind, series, title …)"
        ),
        sa.Column(
            "live",
            sa.Boolean(),
            server_default=sa.true(),
            nullable=False,
            comment="new instances start on the highest live version",
        ),
        sa.Column("deployment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_definition_deployment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
        sa.UniqueConstraint("kind", "key", "version", name=op.f("uq_definition_kind_key_version")),
    )
    op.create_table(
        "instance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("definition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False, comment="its registration number"),
        sa.Column("kind", sa.Text(), server_default="", nullable=False, comment="from the diagram: case, meeting, decision"),
        sa.Column("root_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("parent_token", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False, comment="running, completed or cancelled"),
        sa.Column("revision", sa.Integer(), nullable=False, comment="raised by every command; guards against a late writer"),
        sa.Column("state", sa.LargeBinary(), nullable=False, comment="live tokens, scopes, subscriptions: codec.py"),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=True, comment="the body where it stands: the lane of its first live wait"),
        sa.Column("party", sa.Text(), nullable=True, comment="the party it concerns or comes from, as the diagram says"),
        sa.Column("event_date", sa.Date(), nullable=True, comment="as the diagram says: a meeting's day"),
        sa.Column("summary", sa.JSON(), nullable=True, comment="the variables that the diagram's `columns` property names"),
        sa.Column("outcome", sa.Text(), nullable=True, comment="the name of the end event reached"),
        sa.Column("outcome_id", sa.Text(), nullable=True, comment="its element id"),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True, comment="the first timer"),
        sa.Column("submission", sa.Text(), nullable=True, comment="the idempotency key of the submit that started it"),
        sa.Column("started_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status in ('running', 'completed', 'cancelled')", name=op.f("ck_instance_status")),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_instance_definition_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["instance.id"], name=op.f("fk_instance_parent_id")),
        sa.ForeignKeyConstraint(["root_id"], ["instance.id"], name=op.f("fk_instance_root_id")),
        sa.ForeignKeyConstraint(["started_by"], ["person.id"], name=op.f("fk_instance_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
        sa.UniqueConstraint("submission", name=op.f("uq_instance_submission")),
    )
    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instance_body"), ["body"], unique=False)
        batch_op.create_index(batch_op.f("ix_instance_business_key"), ["business_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_instance_definition_id"), ["definition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instance_event_date"), ["event_date"], unique=False)
        batch_op.create_index("ix_instance_kind_status_changed_at", ["kind", "status", "changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_instance_next_due"), ["next_due"], unique=False)
        batch_op.create_index(batch_op.f("ix_instance_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instance_party"), ["party"], unique=False)
        batch_op.create_index(batch_op.f("ix_instance_root_id"), ["root_id"], unique=False)

    op.create_table(
        "start_subscription",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("definition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_start_subscription_definition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_subscription")),
    )
    with op.batch_alter_table("start_subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_start_subscription_definition_id"), ["definition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_start_subscription_message"), ["message"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("root_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["root_id"], ["instance.id"], name=op.f("fk_comment_root_id")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_comment_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_root_id"), ["root_id"], unique=False)

    op.create_table(
        "errand",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="message, call, return, cancel or service"),
        sa.Column(
            "sender_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="in whose transaction it was written",
        ),
        sa.Column("receiver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("token", sa.Integer(), nullable=True, comment="the receiver's token"),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("correlation", sa.Text(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column(
            "status",
            sa.Text(),
            nullable=False,
            comment="due, held (a message that came early) or failed; carried out: the row is gone",
        ),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["receiver_id"], ["instance.id"], name=op.f("fk_errand_receiver_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["instance.id"], name=op.f("fk_errand_sender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
    )
    with op.batch_alter_table("errand", schema=None) as batch_op:
        batch_op.create_index("ix_errand_held", ["message", "correlation"], unique=False)
        batch_op.create_index("ix_errand_status_due_at", ["status", "due_at"], unique=False)

    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 … within the instance"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="a command (started, completed …) or a step (entered, passed, left, cancelled)",
        ),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("data", sa.JSON(), nullable=True, comment="facts without personal content"),
        sa.Column("content_digest", sa.Text(), nullable=True, comment="salted digest of what stands in history_content"),
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="SHA-256 over the row and the hash of the one before it"),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_history_actor_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_history_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
        sa.UniqueConstraint("instance_id", "number", name=op.f("uq_history_instance_id_number")),
    )
    op.create_table(
        "involvement",
        sa.Column("root_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="party:vilhelmina, body:lsg or person:12, who may see the case"),
        sa.ForeignKeyConstraint(["root_id"], ["instance.id"], name=op.f("fk_involvement_root_id")),
        sa.PrimaryKeyConstraint("root_id", "subject", name=op.f("pk_involvement")),
    )
    with op.batch_alter_table("involvement", schema=None) as batch_op:
        batch_op.create_index("ix_involvement_subject", ["subject", "root_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False, comment="a role, or person:12"),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_notice_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_recipient"), ["recipient"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=False, comment="the business key it answers to"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_subscription_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index("ix_subscription_message_correlation", ["message", "correlation"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("root_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, comment="open, completed or cancelled"),
        sa.Column(
            "form_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the form as bound when the task was made",
        ),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("priority", sa.Integer(), server_default="50", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sender_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="whose act led here"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "acted_for",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the absent person for whom closed_by acted",
        ),
        sa.Column("submission", sa.Text(), nullable=True, comment="the idempotency key of the completing submit"),
        sa.CheckConstraint("status in ('open', 'completed', 'cancelled')", name=op.f("ck_task_status")),
        sa.ForeignKeyConstraint(["acted_for"], ["person.id"], name=op.f("fk_task_acted_for")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_task_assignee_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_task_closed_by")),
        sa.ForeignKeyConstraint(["form_id"], ["definition.id"], name=op.f("fk_task_form_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_task_instance_id")),
        sa.ForeignKeyConstraint(["root_id"], ["instance.id"], name=op.f("fk_task_root_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["person.id"], name=op.f("fk_task_sender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(
            "ix_task_open_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_task_root_id"), ["root_id"], unique=False)

    op.create_table(
        "timer",
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_timer_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "token", name=op.f("pk_timer")),
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timer_due_at"), ["due_at"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("root_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="where it was attached"),
        sa.Column("name", sa.Text(), nullable=False, comment="shown; made harmless"),
        sa.Column("media_type", sa.Text(), nullable=False, comment="as found in the content, not as claimed"),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256"),
        sa.Column("stored_as", sa.Text(), nullable=False, comment="random file name under var/documents"),
        sa.Column("uploaded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["root_id"], ["instance.id"], name=op.f("fk_document_root_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_document_task_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_document_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_document_stored_as")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_root_id"), ["root_id"], unique=False)

    op.create_table(
        "history_content",
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="a command's inputs; erasable without breaking the chain"),
        sa.ForeignKeyConstraint(
            ["instance_id", "number"], ["history.instance_id", "history.number"], name=op.f("fk_history_content_instance_id_number")
        ),
        sa.PrimaryKeyConstraint("instance_id", "number", name=op.f("pk_history_content")),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("errand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["errand_id"], ["errand.id"], name=op.f("fk_incident_errand_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_incident_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_instance_id"), ["instance_id"], unique=False)

    op.create_table(
        "notice_read",
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_read_notice_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_read_person_id")),
        sa.PrimaryKeyConstraint("notice_id", "person_id", name=op.f("pk_notice_read")),
    )
    op.create_table(
        "task_role",
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False, comment="lsg:ordforande: who may take it; person:12 for a named candidate"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_role_task_id")),
        sa.PrimaryKeyConstraint("task_id", "role", name=op.f("pk_task_role")),
    )
    with op.batch_alter_table("task_role", schema=None) as batch_op:
        batch_op.create_index("ix_task_role_role", ["role", "task_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("task_role", schema=None) as batch_op:
        batch_op.drop_index("ix_task_role_role")

    op.drop_table("task_role")
    op.drop_table("notice_read")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_instance_id"))

    op.drop_table("incident")
    op.drop_table("history_content")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_root_id"))

    op.drop_table("document")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timer_due_at"))

    op.drop_table("timer")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_root_id"))
        batch_op.drop_index(
            "ix_task_open_due", sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'")
        )
        batch_op.drop_index(batch_op.f("ix_task_instance_id"))
        batch_op.drop_index(batch_op.f("ix_task_assignee_id"))

    op.drop_table("task")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index("ix_subscription_message_correlation")
        batch_op.drop_index(batch_op.f("ix_subscription_instance_id"))

    op.drop_table("subscription")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_recipient"))
        batch_op.drop_index(batch_op.f("ix_notice_instance_id"))

    op.drop_table("notice")
    with op.batch_alter_table("involvement", schema=None) as batch_op:
        batch_op.drop_index("ix_involvement_subject")

    op.drop_table("involvement")
    op.drop_table("history")
    with op.batch_alter_table("errand", schema=None) as batch_op:
        batch_op.drop_index("ix_errand_status_due_at")
        batch_op.drop_index("ix_errand_held")

    op.drop_table("errand")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_root_id"))

    op.drop_table("comment")
    with op.batch_alter_table("start_subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_start_subscription_message"))
        batch_op.drop_index(batch_op.f("ix_start_subscription_definition_id"))

    op.drop_table("start_subscription")
    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instance_root_id"))
        batch_op.drop_index(batch_op.f("ix_instance_party"))
        batch_op.drop_index(batch_op.f("ix_instance_parent_id"))
        batch_op.drop_index(batch_op.f("ix_instance_next_due"))
        batch_op.drop_index("ix_instance_kind_status_changed_at")
        batch_op.drop_index(batch_op.f("ix_instance_event_date"))
        batch_op.drop_index(batch_op.f("ix_instance_definition_id"))
        batch_op.drop_index(batch_op.f("ix_instance_business_key"))
        batch_op.drop_index(batch_op.f("ix_instance_body"))

    op.drop_table("instance")
    op.drop_table("definition")
    op.drop_table("deployment")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_person_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_body"))

    op.drop_table("appointment")
    op.drop_table("account")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_person_id"))

    op.drop_table("absence")
    op.drop_table("quota")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_party"))

    op.drop_table("person")
    op.drop_table("series")
    op.drop_table("party")
    op.drop_table("body")
