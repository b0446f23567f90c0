"""The grammar of roles."""

from __future__ import annotations

import pytest

from engine.register import RoleError, subject_of_role
from engine.register.roles import Named, PartyOffice, PersonRole, Role, Within, parse


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("lsg", Named("lsg")),
        ("lsg-au", Named("lsg-au")),
        ("lsg:ordforande", Within("lsg", "ordforande")),
        ("part:vilhelmina:registrator", PartyOffice("vilhelmina", "registrator")),
        ("person:12", PersonRole(12)),
    ],
)
def test_reads_a_role(text: str, role: Role) -> None:
    assert parse(text) == role


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is no name"),
        ("Lsg", "“Lsg” is no name"),
        ("lsg:ordförande", "“ordförande” is no name"),
        (" lsg", "is no name"),
        ("lsg\n", "is no name"),
        ("lsg:", "“” is no name"),
        ("lsg:a:b", "too many parts"),
        ("part:vilhelmina", "a party and an office"),
        ("part", "a party and an office"),
        ("part::registrator", "is no name"),
        ("part:${part}:registrator", "is no name"),
        ("person:anna", "a person's number"),
        ("person", "a person's number"),
        ("person:1:2", "a person's number"),
        ("person:١٢", "a person's number"),
        ("person:-1", "a person's number"),
        ("lsg--au", "is no name"),
    ],
)
def test_says_what_is_wrong_with_what_is_no_role(text: str, reason: str) -> None:
    with pytest.raises(RoleError) as refused:
        parse(text)
    assert reason in str(refused.value)
    assert "Roles look like" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("lsg", "body:lsg"),
        ("lsg-au:ordforande", "body:lsg-au"),
        ("part:vilhelmina:registrator", "party:vilhelmina"),
        ("person:12", "person:12"),
        ("koordinator", None),
        ("processagare", None),
    ],
)
def test_says_whose_case_a_task_for_the_role_is(text: str, subject: str | None) -> None:
    assert subject_of_role(text) == subject
