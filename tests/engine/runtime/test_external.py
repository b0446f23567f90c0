"""Work for workers: laid out, fetched under a lock, answered, failed, retried; on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.bpmn import StepFailed
from engine.runtime import CommandRefused, Done, NotFound
from engine.runtime.external import Fetched, NotLocked, Topic, Workers
from engine.runtime.looking import variables_of
from engine.runtime.retry import retry
from engine.store.external import Order
from engine.store.tables import external_task, history, incident, instance
from tests.engine.runtime.conftest import House
from tests.engine.runtime.diagrams import diagram, end, flow, line, start, user

LOCK = timedelta(minutes=5)


def worker_task(id: str, topic: str, inner: str = "") -> str:
    said = f'name="{id.title()}" camunda:type="external" camunda:topic="{topic}"'
    return f'<bpmn:serviceTask id="{id}" {said}>{inner}</bpmn:serviceTask>'


IO = """<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="asked">${question}</camunda:inputParameter>
<camunda:outputParameter name="told">${reply}</camunda:outputParameter></camunda:inputOutput>
<camunda:properties><camunda:property name="hint" value="gently"/></camunda:properties></bpmn:extensionElements>"""
REST = user("look") + end() + line("begin", "weigh", "look", "done")
PLAIN = diagram("plain", start() + worker_task("weigh", "scales") + REST)
MAPPED = diagram("mapped", start() + worker_task("weigh", "scales", IO) + REST)
LATE = diagram(
    "late",
    start() + worker_task("weigh", "scales")
    + '<bpmn:boundaryEvent id="tired" attachedToRef="weigh"><bpmn:timerEventDefinition id="td"><bpmn:timeDuration>PT1H'
      "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    + end() + end("given_up", "Given up") + line("begin", "weigh", "done") + flow("tired", "given_up"),
)  # fmt: skip
ERRING = diagram(
    "erring",
    start() + worker_task("weigh", "scales")
    + '<bpmn:boundaryEvent id="broken" attachedToRef="weigh"><bpmn:errorEventDefinition id="ed" errorRef="e1"/>'
      "</bpmn:boundaryEvent>"
    + user("look") + user("mend") + end() + end("mended", "Mended")
    + line("begin", "weigh", "look", "done") + line("broken", "mend", "mended"),
    head='<bpmn:error id="e1" name="Broken" errorCode="BROKEN"/>',
)  # fmt: skip


URGENT = diagram("urgent", start() + worker_task("weigh", "scales").replace(">", ' camunda:taskPriority="${n}">', 1) + REST)


@pytest.fixture
def workers(house: House) -> Workers:
    return Workers(house.runtime)


def begin(house: House, key: str, **variables: Any) -> Done:
    return house.runtime.start(key, {}, actor=house.karin, free=variables)


def fetch(workers: Workers, worker: str = "w1", most: int = 10, **topic: Any) -> list[Fetched]:
    return workers.fetch_and_lock(worker, [Topic("scales", LOCK, **topic)], most, Order())


STANDING = incident.c.resolved_at.is_(None)


def rows(house: House, query: Any) -> list[Any]:
    with house.database.read() as connection:
        return list(connection.execute(query).all())


def test_a_worker_does_the_work_and_the_process_goes_on(house: House, workers: Workers) -> None:
    house.deploy(plain__bpmn=PLAIN)
    done = begin(house, "plain", weight=3)
    assert house.open_tasks() == {}
    (fetched,) = fetch(workers)
    assert (fetched.task.topic, fetched.task.element_id, fetched.task.worker) == ("scales", "weigh", "w1")
    assert fetched.task.locked_until == house.clock.now() + LOCK
    assert fetched.variables == {"weight": 3}
    assert fetch(workers, "w2") == []
    assert workers.complete(fetched.task.id, "w1", {"weight": 4}, {"mine": 1}).instance_id == done.instance_id
    assert list(house.open_tasks()) == ["look"]
    assert rows(house, select(external_task.c.id)) == []
    assert house.runtime.verify(replay=True).faults == ()
    with pytest.raises(NotFound):
        workers.complete(fetched.task.id, "w1", {}, {})


def test_an_answer_that_comes_again_never_reaches_other_work(house: House, workers: Workers) -> None:
    """A worker whose answer was lost on the way repeats it: the number must not have become another case's meanwhile."""
    house.deploy(plain__bpmn=PLAIN)
    begin(house, "plain")
    (first,) = fetch(workers)
    workers.complete(first.task.id, "w1", {"weight": 4}, {})
    begin(house, "plain")
    (second,) = fetch(workers)
    assert second.task.id != first.task.id
    with pytest.raises(NotFound):
        workers.complete(first.task.id, "w1", {"weight": 4}, {})


def test_what_is_handed_over_is_what_is_asked_for(house: House, workers: Workers) -> None:
    house.deploy(mapped__bpmn=MAPPED)
    begin(house, "mapped", question="how heavy?", other=1)
    (local,) = fetch(workers, local_only=True, with_properties=True)
    assert (local.variables, local.properties) == ({"asked": "how heavy?"}, {"hint": "gently"})
    workers.unlock(local.task.id)
    (some,) = fetch(workers, variables=("other", "missing"))
    assert (some.variables, some.properties) == ({"other": 1}, None)


def test_a_workers_answer_goes_out_and_the_tasks_own_stays_in(house: House, workers: Workers) -> None:
    """Camunda 7: variables are the process's, localVariables the task's, from which output parameters are made."""
    house.deploy(mapped__bpmn=MAPPED)
    done = begin(house, "mapped", question="?")
    (fetched,) = fetch(workers)
    workers.complete(fetched.task.id, "w1", {"weight": 4}, {"reply": "four"})
    with house.database.read() as connection:
        row = connection.execute(select(instance).where(instance.c.id == done.instance_id)).one()
        assert variables_of(house.runtime, connection, row) == {"question": "?", "weight": 4, "told": "four"}
    assert house.runtime.verify(replay=True).faults == ()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"business_key": "B-1"}, True), ({"business_key": "B-2"}, False), ({"definition_keys": ("plain", "x")}, True),
        ({"definition_keys": ("x",)}, False), ({"version_tag": "2"}, False), ({"equal": {"weight": 3}}, True),
        ({"equal": {"weight": 4}}, False), ({"equal": {"missing": None}}, False), ({"definition_ids": (10**9,)}, False),
    ],
)  # fmt: skip
def test_filters(house: House, workers: Workers, wanted: dict[str, Any], found: bool) -> None:
    house.deploy(plain__bpmn=PLAIN)
    house.runtime.start("plain", {}, actor=house.karin, business_key="B-1", free={"weight": 3})
    assert bool(fetch(workers, **wanted)) is found


def test_an_expired_lock_lets_others_fetch_and_the_first_may_answer_until_they_do(house: House, workers: Workers) -> None:
    house.deploy(plain__bpmn=PLAIN)
    begin(house, "plain")
    begin(house, "plain")
    first, second = fetch(workers)
    house.pass_time(minutes=6)
    assert fetch(workers, "w2", most=1)[0].task.id == first.task.id
    with pytest.raises(NotLocked, match="locked by “w2”"):
        workers.complete(first.task.id, "w1", {}, {})
    workers.complete(second.task.id, "w1", {}, {})
    with pytest.raises(CommandRefused, match="locked by"):
        workers.extend_lock(first.task.id, "w1", LOCK)
    workers.extend_lock(first.task.id, "w2", LOCK * 2)
    house.pass_time(minutes=7)
    assert fetch(workers, "w3") == []
    house.pass_time(minutes=4)
    with pytest.raises(CommandRefused, match="expired"):
        workers.extend_lock(first.task.id, "w2", LOCK)
    with pytest.raises(NotLocked):
        workers.complete(first.task.id, "nobody", {}, {})


def test_who_has_no_lock_is_told_so(house: House, workers: Workers) -> None:
    house.deploy(plain__bpmn=PLAIN)
    begin(house, "plain")
    ((number,),) = rows(house, select(external_task.c.id))
    with pytest.raises(NotLocked, match="it is not locked"):
        workers.complete(number, "w1", {}, {})
    workers.lock(number, "w1", LOCK)
    with pytest.raises(NotLocked):
        workers.lock(number, "w2", LOCK)
    with pytest.raises(NotLocked):
        workers.failure(number, "w2", message="", details=None, retries=1, pause=LOCK)


def test_a_failure_waits_and_the_last_one_is_an_incident(house: House, workers: Workers) -> None:
    house.deploy(plain__bpmn=PLAIN)
    done = begin(house, "plain")
    (fetched,) = fetch(workers)
    workers.failure(fetched.task.id, "w1", message="the scales hang", details="trace", retries=1, pause=timedelta(minutes=10))
    house.pass_time(minutes=9)
    assert fetch(workers) == []
    house.pass_time(minutes=1)
    (again,) = fetch(workers)
    assert (again.task.retries, again.task.error_message, again.task.error_details) == (1, "the scales hang", "trace")
    workers.failure(again.task.id, "w1", message="they fell down", details=None, retries=0, pause=timedelta(0))
    house.pass_time(hours=1)
    assert fetch(workers) == []
    columns = (incident.c.id, incident.c.message, incident.c.element_id, incident.c.cause)
    ((number, told, where, cause),) = rows(house, select(*columns).where(STANDING))
    assert (told, where, cause) == ("weigh: they fell down", "weigh", "WorkerFailed")
    retry(house.runtime, number, actor=house.karin)
    (third,) = fetch(workers)
    assert rows(house, select(incident.c.id).where(STANDING)) == []
    workers.complete(third.task.id, "w1", {}, {})
    kinds = [kind for (kind,) in rows(house, select(history.c.kind).where(history.c.instance_id == done.instance_id))]
    assert kinds.count("failed") == 2
    assert house.runtime.verify(replay=True).faults == ()


def test_a_deadline_takes_the_work_away(house: House, workers: Workers) -> None:
    house.deploy(late__bpmn=LATE)
    begin(house, "late")
    (fetched,) = fetch(workers)
    house.clock.advance(timedelta(hours=1))
    with pytest.raises(NotFound):
        workers.complete(fetched.task.id, "w1", {}, {})  # the deadline had passed: it has its effect
    assert rows(house, select(instance.c.outcome)) == [("Given up",)]
    assert rows(house, select(external_task.c.id)) == []
    assert house.runtime.verify(replay=True).faults == ()


def test_a_cancelled_instance_leaves_nothing_to_fetch(house: House, workers: Workers) -> None:
    house.deploy(plain__bpmn=PLAIN)
    done = begin(house, "plain")
    house.runtime.cancel(done.instance_id, "enough", actor=house.karin)
    assert fetch(workers) == []
    assert rows(house, select(external_task.c.id)) == []


def test_a_step_that_fails_leaves_the_work_where_it_was(house: House, workers: Workers) -> None:
    body = start() + worker_task("weigh", "scales") + user("look", dueDate="${weight}") + end()
    house.deploy(plain__bpmn=diagram("plain", body + line("begin", "weigh", "look", "done")))
    begin(house, "plain")
    (fetched,) = fetch(workers)
    with pytest.raises(StepFailed):
        workers.complete(fetched.task.id, "w1", {"weight": "no date"}, {})
    assert len(rows(house, select(incident.c.id).where(STANDING))) == 1
    workers.complete(fetched.task.id, "w1", {"weight": "2026-02-01"}, {})
    assert rows(house, select(incident.c.id).where(STANDING)) == []


def test_many_workers_at_once_share_the_work(house: House, workers: Workers) -> None:
    house.deploy(plain__bpmn=PLAIN)
    for _ in range(12):
        begin(house, "plain")
    together, got, lock = threading.Barrier(4), list[int](), threading.Lock()

    def work(name: str) -> None:
        own = Workers(house.reopened())
        together.wait()
        while found := fetch(own, name, most=2):
            with lock:
                got.extend(each.task.id for each in found)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(set(got)) == 12


def test_workers_are_told_when_something_is_laid_out(house: House, workers: Workers) -> None:
    told: list[set[str]] = []
    house.runtime.parts.offer = lambda topics: told.append(set(topics))
    house.deploy(plain__bpmn=PLAIN)
    begin(house, "plain")
    assert told == [{"scales"}]
    (fetched,) = fetch(workers)
    workers.unlock(fetched.task.id)
    assert told == [{"scales"}] * 2


def test_an_error_that_the_diagram_knows_is_caught(house: House, workers: Workers) -> None:
    house.deploy(erring__bpmn=ERRING)
    begin(house, "erring")
    (fetched,) = fetch(workers)
    workers.bpmn_error(fetched.task.id, "w1", "BROKEN", "the scales broke", {"weight": 0})
    assert list(house.open_tasks()) == ["mend"]
    assert rows(house, select(external_task.c.id)) == []
    assert house.runtime.verify(replay=True).faults == ()


def test_the_diagram_says_how_urgent_a_task_is(house: House, workers: Workers) -> None:
    house.deploy(urgent__bpmn=URGENT)
    for urgency in (1, 70, 5):
        begin(house, "urgent", n=urgency)
    with house.database.read() as connection:
        found = connection.execute(select(external_task.c.priority).order_by(external_task.c.id)).scalars()
        assert list(found) == [1, 70, 5]
    fetched = workers.fetch_and_lock("w", [Topic("scales", LOCK)], 3, Order(by_priority=True))
    assert [task.task.priority for task in fetched] == [70, 5, 1]


def test_an_urgency_that_is_no_number_fails_the_step(house: House) -> None:
    house.deploy(urgent__bpmn=URGENT)
    with pytest.raises(StepFailed, match="no whole number"):
        begin(house, "urgent", n="x")
