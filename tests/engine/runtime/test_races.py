"""Two transactions at once, made to meet at the worst moment: nothing happens twice, nothing is lost, nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from engine.bpmn import Instance, StepFailed
from engine.runtime import Done, InstanceEnded, NotFound, TaskClosed, TaskTaken
from engine.runtime.errands import Errands
from engine.runtime.task_errors import task_error
from engine.runtime.work import Work
from engine.store.tables import definition, errand, history, incident, instance, subscription, task
from tests.engine.runtime.conftest import House
from tests.engine.runtime.diagrams import ONE_STEP, diagram, end, flow, line, start, user
from tests.engine.runtime.test_commands import ANSWERER, ASKED, SERVED, WAITER, column

SECONDS = 30  # what a test waits for a thread; reached only when something hangs


class Gate:
    """A named point that the first thread to come there waits at until it is let through."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            assert self.opened.wait(SECONDS)


@contextmanager
def gate(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, *, after: bool = False) -> Iterator[Gate]:
    """The first call of the method `name` stops before (or `after`) it does its work."""
    found, original = Gate(), getattr(owner, name)

    def stopping(*args: Any, **kwargs: Any) -> Any:
        if not after:
            found()
        result = original(*args, **kwargs)
        if after:
            found()
        return result

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, stopping)
        try:
            yield found
        finally:
            found.opened.set()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def result(future: Future[Any]) -> Any:
    """What the thread returned, or the error that it ended with."""
    error = future.exception(SECONDS)
    return error if error is not None else future.result()


def begun(house: House, key: str = "one") -> Done:
    return house.runtime.start(key, {}, actor=house.karin)


def sound(house: House) -> None:
    """Nothing is left over and the history proves every state."""
    assert house.runtime.verify(replay=True).faults == ()
    assert column(house, errand.c.id) == []
    assert column(house, incident.c.id) == []


def interleaved(
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    threads: ThreadPoolExecutor,
    first: Callable[[], Any],
    second: Callable[[], Any],
    owner: type = Work,
    name: str = "save",
) -> tuple[Any, Any]:
    """`first` stops at the named point, under its locks; `second` is given meanwhile and must wait for it; then both end."""
    with gate(monkeypatch, owner, name) as held:
        one = threads.submit(first)
        assert held.reached.wait(SECONDS)
        another = threads.submit(second)
        assert waits_for_lock(house, another)
        held.opened.set()
        return result(one), result(another)


def waits_for_lock(house: House, future: Future[Any]) -> bool:
    """Whether the other has got as far as it can: on PostgreSQL the server says who waits; on SQLite nobody but the one with the
    database can be anywhere but before the beginning."""
    if house.database.dialect == "sqlite":
        return not future.done()
    query = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    patience = threading.Event()
    for _ in range(SECONDS * 50):
        with house.database.read() as connection:
            if connection.exec_driver_sql(query).scalar_one() or future.done():
                return True
        patience.wait(0.02)
    return False


TWO_HANDS = diagram("one", start() + user("decide", "radet") + end() + line("begin", "decide", "done"), series="ET")


def test_two_completions_of_one_task(house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> None:
    house.deploy(one__bpmn=TWO_HANDS)
    (task_id,) = begun(house).tasks
    complete = house.runtime.complete
    first, second = interleaved(
        house, monkeypatch, threads,
        lambda: complete(task_id, {}, actor=house.anna), lambda: complete(task_id, {}, actor=house.bo),
    )  # fmt: skip
    assert first.completed
    assert isinstance(second, TaskClosed) and (second.by, second.at) == (house.anna.person_id, house.clock.now())
    sound(house)


def test_the_same_submit_at_the_same_time(house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> None:
    house.deploy(one__bpmn=TWO_HANDS)
    runtime = house.runtime
    first, second = interleaved(
        house, monkeypatch, threads,
        lambda: runtime.start("one", {}, actor=house.karin, submission="s1"),
        lambda: runtime.start("one", {}, actor=house.karin, submission="s1"),
    )  # fmt: skip
    assert first.instance_id == second.instance_id
    (task_id,) = first.tasks
    first, second = interleaved(
        house, monkeypatch, threads,
        lambda: runtime.complete(task_id, {}, actor=house.anna, submission="s2"),
        lambda: runtime.complete(task_id, {}, actor=house.anna, submission="s2"),
    )  # fmt: skip
    assert first.completed and second.completed
    assert column(house, history.c.kind, history.c.kind == "completed") == ["completed"]
    sound(house)


def test_two_claims_of_one_task(house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> None:
    house.deploy(one__bpmn=TWO_HANDS)
    (task_id,) = begun(house).tasks
    first, second = interleaved(
        house, monkeypatch, threads,
        lambda: house.runtime.claim(task_id, actor=house.anna), lambda: house.runtime.claim(task_id, actor=house.bo),
        owner=type(house.runtime), name="may_do",
    )  # fmt: skip
    assert first is None and isinstance(second, TaskTaken) and second.by == house.anna.person_id
    assert column(house, task.c.assignee_id) == [house.anna.person_id]


LIMITED = diagram(
    "one",
    start()
    + user("decide", "radet")
    + '<bpmn:boundaryEvent id="late" attachedToRef="decide"><bpmn:timerEventDefinition id="t">'
    "<bpmn:timeDuration>P14D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    + user("escalated", "koordinator")
    + end()
    + end("late_end")
    + line("begin", "decide", "done")
    + line("late", "escalated", "late_end"),
    series="ET",
)


def test_a_deadline_that_has_passed_wins_over_a_completion_that_comes_after_it(house: House) -> None:
    house.deploy(one__bpmn=LIMITED)
    (task_id,) = begun(house).tasks
    house.clock.advance(timedelta(days=15))  # and no scheduler has been awake since
    with pytest.raises(TaskClosed) as closed:
        house.runtime.complete(task_id, {}, actor=house.anna)
    assert (closed.value.status, closed.value.by) == ("cancelled", None)
    assert list(house.open_tasks()) == ["escalated"]
    assert house.runtime.run_due() == 0
    assert column(house, history.c.kind, history.c.kind == "fired") == ["fired"]
    sound(house)


def test_a_completion_comes_late_while_the_scheduler_fires_the_deadline(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheduler is through after the completion found the deadline passed and before it fires what is due itself."""
    house.deploy(one__bpmn=LIMITED)
    (task_id,) = begun(house).tasks
    house.clock.advance(timedelta(days=15))
    fire = house.runtime._due.fire

    def scheduler_first(instance_id: int) -> bool:
        assert fire(instance_id)
        return fire(instance_id)

    monkeypatch.setattr(house.runtime._due, "fire", scheduler_first)
    with pytest.raises(TaskClosed) as closed:
        house.runtime.complete(task_id, {}, actor=house.anna)
    assert closed.value.status == "cancelled"
    sound(house)


def test_an_error_that_is_reported_after_the_deadline_finds_the_task_closed(house: House) -> None:
    house.deploy(one__bpmn=LIMITED)
    (task_id,) = begun(house).tasks
    house.clock.advance(timedelta(days=15))
    with pytest.raises(TaskClosed) as closed:
        task_error(house.runtime, task_id, "E", "", {}, actor=house.anna)
    assert closed.value.status == "cancelled"
    assert list(house.open_tasks()) == ["escalated"]
    sound(house)


def test_a_completion_meets_the_timer(house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> None:
    house.deploy(one__bpmn=LIMITED)
    (task_id,) = begun(house).tasks
    house.clock.advance(timedelta(days=15))
    _, second = interleaved(
        house, monkeypatch, threads, house.runtime.run_due, lambda: house.runtime.complete(task_id, {}, actor=house.anna)
    )
    assert isinstance(second, TaskClosed) and second.status == "cancelled"
    sound(house)


def test_two_schedulers_fire_one_timer_once(house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> None:
    house.deploy(one__bpmn=LIMITED)
    begun(house)
    house.clock.advance(timedelta(days=15))
    other = house.reopened()
    assert sorted(interleaved(house, monkeypatch, threads, house.runtime.run_due, other.run_due)) == [0, 1]
    assert column(house, history.c.kind, history.c.kind == "fired") == ["fired"]
    assert list(house.open_tasks()) == ["escalated"]
    sound(house)


def test_two_workers_carry_one_errand_once(house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> None:
    house.deploy(served__bpmn=SERVED)
    with monkeypatch.context() as dead:
        dead.setattr(Errands, "carry_out", lambda self, errand_id: None)
        begun(house, "served")
    other = house.reopened()
    assert sorted(interleaved(house, monkeypatch, threads, house.runtime.run_due, other.run_due)) == [0, 1]
    assert column(house, history.c.kind, history.c.kind == "served") == ["served"]
    sound(house)


def test_an_errand_in_other_hands_is_left_to_them(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that cannot have what is due comes back instead of asking for it again and again."""
    if house.database.dialect == "sqlite":
        pytest.skip("a writer on SQLite has the database to itself")
    house.deploy(waiter__bpmn=WAITER)
    with monkeypatch.context() as dead:
        dead.setattr(Errands, "carry_out", lambda self, errand_id: None)
        house.runtime.send("news", "VÄ-2026-0001", {}, actor=house.karin)
    with house.database.write() as connection:
        connection.execute(select(errand).with_for_update())
        assert house.runtime.run_due() == 0
    house.runtime.run_due()
    assert column(house, errand.c.status) == ["held"]


def test_a_message_meets_a_cancellation(house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> None:
    house.deploy(waiter__bpmn=WAITER)
    for sending_first in (True, False):
        waiting = begun(house, "waiter")

        def send(key: str = waiting.business_key) -> None:
            house.runtime.send("news", key, {}, actor=house.karin)

        def cancel(number: int = waiting.instance_id) -> Done:
            return house.runtime.cancel(number, "not needed", actor=house.karin)

        # Sending stops with the receiver locked and the message not yet delivered; cancelling stops before it writes.
        order = (send, cancel) if sending_first else (cancel, send)
        owner, name = (Instance, "receive") if sending_first else (Work, "save")
        results = interleaved(house, monkeypatch, threads, *order, owner=owner, name=name)
        assert not any(isinstance(each, Exception) for each in results)
        assert column(house, instance.c.status, instance.c.id == waiting.instance_id) == ["cancelled"]
    assert column(house, errand.c.status) == ["held"]  # the second message: nobody waited for it any more
    assert house.open_tasks() == {}
    assert house.runtime.verify(replay=True).faults == ()


@pytest.mark.parametrize("correlated", [True, False])
def test_a_message_that_comes_while_its_receiver_begins_to_wait(
    house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor, correlated: bool
) -> None:
    """Nobody is found, then the receiver's wait is committed, then the message would be held: it must not lie there for ever."""
    if house.database.dialect == "sqlite":
        pytest.skip("the two cannot overlap: a writer on SQLite has the database to itself")
    house.deploy(waiter__bpmn=WAITER)
    key = "VÄ-2026-0001" if correlated else None
    with gate(monkeypatch, Errands, "_receiver", after=True) as sender:
        sent = threads.submit(house.runtime.send, "news", key, {}, actor=house.karin)
        assert sender.reached.wait(SECONDS)
        begun(house, "waiter")
        sender.opened.set()
        assert result(sent) is None
    assert list(house.open_tasks()) == ["read"]
    sound(house)


def test_a_receiver_that_begins_to_wait_while_a_message_is_put_aside(
    house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor
) -> None:
    """The other way round: the message is held, uncommitted, when its receiver looks for messages that came early."""
    if house.database.dialect == "sqlite":
        pytest.skip("the two cannot overlap: a writer on SQLite has the database to itself")
    house.deploy(waiter__bpmn=WAITER)
    putting_aside = Gate()

    def before_commit(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.startswith("UPDATE errand") and "held" in str(parameters) and "correlation" not in statement:
            putting_aside()

    event.listen(house.database.engine, "after_cursor_execute", before_commit)
    sent = threads.submit(house.runtime.send, "news", "VÄ-2026-0001", {}, actor=house.karin)
    assert putting_aside.reached.wait(SECONDS)
    started = threads.submit(begun, house, "waiter")
    assert waits_for_lock(house, started)
    putting_aside.opened.set()
    result(sent), result(started)
    event.remove(house.database.engine, "after_cursor_execute", before_commit)
    assert list(house.open_tasks()) == ["read"]
    sound(house)


def test_an_early_message_that_names_no_receiver_finds_the_first_who_waits(house: House) -> None:
    house.deploy(waiter__bpmn=WAITER)
    house.runtime.send("news", None, {}, actor=house.karin)
    begun(house, "waiter")
    assert list(house.open_tasks()) == ["read"]
    sound(house)


NAMES = ["ordforande", "ledamot"] * 8


def test_sixteen_children_return_to_one_parent_at_once(house: House, threads: ThreadPoolExecutor) -> None:
    house.deploy(caller__bpmn=ASKED, answerer__bpmn=ANSWERER)
    house.runtime.send("asked", None, {"names": NAMES}, actor=house.karin)
    with house.database.read() as connection:
        rows = connection.execute(select(task.c.id, instance.c.title).join(instance, instance.c.id == task.c.instance_id)).all()
    together = threading.Barrier(8)

    def answer(mine: list[Any]) -> None:
        together.wait(SECONDS)
        for row in mine:
            house.runtime.complete(row.id, {}, actor=house.anna if "ordforande" in row.title else house.bo)

    futures = [threads.submit(answer, rows[number::8]) for number in range(8)]
    assert [result(future) for future in futures] == [None] * 8
    house.runtime.run_due()
    assert list(house.open_tasks()) == ["read"]
    assert len(column(house, history.c.id, history.c.kind == "returned")) == 16
    sound(house)


def test_cancelling_a_parent_while_its_child_answers(
    house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor
) -> None:
    """The parent's command writes a row that refers to the child, the child's one that refers to the parent."""
    house.deploy(caller__bpmn=ASKED, answerer__bpmn=ANSWERER)
    house.runtime.send("asked", None, {"names": ["ordforande"]}, actor=house.karin)
    (parent,) = column(house, instance.c.id, instance.c.parent_id.is_(None))
    (task_id,) = column(house, task.c.id, task.c.status == "open")
    with gate(monkeypatch, Work, "save") as child:
        answered = threads.submit(house.runtime.complete, task_id, {}, actor=house.anna)
        assert child.reached.wait(SECONDS)
        cancelled = threads.submit(house.runtime.cancel, parent, "wrong question", actor=house.karin)
        if house.database.dialect == "postgresql":  # the parent's command commits while the child's is still under way
            assert waits_for_lock(house, cancelled)
        child.opened.set()
        assert not isinstance(result(answered), Exception)
        assert not isinstance(result(cancelled), Exception)
    house.runtime.run_due()
    assert column(house, instance.c.status, instance.c.id == parent) == ["cancelled"]
    assert house.open_tasks() == {}
    sound(house)


def test_cancelling_while_a_service_is_asked(house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> None:
    """The worker has the errand, the cancellation the instance: each needs what the other holds, unless both take them in order."""
    house.deploy(served__bpmn=SERVED)
    with monkeypatch.context() as dead:
        dead.setattr(Errands, "carry_out", lambda self, errand_id: None)
        asked = begun(house, "served")
    with gate(monkeypatch, Instance, "cancel") as cancelling:
        cancelled = threads.submit(house.runtime.cancel, asked.instance_id, "not needed", actor=house.karin)
        assert cancelling.reached.wait(SECONDS)
        carried = threads.submit(house.reopened().run_due)
        assert waits_for_lock(house, carried)
        cancelling.opened.set()
        assert not isinstance(result(cancelled), Exception)
        assert result(carried) == 0
    assert column(house, instance.c.status) == ["cancelled"]
    sound(house)


def test_a_deployment_meets_a_start(house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> None:
    house.deploy(one__bpmn=TWO_HANDS)
    changed = TWO_HANDS.replace(b'name="One"', b'name="One more"')
    assert changed != TWO_HANDS
    with gate(monkeypatch, Work, "save") as starting:
        started = threads.submit(begun, house)
        assert starting.reached.wait(SECONDS)
        deployed = threads.submit(house.runtime.deploy, {"one.bpmn": changed}, why="second")
        if house.database.dialect == "postgresql":
            assert [version.version for version in result(deployed).new] == [2]
        starting.opened.set()
        first = result(started)
        result(deployed)
    second = begun(house)
    versions = {row.id: row.version for row in house.runtime.definitions.all_live("process")}
    with house.database.read() as connection:
        of = dict(connection.execute(select(instance.c.id, definition.c.version).join(definition)).all())
    assert set(versions.values()) == {2}
    assert (of[first.instance_id], of[second.instance_id]) == (1, 2)
    sound(house)


def test_two_deployments_of_one_process(house: House, threads: ThreadPoolExecutor) -> None:
    together = threading.Barrier(4)

    def deploy(number: int) -> Any:
        together.wait(SECONDS)
        return house.runtime.deploy({"one.bpmn": ONE_STEP.replace(b'name="One"', f'name="One {number}"'.encode())}, why="race")

    done = [result(future) for future in [threads.submit(deploy, number) for number in range(4)]]
    assert sorted(each.new[0].version for each in done) == [1, 2, 3, 4]
    assert sorted(each.registration for each in done) == [f"PV-2026-000{number}" for number in (1, 2, 3, 4)]


def test_an_act_after_its_wait_has_ended(house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> None:
    action = (
        b'<bpmn:intermediateCatchEvent id="wait"><bpmn:extensionElements><camunda:properties>'
        b'<camunda:property name="action" value="Go"/></camunda:properties></bpmn:extensionElements>'
    )
    house.deploy(waiter__bpmn=WAITER.replace(b'<bpmn:intermediateCatchEvent id="wait">', action))
    begun(house, "waiter")
    (waiting,) = column(house, subscription.c.id)
    act = house.runtime.act
    first, second = interleaved(
        house, monkeypatch, threads, lambda: act(waiting, {}, actor=house.karin), lambda: act(waiting, {}, actor=house.karin)
    )
    assert isinstance(first, Done) and isinstance(second, NotFound)
    sound(house)


def test_verifying_while_others_work(house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> None:
    """What is verified is one moment: a command that is committed between two of the verifier's reads is no fault."""
    from engine.runtime.verify import Verifier

    house.deploy(one__bpmn=TWO_HANDS)
    (task_id,) = begun(house).tasks
    with gate(monkeypatch, Verifier, "_instances", after=True) as looking:
        verified = threads.submit(house.runtime.verify, replay=True)
        assert looking.reached.wait(SECONDS)
        house.runtime.complete(task_id, {}, actor=house.anna)
        looking.opened.set()
        assert result(verified).faults == ()


def test_many_commands_need_no_more_connections_than_there_are(house: House) -> None:
    """Every command may ask for a second connection while it holds one; with many threads that must not run dry."""
    body = start(initiator="who") + user("decide", "radet") + end() + line("begin", "decide", "done")
    house.deploy(one__bpmn=diagram("one", body))
    tasks = [begun(house).tasks[0] for _ in range(24)]
    other = house.reopened()  # with cold caches every command reads its definitions
    together = threading.Barrier(24)

    def complete(task_id: int) -> Done:
        together.wait(SECONDS)
        return other.complete(task_id, {}, actor=house.anna)

    with ThreadPoolExecutor(24) as pool:
        done = [result(future) for future in [pool.submit(complete, task_id) for task_id in tasks]]
    assert [each for each in done if isinstance(each, Exception)] == []
    sound(house)


def test_one_instance_at_fault_does_not_keep_the_others_waiting(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.deploy(one__bpmn=LIMITED)
    bad, good = begun(house), begun(house)
    house.clock.advance(timedelta(days=15))
    save = Work.save

    def failing(self: Work, loaded: Any, *args: Any, **kwargs: Any) -> Any:
        if loaded.business_key == bad.business_key:
            raise RuntimeError("the disk is full")
        return save(self, loaded, *args, **kwargs)

    with monkeypatch.context() as broken:
        broken.setattr(Work, "save", failing)
        house.runtime.run_due()
        assert column(house, incident.c.instance_id, incident.c.resolved_at.is_(None)) == [bad.instance_id]
    assert list(house.open_tasks(good.instance_id)) == ["escalated"]
    house.pass_time(hours=2)
    assert list(house.open_tasks(bad.instance_id)) == ["escalated"]
    assert column(house, incident.c.id, incident.c.resolved_at.is_(None)) == []
    assert house.runtime.verify(replay=True).faults == ()


def test_a_step_that_fails_again_and_again_is_one_incident_until_it_succeeds(house: House) -> None:
    body = (
        start() + user("decide") + '<bpmn:exclusiveGateway id="which" default="which_done"/>' + user("other") + end() + end("end2")
        + line("begin", "decide", "which", "done") + flow("which", "other", "${nowhere == 2}") + line("other", "end2")
    )  # fmt: skip
    house.deploy(one__bpmn=diagram("one", body))
    (task_id,) = begun(house).tasks
    for _ in range(3):
        with pytest.raises(StepFailed, match="nowhere"):
            house.runtime.complete(task_id, {}, actor=house.anna)
    assert column(house, func.count(incident.c.id)) == [1]
    assert house.open_tasks() == {"decide": task_id}
    # What was missing comes in time: here by the hand of somebody who may write the instance's variables.
    with house.runtime.parts.work(house.karin) as work:
        work.connection.execute(update(instance).values(state=_with_variable(work, "nowhere", 1)))
    assert house.runtime.complete(task_id, {}, actor=house.anna).completed
    assert column(house, incident.c.id, incident.c.resolved_at.is_(None)) == []


def _with_variable(work: Work, name: str, value: Any) -> bytes:
    from engine.store.codec import pack

    (number,) = work.connection.execute(select(instance.c.id)).scalars()
    loaded = work.load(number)
    loaded.kernel.set_variables({name: value})
    return pack({"kernel": loaded.kernel.state(), "chain": loaded.chain.head})


def test_an_ended_instance_takes_no_command(house: House) -> None:
    house.deploy(one__bpmn=TWO_HANDS)
    started = begun(house)
    house.runtime.complete(started.tasks[0], {}, actor=house.anna)
    with pytest.raises(InstanceEnded):
        house.runtime.cancel(started.instance_id, "late", actor=house.karin)
