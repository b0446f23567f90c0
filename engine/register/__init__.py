"""Parties, bodies, seats, appointments and absence: who may act on a given day.

Roles are looked up on the day they are asked and never frozen into a task. Knows nothing of processes or instances.
"""

from engine.register.changes import Appointed
from engine.register.day import Day
from engine.register.errors import Conflict, LoadRefused, NotFound, QuotaExceeded, RegisterError, RoleError
from engine.register.loading import Loaded
from engine.register.model import Absence, Appointment, Body, Holder, Member, Party, Person, Quota, Vacancy
from engine.register.queries import STAMP
from engine.register.register import Register
from engine.register.roles import COORDINATOR, PARTY_OFFICES, PROCESS_OWNER
from engine.register.roles import subject_of as subject_of_role

__all__ = [
    "COORDINATOR",
    "PARTY_OFFICES",
    "PROCESS_OWNER",
    "STAMP",
    "Absence",
    "Appointed",
    "Appointment",
    "Body",
    "Conflict",
    "Day",
    "Holder",
    "LoadRefused",
    "Loaded",
    "Member",
    "NotFound",
    "Party",
    "Person",
    "Quota",
    "QuotaExceeded",
    "Register",
    "RegisterError",
    "RoleError",
    "Vacancy",
    "subject_of_role",
]
