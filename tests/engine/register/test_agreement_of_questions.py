"""Whatever is appointed and whoever is away: the two questions "who holds it" and "what do they hold" agree."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from engine.clock import start_of_day
from engine.store.tables import absence, appointment
from tests.engine.register.conftest import DAY, Seats

PEOPLE = range(1, 9)
PARTIES = ("umea", "vilhelmina", "region-vasterbotten")
PLACES = ("lsg", "lsg-au", "koordinatorer", None)
FUNCTIONS = ("ledamot", "ersattare", "ordforande", "vice-ordforande", "sekreterare", "koordinator", "registrator")
ROLES = [
    *(f"person:{number}" for number in (*PEOPLE, 99)), *FUNCTIONS, "lsg", "lsg-au", "koordinatorer", "samradet",
    *(f"{place}:{function}" for place in ("lsg", "lsg-au", "koordinatorer", *PARTIES) for function in FUNCTIONS),
    *(f"part:{party}:{function}" for party in PARTIES for function in FUNCTIONS),
]  # fmt: skip

days = st.integers(-2, 2).map(lambda n: DAY + timedelta(days=n))
periods = st.tuples(days, days).map(sorted)
appointments = st.builds(
    lambda who, body, party, function, period, open_end: {
        "person_id": who, "body": body, "party": party, "function": function,
        "starts": period[0], "ends": None if open_end else period[1],
    },
    st.sampled_from(PEOPLE), st.sampled_from(PLACES), st.sampled_from((*PARTIES, None)), st.sampled_from(FUNCTIONS), periods,
    st.booleans(),
)  # fmt: skip
absences = st.builds(
    lambda who, period, substitute: {
        "person_id": who, "starts": period[0], "ends": period[1], "substitute_id": substitute if substitute != who else None,
        "registered_at": start_of_day(DAY),
    },
    st.sampled_from(PEOPLE), periods, st.sampled_from((*PEOPLE, None)),
)  # fmt: skip


def one_absence_each(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return list({row["person_id"]: row for row in rows}.values())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seated=st.lists(appointments, max_size=14), away=st.lists(absences, max_size=4).map(one_absence_each), on=days)
def test_who_holds_and_what_is_held_agree(
    lite: Seats, seated: list[dict[str, object]], away: list[dict[str, object]], on: date
) -> None:
    if not lite.register.people():
        for number in PEOPLE:
            assert lite.person(f"person{number}", PARTIES[number % 3]) == number
    with lite.database.write() as connection:
        connection.execute(delete(absence))
        connection.execute(delete(appointment))
        for table, rows in ((appointment, seated), (absence, away)):
            if rows:
                connection.execute(insert(table), rows)
    held = {number: lite.register.roles_of(number, on) for number in PEOPLE}
    for role in ROLES:
        acting = lite.register.holders(role, on)
        ids = [holder.person_id for holder in acting]
        assert len(ids) == len(set(ids))
        assert set(ids) == {number for number in PEOPLE if role in held[number]}, role
        assert lite.register.vacant([role], on) == (frozenset() if acting else {role})
        for holder in acting:
            assert lite.register.acting_for(holder.person_id, role, on) == holder.acting_for
    assert {role for roles in held.values() for role in roles} <= set(ROLES)
