"""Who acts when somebody is away, and who does not."""

from __future__ import annotations

from datetime import date, timedelta

from tests.engine.register.conftest import DAY, Seats


def test_a_member_who_is_present_acts_and_the_substitute_does_not(seats: Seats) -> None:
    member = seats.seat("member", "lsg:ledamot")
    substitute = seats.seat("substitute", "lsg:ersattare")
    assert seats.acting("lsg") == {member: None}
    assert seats.acting("lsg:ersattare") == {substitute: None}


def test_the_partys_substitute_takes_the_place_of_an_absent_member(seats: Seats) -> None:
    member = seats.seat("member", "lsg:ledamot")
    seats.seat("other", "lsg:ersattare", "umea")
    substitute = seats.seat("substitute", "lsg:ersattare")
    seats.away(member)
    assert seats.acting("lsg") == {substitute: member}
    assert seats.acting("lsg:ledamot") == {substitute: member}
    assert seats.acting("lsg", DAY + timedelta(days=1)) == {member: None}
    assert seats.register.acting_for(substitute, "lsg", DAY) == member
    assert seats.register.acting_for(substitute, "lsg:ersattare", DAY) is None


def test_the_named_substitute_goes_before_the_partys(seats: Seats) -> None:
    member = seats.seat("member", "lsg:ledamot")
    seats.seat("substitute", "lsg:ersattare")
    named = seats.person("named")
    seats.away(member, named)
    assert seats.acting("lsg") == {named: member}
    assert {"lsg", f"person:{member}"} <= seats.register.roles_of(named, DAY)


def test_when_the_named_substitute_is_away_too_the_partys_acts(seats: Seats) -> None:
    member = seats.seat("member", "lsg:ledamot")
    substitute = seats.seat("substitute", "lsg:ersattare")
    named = seats.person("named")
    seats.away(member, named)
    seats.away(named)
    assert seats.acting("lsg") == {substitute: member}


def test_each_substitute_takes_one_place_in_order(seats: Seats) -> None:
    first, second = (seats.seat(name, "lsg:ledamot", "umea") for name in ("first", "second"))
    one, two = (seats.seat(name, "lsg:ersattare", "umea") for name in ("one", "two"))
    seats.away(first)
    assert seats.acting("lsg") == {second: None, one: first}
    seats.away(second)
    assert seats.acting("lsg") == {one: first, two: second}
    seats.away(one)
    assert seats.acting("lsg") == {two: first}  # nobody is left for the second seat


def test_a_substitute_named_for_one_member_does_not_take_a_second_place(seats: Seats) -> None:
    first, second = (seats.seat(name, "lsg:ledamot", "umea") for name in ("first", "second"))
    one, two = (seats.seat(name, "lsg:ersattare", "umea") for name in ("one", "two"))
    seats.away(first)
    seats.away(second, one)
    assert seats.acting("lsg") == {two: first, one: second}


def test_a_seat_outside_the_parties_has_no_substitute_but_a_named_one(seats: Seats) -> None:
    chair = seats.person("chair")
    seats.also(chair, "lsg:ledamot", None)
    seats.seat("substitute", "lsg:ersattare")
    absence = seats.away(chair, ends=DAY + timedelta(days=9))
    assert seats.acting("lsg") == {}
    seats.register.end_absence(absence, last_day=DAY)
    assert seats.acting("lsg", DAY + timedelta(days=1)) == {chair: None}


def test_the_vice_chair_takes_the_chairs_function_and_the_substitute_the_seat(seats: Seats) -> None:
    chair, vice = seats.seat("chair", "lsg:ledamot"), seats.seat("vice", "lsg:ledamot", "region-vasterbotten")
    seats.also(chair, "lsg:ordforande", "vilhelmina", ends=date(2026, 12, 31))
    seats.also(vice, "lsg:vice-ordforande", "region-vasterbotten", ends=date(2026, 12, 31))
    substitute = seats.seat("substitute", "lsg:ersattare")
    assert seats.acting("lsg-au") == {chair: None, vice: None}
    seats.away(chair)
    assert seats.acting("lsg:ordforande") == {vice: chair}
    assert seats.acting("lsg") == {substitute: chair, vice: None}
    assert seats.acting("lsg-au") == {vice: None}
    assert seats.acting("lsg-au:ordforande") == {vice: chair}
    seats.away(vice)
    assert seats.acting("lsg:ordforande") == {}
    assert seats.register.vacant(["lsg:ordforande", "lsg-au", "lsg"], DAY) == {"lsg:ordforande", "lsg-au"}


def test_the_working_committee_follows_the_chairs_of_the_day(seats: Seats) -> None:
    old, new = seats.seat("old", "lsg:ledamot"), seats.seat("new", "lsg:ledamot", "umea")
    seats.also(old, "lsg:ordforande", "vilhelmina", ends=date(2026, 12, 31))
    seats.also(new, "lsg:ordforande", "umea", starts=date(2027, 1, 1), ends=date(2027, 12, 31))
    assert seats.acting("lsg-au", date(2026, 12, 31)) == {old: None}
    assert seats.acting("lsg-au", date(2027, 1, 1)) == {new: None}
    assert seats.acting("lsg-au", date(2028, 1, 1)) == {}


def test_an_office_passes_to_the_named_substitute_alone(seats: Seats) -> None:
    registrar = seats.seat("registrar", "registrator")
    board = seats.seat("board", "namnd")
    assert seats.acting("part:vilhelmina:registrator") == {registrar: None}
    assert seats.acting("part:umea:registrator") == {}
    seats.away(registrar, ends=DAY)
    assert seats.register.vacant(["part:vilhelmina:registrator"], DAY) == {"part:vilhelmina:registrator"}
    day = DAY + timedelta(days=3)
    seats.away(registrar, board, starts=day, ends=day)
    assert seats.acting("part:vilhelmina:registrator", day) == {board: registrar}
    assert "party:vilhelmina" in seats.register.subjects_of(board, day)


def test_an_office_is_found_by_name_wherever_it_is(seats: Seats) -> None:
    first = seats.seat("first", "koordinatorer:koordinator", "region-vasterbotten")
    second = seats.seat("second", "koordinatorer:koordinator", "region-vasterbotten")
    assert seats.acting("koordinator") == seats.acting("koordinatorer") == {first: None, second: None}
    seats.away(second)
    assert seats.acting("koordinator") == {first: None}


def test_what_is_addressed_to_a_person_stays_theirs_and_reaches_whom_they_named(seats: Seats) -> None:
    asker, named = seats.person("asker"), seats.person("named")
    assert seats.acting(f"person:{asker}") == {asker: None}
    seats.away(asker, named)
    assert seats.acting(f"person:{asker}") == {asker: None, named: asker}
    assert seats.acting("person:4711") == {}


def test_somebody_away_sees_their_cases_and_so_does_whom_they_named(seats: Seats) -> None:
    member, named = seats.seat("member", "lsg:ledamot"), seats.person("named", "umea")
    seats.away(member, named)
    assert seats.register.subjects_of(member, DAY) == {f"person:{member}", "party:vilhelmina", "body:lsg"}
    assert seats.register.subjects_of(named, DAY) == {f"person:{named}", "party:umea", "party:vilhelmina", "body:lsg"}
    assert seats.register.subjects_of(named, DAY + timedelta(days=1)) == {f"person:{named}", "party:umea"}
    assert seats.register.roles_of(member, DAY) == {f"person:{member}"}


def test_a_role_of_an_unknown_place_is_vacant_rather_than_an_error(seats: Seats) -> None:
    assert seats.register.vacant(["nowhere", "nowhere:ordforande", "part:nowhere:namnd", "person:9"], DAY) == {
        "nowhere", "nowhere:ordforande", "part:nowhere:namnd", "person:9",
    }  # fmt: skip


def test_members_are_shown_once_by_their_foremost_seat(seats: Seats) -> None:
    chair = seats.seat("chair", "lsg:ledamot")
    seats.also(chair, "lsg:ordforande", "vilhelmina", ends=date(2026, 12, 31))
    away = seats.seat("away", "lsg:ledamot", "umea")
    named = seats.person("named", "bjurholm")
    seats.seat("secretary", "lsg:sekreterare", "region-vasterbotten")
    seats.seat("substitute", "lsg:ersattare", "umea")
    seats.away(away, named)
    shown = [(m.name, m.seat, m.acting_for_name, m.takes_part) for m in seats.register.members("lsg", DAY)]
    assert shown == [
        ("Chair", "chair", None, True),
        ("Away", "ordinary", None, False),
        ("Named", "substitute", "Away", True),
        ("Substitute", "substitute", None, False),
        ("Secretary", "secretary", None, False),
    ]
    assert [(m.name, m.seat) for m in seats.register.members("lsg-au", DAY)] == [("Chair", "chair")]
