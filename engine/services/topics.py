"""The services of this product, each a short function on the register or on what waits."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from engine.clock import civil_date
from engine.register import RoleError
from engine.services.effects import Effects, Notice
from engine.services.registry import Request, ServiceFailed, Services, Topic
from engine.store.tables import instance, party, person, subscription


def _day(request: Request) -> date:
    given = request.inputs.get("date")
    if not given:
        return civil_date(request.now)
    try:
        return date.fromisoformat(str(given)[:10])
    except ValueError as error:
        raise ServiceFailed(f"the input “date” is not a date: {given!r}") from error


def body_members(request: Request) -> Effects:
    """Who acts for each seat of a body on a day, substitutes for the absent included (R5.1.3, R6.1.3)."""
    members = []
    for member in request.register.members(request.text("body"), _day(request), connection=request.connection):
        if not member.takes_part:
            continue
        label = f"{member.name}, {member.party_name}" if member.party_name else member.name
        if member.acting_for_name:
            label += f" (ersätter {member.acting_for_name})"
        members.append({
            "value": str(member.person_id), "label": label, "party": member.party, "seat": member.seat,
            "substitute_for": member.acting_for_name,
        })  # fmt: skip
    return Effects({"members": members})


def parties(request: Request) -> Effects:
    """The parties (huvudmän) of an agreement, in their usual order; every party when no agreement is named."""
    query = select(party.c.slug, party.c.name, party.c.agreement).order_by(party.c.position)
    wanted = str(request.inputs.get("agreement") or "")
    rows = request.connection.execute(query)
    return Effects({"parties": [{"value": row.slug, "label": row.name} for row in rows if wanted in row.agreement]})


def waiting_cases(request: Request) -> Effects:
    """The instances that wait for a message, oldest first: what a body's agenda is made from."""
    query = (
        select(instance.c.business_key, instance.c.title)
        .join(subscription, subscription.c.instance_id == instance.c.id)
        .where(subscription.c.message == request.text("message"))
        .order_by(subscription.c.created_at, subscription.c.id)
    )
    rows = request.connection.execute(query)
    return Effects({"cases": [{"value": row.business_key, "label": f"{row.business_key} {row.title}"} for row in rows]})


def person_facts(request: Request) -> Effects:
    """Name and party of a person given as `person:12`, as the initiator of an instance is."""
    reference = request.text("person")
    prefix, _, number = reference.partition(":")
    if prefix != "person" or not number.isdecimal():
        raise ServiceFailed(f"the input “person” must look like person:12; it is {reference!r}")
    query = select(person.c.name, person.c.party, party.c.name.label("party_name")).outerjoin(party, party.c.slug == person.c.party)
    row = request.connection.execute(query.where(person.c.id == int(number))).one_or_none()
    if row is None:
        raise ServiceFailed(f"the register knows no {reference}")
    return Effects({"name": row.name, "party": row.party, "party_name": row.party_name})


def notify(request: Request) -> Effects:
    """A notice to everybody who holds a role, or one of several."""
    to: Any = request.inputs.get("to")
    recipients = [to] if isinstance(to, str) else list(to or [])
    if not recipients or not all(isinstance(recipient, str) and recipient for recipient in recipients):
        raise ServiceFailed(f"the input “to” must be a role or a list of roles; it is {to!r}")
    subject, text = request.text("subject"), request.text("text")
    try:
        for recipient in recipients:
            request.register.holders(recipient, civil_date(request.now))
    except RoleError as error:
        raise ServiceFailed(str(error)) from error
    return Effects(notices=tuple(Notice(recipient, subject, text) for recipient in dict.fromkeys(recipients)))


DAY = "ISO-datum; idag om det saknas"

SERVICES = Services((
    Topic("body-members", "Vilka som tjänstgör i ett organ en viss dag", {"body": "organets kortnamn", "date": DAY},
          {"members": "lista av {value, label, party, seat, substitute_for}"}, body_members),
    Topic("parties", "Huvudmännen i en överenskommelse", {"agreement": "R eller L; alla om det saknas"},
          {"parties": "lista av {value, label}"}, parties),
    Topic("waiting-cases", "Ärenden som väntar på ett meddelande", {"message": "meddelandets namn"},
          {"cases": "lista av {value, label}"}, waiting_cases),
    Topic("person", "Namn och huvudman för en person", {"person": "person:12"},
          {"name": "namn", "party": "huvudmannens kortnamn", "party_name": "huvudmannens namn"}, person_facts),
    Topic("notify", "Skickar en avisering", {"to": "roll eller lista av roller", "subject": "rubrik", "text": "text"}, {}, notify),
))  # fmt: skip
