"""Every table. Column comments are the documentation; `migrations/` brings a database here.

Times are aware and in UTC (`Moment`); JSON columns hold plain JSON; long binary columns hold orjson compressed with zstd.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    false,
    literal_column,
    text,
    true,
)
from sqlalchemy.sql.selectable import NamedFromClause

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A point in time: aware at both doors, UTC inside, also on SQLite, which knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} carries no time zone")
        return value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """On SQLite the text that SQLAlchemy would write, in a tenth of the time: every row of every table has moments."""
        return _text_of_moment if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _text_of_moment(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is UTC:
        return _text_in_utc(value)
    if value.tzinfo is None:
        raise ValueError(f"{value.isoformat()} carries no time zone")
    return _text_in_utc(value.astimezone(UTC))


@lru_cache(maxsize=256)
def _text_in_utc(value: datetime) -> str:
    """A command writes its moment many times. In UTC alone: elsewhere an hour that comes twice a year compares equal."""
    return value.replace(tzinfo=None).isoformat(" ", "microseconds")


# SQLite autoincrements only a column declared INTEGER; elsewhere ids are 64 bits wide.
Id = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, *, nullable: bool = False, index: bool = False) -> Column[Any]:
    return Column(name, ForeignKey(target), nullable=nullable, index=index)


def _where_there(table: str, column: str) -> Index:
    """An index of a column that most rows leave empty: they are not in it, and cost nothing."""
    there = text(f"{column} IS NOT NULL")
    return Index(f"ix_{table}_{column}", column, sqlite_where=there, postgresql_where=there)


# --- Register -------------------------------------------------------------------------------------------------------

party = Table(
    "party", metadata,
    Column("slug", Text, primary_key=True, comment="vilhelmina, region-vasterbotten"),
    Column("name", Text, nullable=False),
    Column("side", Text, nullable=False, comment="municipal or regional: the chair rule asks"),
    Column("agreement", Text, nullable=False, server_default="R", comment="R, L or RL: which agreement it is party to"),
    Column("position", Integer, nullable=False, comment="order in lists"),
    CheckConstraint("side in ('municipal', 'regional')", name="side"),
)

body = Table(
    "body", metadata,
    Column("slug", Text, primary_key=True, comment="lsg, samradet, lsg-au"),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("level", Text, nullable=False, comment="political, officials or support"),
    Column("under", ForeignKey("body.slug"), nullable=True),
    Column("clause", Text, nullable=False, comment="the clause that founds it, as R6.1"),
    Column("position", Integer, nullable=False),
)

quota = Table(
    "quota", metadata,
    Column("body", ForeignKey("body.slug"), primary_key=True),
    Column("party", ForeignKey("party.slug"), primary_key=True),
    Column("ordinary", Integer, nullable=False, comment="seats for ordinary members, at the most"),
    Column("substitutes", Integer, nullable=False),
    Column("required", Integer, nullable=False, comment="ordinary seats below which there is a vacancy"),
)

person = Table(
    "person", metadata,
    _id(),
    Column("username", Text, nullable=False, unique=True, comment="signs in with it; also how scenarios name the person"),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("party", ForeignKey("party.slug"), nullable=True, index=True),
    Column("title", Text, nullable=False, server_default=""),
    Column("invented", Boolean, nullable=False, server_default=false(), comment="a demo person"),
)

appointment = Table(
    "appointment", metadata,
    _id(),
    _ref("person_id", "person.id", index=True),
    Column("body", ForeignKey("body.slug"), nullable=True, index=True, comment="null: an office in the party itself"),
    Column("party", ForeignKey("party.slug"), nullable=True, comment="the party that the person sits for, or whose office it is"),
    Column("function", Text, nullable=False,
           comment="in a body: ledamot, ersattare, ordforande …; an office: registrator, namnd, koordinator …"),
    Column("starts", Date, nullable=False, comment="first civil day"),
    Column("ends", Date, nullable=True, comment="last civil day; null: until further notice"),
    CheckConstraint("ends is null or ends >= starts", name="period"),
)

absence = Table(
    "absence", metadata,
    _id(),
    _ref("person_id", "person.id", index=True),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False, comment="last civil day away"),
    _ref("substitute_id", "person.id", nullable=True),
    Column("note", Text, nullable=False, server_default=""),
    Column("registered_at", Moment, nullable=False),
    CheckConstraint("ends >= starts", name="period"),
)

register_stamp = Table(
    "register_stamp", metadata,
    Column("id", Integer, primary_key=True, comment="always 1"),
    Column("stamp", Text, nullable=False, comment="renewed by triggers at every change of the tables above, whoever makes it"),
    CheckConstraint("id = 1", name="single"),
)

# --- Accounts -------------------------------------------------------------------------------------------------------

account = Table(
    "account", metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("password", Text, nullable=False, comment="argon2id"),
    Column("locale", Text, nullable=False, server_default="sv"),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("session_epoch", Integer, nullable=False, server_default="0", comment="raised to end every session of the account"),
    Column("signed_in_at", Moment, nullable=True),
)

access_token = Table(
    "access_token", metadata,
    _id(),
    _ref("person_id", "person.id", index=True),
    Column("name", Text, nullable=False, comment="what it is for, in the words of whoever made it"),
    Column("digest", Text, nullable=False, unique=True, comment="SHA-256 of the token, which is shown once and kept nowhere"),
    Column("rights", JSON, nullable=False, comment="read, act, work, deploy: what the person may do through it"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=True),
    Column("used_at", Moment, nullable=True, comment="last use, to the minute"),
    Column("revoked_at", Moment, nullable=True),
)

# --- Definitions ----------------------------------------------------------------------------------------------------

deployment = Table(
    "deployment", metadata,
    _id(),
    Column("registration", Text, nullable=False, unique=True, comment="registration number"),
    Column("why", Text, nullable=False),
    Column("source", Text, nullable=False, server_default="", comment="command line, desktop modeler"),
    _ref("deployed_by", "person.id", nullable=True),
    Column("deployed_at", Moment, nullable=False),
)

definition = Table(
    "definition", metadata,
    _id(),
    Column("kind", Text, nullable=False, comment="process, form or decision"),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("version_tag", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="the file as deployed"),
    Column("digest", Text, nullable=False, comment="SHA-256 of the content: an unchanged file makes no new version"),
    Column("bindings", JSON, nullable=False, comment="process: {'form:KEY': definition id} as found at deployment"),
    Column("properties", JSON, nullable=False, comment="process: what the diagram says of itself (kind, series, title …)"),
    Column("live", Boolean, nullable=False, server_default=true(), comment="new instances start on the highest live version"),
    _ref("deployment_id", "deployment.id"),
    UniqueConstraint("kind", "key", "version"),
)

start_subscription = Table(
    "start_subscription", metadata,
    _id(),
    _ref("definition_id", "definition.id", index=True),
    Column("kind", Text, nullable=False, server_default="message", comment="message or signal"),
    Column("message", Text, nullable=False, index=True, comment="the message's or signal's name"),
    Column("element_id", Text, nullable=False),
)

start_timer = Table(
    "start_timer", metadata,
    _id(),
    _ref("definition_id", "definition.id", index=True),
    Column("element_id", Text, nullable=False),
    Column("timer", JSON, nullable=False, comment="as engine.bpmn.timers.Timer.state writes it"),
    Column("due_at", Moment, nullable=False, index=True),
)

data_store = Table(
    "data_store", metadata,
    Column("name", Text, primary_key=True, comment="as the diagrams name it: one store for all instances"),
    Column("value", LargeBinary, nullable=False, comment="codec.py"),
    Column("changed_at", Moment, nullable=False),
    _ref("changed_by", "instance.id"),
)

series = Table(
    "series", metadata,
    Column("name", Text, primary_key=True, comment="as ÄR, MÖ: what registration numbers begin with"),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

# --- Instances: written by engine.runtime alone ---------------------------------------------------------------------

# What lists of cases show. Said in the same words by the index and by those who ask: then it is found.
_CASES = "parent_id IS NULL AND kind IN ('case', '')"

instance = Table(
    "instance", metadata,
    _id(),
    _ref("definition_id", "definition.id", index=True),
    Column("business_key", Text, nullable=False, index=True, comment="its registration number"),
    Column("kind", Text, nullable=False, server_default="", comment="from the diagram: case, meeting, decision"),
    _ref("root_id", "instance.id", nullable=True),
    _ref("parent_id", "instance.id", nullable=True),
    Column("parent_token", Integer, nullable=True),
    Column("status", Text, nullable=False, comment="running, completed or cancelled"),
    Column("revision", Integer, nullable=False, comment="raised by every command; guards against a late writer"),
    Column("state", LargeBinary, nullable=False, comment="live tokens, scopes, subscriptions: codec.py"),
    Column("title", Text, nullable=False, server_default=""),
    Column("body", Text, nullable=True, comment="the body where it stands: the lane of its first live wait"),
    Column("party", Text, nullable=True, comment="the party it concerns or comes from, as the diagram says"),
    Column("event_date", Date, nullable=True, comment="as the diagram says: a meeting's day"),
    Column("summary", JSON, nullable=True, comment="the variables that the diagram's `columns` property names"),
    Column("outcome", Text, nullable=True, comment="the name of the end event reached"),
    Column("outcome_id", Text, nullable=True, comment="its element id"),
    Column("next_due", Moment, nullable=True, comment="the first timer"),
    Column("submission", Text, nullable=True, unique=True, comment="the idempotency key of the submit that started it"),
    _ref("started_by", "person.id", nullable=True),
    Column("started_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=True),
    CheckConstraint("status in ('running', 'completed', 'cancelled')", name="status"),
    *(_where_there("instance", name) for name in ("root_id", "parent_id", "body", "party", "event_date", "next_due")),
    Index("ix_instance_cases", "status", "changed_at", "id", sqlite_where=text(_CASES), postgresql_where=text(_CASES)),
)

def is_case() -> ColumnElement[bool]:
    """An instance that no other called, of a diagram that makes cases, or does not say what it makes."""
    kinds: tuple[ColumnElement[str], ...] = (literal_column("'case'"), literal_column("''"))
    return and_(instance.c.parent_id.is_(None), instance.c.kind.in_(kinds))


involvement = Table(
    "involvement", metadata,
    _ref("root_id", "instance.id"),
    Column("subject", Text, nullable=False, comment="party:vilhelmina, body:lsg or person:12, who may see the case"),
    PrimaryKeyConstraint("subject", "root_id"),
    sqlite_with_rowid=False,
)

task = Table(
    "task", metadata,
    _id(),
    _ref("instance_id", "instance.id", index=True),
    _ref("root_id", "instance.id", index=True),
    Column("token", Integer, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False, comment="open, completed or cancelled"),
    Column("form_id", ForeignKey("definition.id"), nullable=True, comment="the form as bound when the task was made"),
    Column("assignee_id", ForeignKey("person.id"), nullable=True),
    Column("priority", Integer, nullable=False, server_default="50"),
    Column("due_at", Moment, nullable=True),
    Column("follow_up_at", Moment, nullable=True),
    Column("sender_id", ForeignKey("person.id"), nullable=True, comment="whose act led here"),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment, nullable=True),
    Column("closed_by", ForeignKey("person.id"), nullable=True),
    Column("acted_for", ForeignKey("person.id"), nullable=True, comment="the absent person for whom closed_by acted"),
    Column("submission", Text, nullable=True, comment="the idempotency key of the completing submit"),
    CheckConstraint("status in ('open', 'completed', 'cancelled')", name="status"),
    _where_there("task", "assignee_id"),
    Index("ix_task_open_due", "due_at", sqlite_where=text("status = 'open'"), postgresql_where=text("status = 'open'")),
)

task_role = Table(
    "task_role", metadata,
    Column("task_id", ForeignKey("task.id"), primary_key=True),
    Column("role", Text, primary_key=True, comment="lsg:ordforande: who may take it; person:12 for a named candidate"),
    Index("ix_task_role_role", "role", "task_id"),
    sqlite_with_rowid=False,
)

timer = Table(
    "timer", metadata,
    Column("instance_id", ForeignKey("instance.id"), primary_key=True),
    Column("token", Integer, primary_key=True),
    Column("element_id", Text, nullable=False),
    Column("due_at", Moment, nullable=False, index=True),
)

subscription = Table(
    "subscription", metadata,
    _id(),
    _ref("instance_id", "instance.id", index=True),
    Column("token", Integer, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="message", comment="message or signal"),
    Column("message", Text, nullable=False, comment="the message's or signal's name"),
    Column("correlation", Text, nullable=False, comment="the business key it answers to; empty for a signal"),
    Column("created_at", Moment, nullable=False),
    Index("ix_subscription_message_correlation", "message", "correlation"),
    sqlite_autoincrement=True,
)

errand = Table(
    "errand", metadata,
    _id(),
    Column("kind", Text, nullable=False,
           comment="message, signal, begin, call, return, error, escalation, cancel, service or job"),
    Column("sender_id", ForeignKey("instance.id"), nullable=True, comment="in whose transaction it was written"),
    Column("receiver_id", ForeignKey("instance.id"), nullable=True),
    Column("token", Integer, nullable=True, comment="the receiver's token"),
    Column("message", Text, nullable=True),
    Column("correlation", Text, nullable=True),
    Column("payload", LargeBinary, nullable=False),
    Column("status", Text, nullable=False, comment="due, held (a message that came early) or failed; carried out: the row is gone"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("tries", Integer, nullable=False, server_default="3", comment="how many it may have before a coordinator is asked"),
    Column("delays", JSON, nullable=True, comment="seconds before each further try, as the diagram says; null: the engine's own"),
    Column("due_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_errand_status_due_at", "status", "due_at"),
    Index("ix_errand_held", "message", "correlation"),
)

external_task = Table(
    "external_task", metadata,
    _id(),
    _ref("instance_id", "instance.id", index=True),
    Column("token", Integer, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("priority", Integer, nullable=False, server_default="0", comment="higher first, for workers that ask by priority"),
    Column("inputs", LargeBinary, nullable=False, comment="its input parameters: codec.py"),
    Column("worker", Text, nullable=True, comment="who has or had the lock"),
    Column("locked_until", Moment, nullable=True, comment="nobody else may fetch it before; also the pause after a failure"),
    Column("retries", Integer, nullable=True, comment="tries left as the last failure said; null: none has failed yet"),
    Column("error_message", Text, nullable=True),
    Column("error_details", Text, nullable=True),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("instance_id", "token"),
    Index("ix_external_task_topic_locked_until", "topic", "locked_until"),
    sqlite_autoincrement=True,  # workers hold its number: it never becomes other work's
)

incident = Table(
    "incident", metadata,
    _id(),
    _ref("instance_id", "instance.id", index=True),
    Column("errand_id", ForeignKey("errand.id", ondelete="SET NULL"), nullable=True),
    Column("token", Integer, nullable=True),
    Column("element_id", Text, nullable=True),
    Column("message", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("resolved_at", Moment, nullable=True),
)

history = Table(
    "history", metadata,
    _id(),
    _ref("instance_id", "instance.id"),
    Column("number", Integer, nullable=False, comment="1, 2, 3 … within the instance"),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False, comment="a command (started, completed …) or a step (entered, passed, left, cancelled)"),
    Column("element_id", Text, nullable=True),
    Column("token", Integer, nullable=True),
    Column("actor_id", ForeignKey("person.id"), nullable=True),
    Column("data", JSON, nullable=True, comment="facts without personal content"),
    Column("content_digest", LargeBinary, nullable=True, comment="salted digest of what stands in history_content"),
    Column("hash", LargeBinary, nullable=False, comment="SHA-256 over the row and the hash of the one before it"),
    UniqueConstraint("instance_id", "number"),
)

history_content = Table(
    "history_content", metadata,
    Column("instance_id", Id, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="a command's inputs; erasable without breaking the chain"),
    ForeignKeyConstraint(["instance_id", "number"], ["history.instance_id", "history.number"]),
    sqlite_with_rowid=False,
)

def also(table: Table, name: str) -> NamedFromClause:
    """`table` under another name, its columns made at once: two threads that asked for them together, the first time, would get two
    sets of columns, and no statement could join those."""
    alias = table.alias(name)
    alias.c  # noqa: B018
    return alias


def beside_history() -> ColumnElement[bool]:
    """Joins `history_content` to `history`."""
    return and_(history_content.c.instance_id == history.c.instance_id, history_content.c.number == history.c.number)


notice = Table(
    "notice", metadata,
    _id(),
    _ref("instance_id", "instance.id", index=True),
    Column("recipient", Text, nullable=False, index=True, comment="a role, or person:12"),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

notice_read = Table(
    "notice_read", metadata,
    Column("notice_id", ForeignKey("notice.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("read_at", Moment, nullable=False),
)

# --- What people put beside an instance -----------------------------------------------------------------------------

document = Table(
    "document", metadata,
    _id(),
    _ref("root_id", "instance.id", index=True),
    Column("task_id", ForeignKey("task.id"), nullable=True, comment="where it was attached"),
    Column("name", Text, nullable=False, comment="shown; made harmless"),
    Column("media_type", Text, nullable=False, comment="as found in the content, not as claimed"),
    Column("size", Integer, nullable=False, comment="bytes"),
    Column("digest", Text, nullable=False, comment="SHA-256"),
    Column("stored_as", Text, nullable=False, unique=True, comment="random file name under var/documents"),
    _ref("uploaded_by", "person.id"),
    Column("uploaded_at", Moment, nullable=False),
    Column("removed_at", Moment, nullable=True),
)

comment = Table(
    "comment", metadata,
    _id(),
    _ref("root_id", "instance.id", index=True),
    _ref("written_by", "person.id"),
    Column("written_at", Moment, nullable=False),
    Column("text", Text, nullable=False),
)
