"""What the description promises holds for whatever is sent: no fault of ours, and every answer as it is described."""

from __future__ import annotations

from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.web.rest.conftest import Office, basic
from web.extensions import limiter

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 12  # an operation


def aim(case: schemathesis.Case, turn: int) -> None:
    """Every other request is about something that there is."""
    if turn % 2:
        there = {name: "asking" if name == "key" else 1 + turn // 2 % 5 for name in case.path_parameters or {}}
        case.path_parameters = there | ({"version": 1} if "version" in there else {})


@pytest.fixture
def served(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """With a case, a worker's task and an instance that waits; and any fault of ours is a 500 rather than an exception."""
    runtime = office.house.runtime
    runtime.start("asking", {"titel": "x"}, actor=office.actor(1))
    for key in ("weighing", "waiting", "timed", "failing"):
        runtime.start(key, {}, actor=office.actor(3), free={"n": 1, "text": "å", "list": [1]})
    office.app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(limiter, "enabled", False)
    return office


def test_every_operation_keeps_what_is_promised(served: Office) -> None:
    headers = basic("karin.lind")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served.app, headers=headers)
    operations, answers = 0, Counter[int]()
    for result in schema.get_all_operations():
        operation = result.ok()
        operations += 1

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def holds(case: schemathesis.Case) -> None:
            aim(case, sum(answers.values()))
            answers[case.call_and_validate(headers=headers, checks=CHECKS).status_code] += 1

        holds()
    assert operations >= 20
    assert answers[200] + answers[201] + answers[204] >= operations, answers  # not refusals alone
    assert served.house.runtime.verify(replay=True).faults == ()

