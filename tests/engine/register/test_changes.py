"""Appointments and absences that stand, and those that are refused, with the days at their borders."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest

from engine.register import Conflict, NotFound, QuotaExceeded, Register
from tests.engine.register.conftest import DAY, Seats

YEAR_END = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("body", "party", "function", "seats_there"),
    [
        ("lsg", "vilhelmina", "ledamot", 1),  # R6.1.3
        ("lsg", "vilhelmina", "ersattare", 1),
        ("lsg", "umea", "ledamot", 2),
        ("lsg", "skelleftea", "ersattare", 2),
        ("lsg", "region-vasterbotten", "ledamot", 4),
        ("lsg", "region-vasterbotten", "ersattare", 4),
        ("samradet", "dorotea", "ledamot", 1),  # R5.1.3
        ("samradet", "skelleftea", "ledamot", 2),
        ("samradet", "umea", "ersattare", 2),
        ("samradet", "region-vasterbotten", "ledamot", 3),
        ("samradet", "region-vasterbotten", "ersattare", 3),
    ],
)
def test_a_party_has_the_seats_that_the_agreement_gives_it(
    seats: Seats, body: str, party: str, function: str, seats_there: int
) -> None:
    for number in range(seats_there):
        seats.seat(f"person{number}", f"{body}:{function}", party)
    with pytest.raises(QuotaExceeded, match=f"has {seats_there} .* in "):
        seats.seat("one-more", f"{body}:{function}", party)


def test_a_seat_is_free_from_the_day_after_its_holders_last(seats: Seats) -> None:
    seats.seat("first", "lsg:ledamot", ends=date(2026, 6, 30))
    with pytest.raises(QuotaExceeded):
        seats.seat("early", "lsg:ledamot", starts=date(2026, 6, 30))
    second = seats.seat("second", "lsg:ledamot", starts=date(2026, 7, 1))
    assert seats.acting("lsg", date(2026, 7, 1)) == {second: None}


def test_a_seat_taken_only_in_the_middle_of_the_period_is_taken(seats: Seats) -> None:
    seats.seat("middle", "lsg:ledamot", starts=date(2026, 5, 1), ends=date(2026, 5, 31))
    with pytest.raises(QuotaExceeded):
        seats.seat("whole", "lsg:ledamot", starts=date(2026, 1, 1))


def test_two_seats_one_after_the_other_count_as_one(seats: Seats) -> None:
    seats.seat("spring", "lsg:ledamot", "umea", ends=date(2026, 6, 30))
    seats.seat("autumn", "lsg:ledamot", "umea", starts=date(2026, 7, 1))
    seats.seat("whole", "lsg:ledamot", "umea")
    with pytest.raises(QuotaExceeded):
        seats.seat("too-many", "lsg:ledamot", "umea", starts=date(2026, 8, 1))


def test_a_chair_takes_no_seat_and_a_body_without_quotas_has_no_limit(seats: Seats) -> None:
    member = seats.seat("member", "lsg:ledamot")
    seats.also(member, "lsg:ordforande", "vilhelmina", ends=YEAR_END)
    for number in range(5):
        seats.seat(f"person{number}", "beredning-barn-unga:ledamot")


def test_an_appointment_covers_its_first_and_last_day_and_no_other(seats: Seats) -> None:
    first, last = date(2026, 3, 29), date(2026, 10, 25)  # the days on which daylight-saving time changes
    member = seats.seat("member", "lsg:ledamot", starts=first, ends=last)
    on = {day: bool(seats.acting("lsg", day)) for day in (first, last, first - timedelta(days=1), last + timedelta(days=1))}
    assert list(on.values()) == [True, True, False, False]
    assert "lsg" in seats.register.roles_of(member, last)
    assert "lsg" not in seats.register.roles_of(member, last + timedelta(days=1))


def test_an_appointment_that_contradicts_itself_or_another_is_refused(seats: Seats) -> None:
    member = seats.seat("member", "lsg:ledamot")
    with pytest.raises(Conflict, match="already is ledamot"):
        seats.also(member, "lsg:ledamot", "vilhelmina", starts=date(2026, 9, 1))
    with pytest.raises(Conflict, match="cannot be ersattare as well"):
        seats.also(member, "lsg:ersattare", "vilhelmina")
    with pytest.raises(Conflict, match=r"ends .* before it starts"):
        seats.also(member, "samradet:ledamot", "vilhelmina", ends=date(2025, 1, 1))
    with pytest.raises(Conflict, match="its members are the chair and the vice chair"):
        seats.also(member, "lsg-au:ledamot", "vilhelmina")
    with pytest.raises(Conflict, match="no name of a function"):
        seats.also(member, "lsg:Ordförande", "vilhelmina")
    with pytest.raises(Conflict, match="must be in a party"):
        seats.also(member, "registrator", None)
    with pytest.raises(NotFound, match="no body nowhere"):
        seats.also(member, "nowhere:ledamot", "vilhelmina")
    with pytest.raises(NotFound, match="no party nowhere"):
        seats.also(member, "lsg:ledamot", "nowhere")
    with pytest.raises(NotFound, match="no person 4711"):
        seats.also(4711, "lsg:ledamot", "vilhelmina")


def test_the_chair_rule_is_said_not_enforced(seats: Seats) -> None:
    municipal = seats.seat("municipal", "lsg:ledamot")
    regional = seats.seat("regional", "lsg:ledamot", "region-vasterbotten")
    outsider = seats.person("outsider", "umea")
    assert seats.also(municipal, "lsg:ordforande", "vilhelmina", ends=YEAR_END) == ()
    assert seats.also(regional, "lsg:vice-ordforande", "region-vasterbotten", ends=YEAR_END) == ()
    same_side = seats.also(outsider, "lsg:vice-ordforande", "umea", ends=YEAR_END)
    assert [w.split(";")[0].split(":")[0] for w in same_side] == [
        "The chair and the vice chair come from the same side",
        "Somebody else is vice-ordforande in a part of the period.",
        "The person has no ordinary seat in the body",
    ]
    next_year = seats.also(municipal, "lsg:ordforande", "vilhelmina", starts=date(2027, 1, 1), ends=date(2028, 12, 31))
    assert [w.split(";")[0].split(":")[0] for w in next_year] == [
        "The term is not one calendar year",
        "The same side had the post the year before",
    ]


def test_ending_an_appointment(seats: Seats) -> None:
    member = seats.seat("member", "lsg:ledamot")
    held = seats.register.appointments(person_id=member)[0]
    with pytest.raises(Conflict, match="cannot end before"):
        seats.register.end_appointment(held.id, last_day=date(2025, 12, 31))
    seats.register.end_appointment(held.id, last_day=DAY)
    assert seats.acting("lsg", DAY) == {member: None}
    assert seats.acting("lsg", DAY + timedelta(days=1)) == {}
    with pytest.raises(Conflict, match="a longer term is a new appointment"):
        seats.register.end_appointment(held.id, last_day=YEAR_END)
    with pytest.raises(NotFound):
        seats.register.end_appointment(4711, last_day=DAY)


def test_absences_that_contradict_are_refused(seats: Seats) -> None:
    member, other = seats.seat("member", "lsg:ledamot"), seats.person("other")
    week = DAY + timedelta(days=6)
    absence = seats.away(member, other, ends=week)
    with pytest.raises(Conflict, match="already registered as away"):
        seats.away(member, starts=week, ends=week + timedelta(days=3))
    seats.away(member, starts=week + timedelta(days=1), ends=week + timedelta(days=2))
    with pytest.raises(Conflict, match="their own substitute"):
        seats.away(other, other)
    with pytest.raises(Conflict, match="name somebody else"):
        seats.away(other, member)
    with pytest.raises(Conflict, match="before it starts"):
        seats.away(other, starts=week, ends=DAY)
    with pytest.raises(NotFound, match="no person 4711"):
        seats.away(other, 4711)
    with pytest.raises(Conflict, match="choose one of these days"):
        seats.register.end_absence(absence, last_day=week + timedelta(days=1))
    assert [a.person_id for a in seats.register.absences(DAY)] == [member]


def test_a_change_counts_at_once_whoever_made_it(seats: Seats) -> None:
    elsewhere = Register(seats.database)
    member = seats.seat("member", "lsg:ledamot")
    assert [h.person_id for h in elsewhere.holders("lsg", DAY)] == [member]
    elsewhere.end_appointment(elsewhere.appointments(person_id=member)[0].id, last_day=DAY - timedelta(days=1))
    assert seats.acting("lsg") == {}


def test_two_who_appoint_to_the_last_seat_at_once_do_not_both_get_it(seats: Seats) -> None:
    people = [seats.person("one"), seats.person("two")]
    together = threading.Barrier(2)
    refused: list[int] = []

    def appoint(someone: int) -> None:
        together.wait()
        try:
            seats.also(someone, "lsg:ledamot", "vilhelmina")
        except QuotaExceeded:
            refused.append(someone)

    threads = [threading.Thread(target=appoint, args=(someone,)) for someone in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert seats.acting("lsg").keys() == set(people) - set(refused)
