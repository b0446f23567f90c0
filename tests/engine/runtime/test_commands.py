"""Commands through the runtime: each is one transaction, happens once, and leaves a history that proves it."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from engine.bpmn import DeploymentRefused, StepFailed
from engine.runtime import Actor, Done, InstanceEnded, NotAllowed, NotFound, TaskClosed, TaskTaken
from engine.store.tables import (
    errand,
    history,
    history_content,
    incident,
    instance,
    involvement,
    notice,
    subscription,
    task,
    timer,
)
from tests.engine.runtime.conftest import Flaky, House
from tests.engine.runtime.diagrams import ONE_STEP, diagram, end, flow, line, start, user


def column(house: House, column: Any, *where: Any) -> list[Any]:
    with house.database.read() as connection:
        return list(connection.execute(select(column).where(*where).order_by(column)).scalars())


def begin(house: House, key: str = "one") -> Done:
    return house.runtime.start(key, {}, actor=house.karin)


def test_a_case_is_registered_and_completed(house: House) -> None:
    house.deploy(one__bpmn=ONE_STEP)
    started = begin(house)
    assert started.business_key == "ET-2026-0001"
    assert begin(house).business_key == "ET-2026-0002"
    (task_id,) = started.tasks
    done = house.runtime.complete(task_id, {}, actor=house.anna)
    assert done.completed
    with house.database.read() as connection:
        row = connection.execute(select(instance).where(instance.c.id == done.instance_id)).one()
    assert (row.status, row.outcome, row.outcome_id, row.ended_at) == ("completed", "Done", "done", house.clock.now())
    verified = house.runtime.verify(replay=True)
    assert verified.instances == 2
    assert verified.faults == ()


def test_the_chair_and_the_starter_may_see_the_case(house: House) -> None:
    house.deploy(one__bpmn=ONE_STEP)
    root = begin(house).root_id
    assert column(house, involvement.c.subject, involvement.c.root_id == root) == ["body:radet", "party:norr", "person:3"]


def test_only_those_who_hold_the_role_may_complete(house: House) -> None:
    house.deploy(one__bpmn=ONE_STEP)
    (task_id,) = begin(house).tasks
    with pytest.raises(NotAllowed) as refused:
        house.runtime.complete(task_id, {}, actor=house.bo)
    assert refused.value.roles == ("radet:ordforande",)
    assert house.open_tasks() == {"decide": task_id}


def test_a_role_that_nobody_holds_falls_to_the_coordinator(house: House) -> None:
    body = start() + user("decide", "radet:sekreterare") + end() + line("begin", "decide", "done")
    house.deploy(one__bpmn=diagram("one", body))
    (task_id,) = begin(house).tasks
    with pytest.raises(NotAllowed):
        house.runtime.complete(task_id, {}, actor=house.anna)
    assert house.runtime.complete(task_id, {}, actor=house.karin).completed


def test_starting_needs_a_role(house: House) -> None:
    body = start() + user("decide") + end() + line("begin", "decide", "done")
    house.deploy(one__bpmn=diagram("one", body, attributes='camunda:candidateStarterGroups="radet"'))
    with pytest.raises(NotAllowed):
        house.runtime.start("one", {}, actor=house.karin)
    assert [definition.key for definition in house.runtime.may_start(house.bo)] == ["one"]
    assert house.runtime.may_start(house.karin) == []
    house.runtime.start("one", {}, actor=house.bo)


def test_the_second_of_two_is_told_who_and_when(house: House) -> None:
    house.deploy(one__bpmn=diagram("one", start() + user("decide", "radet") + end() + line("begin", "decide", "done")))
    (task_id,) = begin(house).tasks
    house.runtime.complete(task_id, {}, actor=house.bo)
    with pytest.raises(TaskClosed) as closed:
        house.runtime.complete(task_id, {}, actor=house.anna)
    assert (closed.value.by, closed.value.at) == (house.bo.person_id, house.clock.now())


def test_the_same_submit_twice_happens_once(house: House) -> None:
    house.deploy(one__bpmn=ONE_STEP)
    first = house.runtime.start("one", {}, actor=house.karin, submission="start-1")
    assert house.runtime.start("one", {}, actor=house.karin, submission="start-1").instance_id == first.instance_id
    (task_id,) = first.tasks
    house.runtime.complete(task_id, {}, actor=house.anna, submission="form-1")
    assert house.runtime.complete(task_id, {}, actor=house.anna, submission="form-1").completed
    assert column(house, func.count(instance.c.id)) == [1]
    assert column(house, history.c.kind, history.c.kind == "completed") == ["completed"]


def test_two_threads_complete_one_task(house: House) -> None:
    house.deploy(one__bpmn=diagram("one", start() + user("decide", "radet") + end() + line("begin", "decide", "done")))
    for _ in range(5):
        (task_id,) = begin(house).tasks
        results: list[str] = []
        together = threading.Barrier(2)

        def attempt(actor: Actor, task_id: int = task_id, results: list[str] = results, together: Any = together) -> None:
            together.wait()
            try:
                house.runtime.complete(task_id, {}, actor=actor)
                results.append("done")
            except TaskClosed:
                results.append("closed")

        threads = [threading.Thread(target=attempt, args=(actor,)) for actor in (house.anna, house.bo)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == ["closed", "done"]
    assert house.runtime.verify(replay=True).faults == ()


def test_a_taken_task_is_somebodys_until_given_back(house: House) -> None:
    house.deploy(one__bpmn=diagram("one", start() + user("decide", "radet") + end() + line("begin", "decide", "done")))
    (task_id,) = begin(house).tasks
    house.runtime.claim(task_id, actor=house.bo)
    with pytest.raises(TaskTaken):
        house.runtime.complete(task_id, {}, actor=house.anna)
    with pytest.raises(NotAllowed):
        house.runtime.release(task_id, actor=house.anna)
    house.runtime.release(task_id, actor=house.bo)
    assert house.runtime.complete(task_id, {}, actor=house.anna).completed


def test_what_does_not_exist_is_not_found(house: House) -> None:
    with pytest.raises(NotFound):
        house.runtime.complete(4711, {}, actor=house.anna)
    with pytest.raises(NotFound):
        house.runtime.start("nothing", {}, actor=house.anna)
    with pytest.raises(NotFound):
        house.runtime.act(4711, {}, actor=house.anna)
    with pytest.raises(NotFound):
        house.runtime.cancel(4711, "", actor=house.anna)


def test_a_running_instance_stays_on_its_version(house: House) -> None:
    house.deploy(one__bpmn=ONE_STEP)
    (old_task,) = begin(house).tasks
    two = start() + user("decide") + user("sign") + end() + line("begin", "decide", "sign", "done")
    house.deploy(one__bpmn=diagram("one", two, series="ET", kind="case"))
    (new_task,) = begin(house).tasks
    assert house.runtime.complete(old_task, {}, actor=house.anna).completed
    assert not house.runtime.complete(new_task, {}, actor=house.anna).completed
    assert list(house.open_tasks()) == ["sign"]
    assert house.runtime.verify(replay=True).faults == ()


def test_an_unchanged_file_makes_no_version(house: House) -> None:
    first = house.runtime.deploy({"one.bpmn": ONE_STEP}, why="first")
    again = house.runtime.deploy({"one.bpmn": ONE_STEP}, why="again")
    assert [version.version for version in first.new] == [1]
    assert (first.registration, again.registration, again.new) == ("PV-2026-0001", None, ())


def test_a_refused_deployment_leaves_nothing(house: House) -> None:
    broken = diagram("two", start() + user("decide", formRef="no-such-form") + "<bpmn:scriptTask id='s'/>" + end())
    with pytest.raises(DeploymentRefused) as refused:
        house.runtime.deploy({"one.bpmn": ONE_STEP, "two.bpmn": broken, "notes.txt": b""}, why="test")
    told = "\n".join(str(problem) for problem in refused.value.problems)
    assert all(word in told for word in ("no-such-form", "s", "notes.txt"))
    assert house.runtime.definitions.live("process", "one") is None


CALLER = diagram(
    "caller",
    start()
    + """<bpmn:dataObject id="answers"/>
    <bpmn:callActivity id="ask" calledElement="answerer"><bpmn:extensionElements>
      <camunda:in source="who" target="who"/><camunda:out source="answer" target="answer"/></bpmn:extensionElements>
      <bpmn:multiInstanceLoopCharacteristics camunda:collection="${names}" camunda:elementVariable="who">
        <bpmn:loopDataOutputRef>answers</bpmn:loopDataOutputRef><bpmn:outputDataItem id="item" name="answer"/>
      </bpmn:multiInstanceLoopCharacteristics></bpmn:callActivity>"""
    + user("read")
    + end()
    + line("begin", "ask", "read", "done"),
    series="FR",
    kind="case",
)
ANSWERER = diagram(
    "answerer",
    start() + user("answer", "radet:${who}") + end() + line("begin", "answer", "done"),
    series="SV",
    kind="decision",
    title="Svar från ${who}",
    columns="answer=Svar",
)


# It has no start form: its list comes with the message that starts it.
ASKED = CALLER.replace(
    b'<bpmn:startEvent id="begin"/>',
    b'<bpmn:startEvent id="begin"><bpmn:messageEventDefinition id="m" messageRef="asked"/></bpmn:startEvent>',
).replace(b"<bpmn:process", b'<bpmn:message id="asked" name="asked"/><bpmn:process', 1)


def ask(house: House, names: list[str]) -> None:
    house.deploy(caller__bpmn=ASKED, answerer__bpmn=ANSWERER)
    house.runtime.send("asked", None, {"names": names}, actor=house.karin)


def start_caller(house: House, names: list[str]) -> Done:
    ask(house, names)
    with house.database.read() as connection:
        row = connection.execute(select(instance).where(instance.c.kind == "case")).one()
    return Done(row.id, row.id, row.business_key, False, ())


def test_called_instances_answer_side_by_side_in_order(house: House) -> None:
    root = start_caller(house, ["ordforande", "ledamot"])
    children = column(house, instance.c.id, instance.c.parent_id == root.instance_id)
    titles = column(house, instance.c.title, instance.c.parent_id == root.instance_id)
    assert titles == ["Svar från ledamot", "Svar från ordforande"]
    assert set(column(house, instance.c.root_id, instance.c.id.in_(children))) == {root.instance_id}
    tasks = column(house, task.c.id, task.c.status == "open")
    assert len(tasks) == 2
    house.runtime.complete(tasks[1], {}, actor=house.bo)
    assert "read" not in house.open_tasks(root.instance_id)
    house.runtime.complete(tasks[0], {}, actor=house.anna)
    assert "read" in house.open_tasks(root.instance_id)
    assert house.runtime.verify(replay=True).faults == ()


def test_cancelling_the_caller_cancels_what_it_called(house: House) -> None:
    root = start_caller(house, ["ordforande", "ledamot"])
    house.runtime.cancel(root.instance_id, "wrong question", actor=house.karin)
    assert set(column(house, instance.c.status)) == {"cancelled"}
    assert house.open_tasks() == {}
    assert column(house, errand.c.id) == []
    with pytest.raises(InstanceEnded):
        house.runtime.cancel(root.instance_id, "again", actor=house.karin)
    assert house.runtime.verify(replay=True).faults == ()


def test_a_server_that_dies_between_commit_and_errand_loses_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as dead:
        dead.setattr("engine.runtime.errands.Errands.carry_out", lambda self, errand_id: None)
        ask(house, ["ordforande"])
    assert column(house, instance.c.id) == []
    woken = house.reopened()
    assert woken.run_due() == 1  # the message that starts the caller; its call follows from it
    assert woken.run_due() == 0
    assert list(house.open_tasks()) == ["answer"]


WAITER = diagram(
    "waiter",
    start()
    + '<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition id="m" messageRef="news"/></bpmn:intermediateCatchEvent>'
    + user("read")
    + end()
    + line("begin", "wait", "read", "done"),
    head='<bpmn:message id="news" name="news"/>',
    series="VÄ",
)


def test_a_message_finds_its_receiver(house: House) -> None:
    house.deploy(waiter__bpmn=WAITER)
    first, second = begin(house, "waiter"), begin(house, "waiter")
    house.runtime.send("news", second.business_key, {}, actor=house.karin)
    assert house.open_tasks(first.instance_id) == {}
    assert "read" in house.open_tasks(second.instance_id)
    assert column(house, subscription.c.instance_id) == [first.instance_id]


def test_a_wait_has_a_number_that_no_other_gets(house: House) -> None:
    """A page that was left open holds it."""
    house.deploy(waiter__bpmn=WAITER)
    numbers = []
    for _ in range(2):
        done = begin(house, "waiter")
        numbers += column(house, subscription.c.id)
        house.runtime.send("news", done.business_key, {}, actor=house.karin)
    assert len(numbers) == 2
    assert numbers[0] != numbers[1]


def test_an_early_message_is_held(house: House) -> None:
    house.deploy(waiter__bpmn=WAITER)
    house.runtime.send("news", "VÄ-2026-0001", {}, actor=house.karin)
    assert column(house, errand.c.status) == ["held"]
    started = begin(house, "waiter")
    assert "read" in house.open_tasks(started.instance_id)
    assert column(house, errand.c.id) == []
    assert house.runtime.verify(replay=True).faults == ()


def test_a_message_that_names_nobody_while_several_wait_is_an_incident(house: House) -> None:
    house.deploy(waiter__bpmn=WAITER)
    begin(house, "waiter")
    house.runtime.send("news", None, {}, actor=house.karin)
    assert len(house.open_tasks()) == 1
    begin(house, "waiter")
    begin(house, "waiter")
    house.runtime.send("news", None, {}, actor=house.karin)
    house.pass_time(hours=1)
    assert column(house, errand.c.status) == ["failed"]


TIMED = diagram(
    "timed",
    start()
    + user("decide")
    + '<bpmn:boundaryEvent id="late" attachedToRef="decide" cancelActivity="false"><bpmn:timerEventDefinition id="t">'
    "<bpmn:timeDuration>P14D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    + user("remind", "koordinator")
    + end()
    + end("reminded")
    + line("begin", "decide", "done")
    + line("late", "remind", "reminded"),
)


def test_a_timer_fires_once_after_an_outage(house: House) -> None:
    house.deploy(timed__bpmn=TIMED)
    begin(house, "timed")
    due = house.runtime.next_due()
    assert due is not None and column(house, timer.c.due_at) == [due]
    house.clock.move_to(due + timedelta(days=40))
    woken = house.reopened()
    assert woken.run_due() == 1
    assert woken.run_due() == 0
    assert sorted(house.open_tasks()) == ["decide", "remind"]
    assert column(house, timer.c.token) == []
    assert house.runtime.verify(replay=True).faults == ()


SERVED = diagram(
    "served",
    start()
    + """<bpmn:serviceTask id="ask" camunda:type="external" camunda:topic="flaky"><bpmn:extensionElements><camunda:inputOutput>
      <camunda:inputParameter name="question">Hur</camunda:inputParameter>
      <camunda:outputParameter name="said">${answer}</camunda:outputParameter></camunda:inputOutput></bpmn:extensionElements>
      </bpmn:serviceTask>"""
    + user("read")
    + end()
    + line("begin", "ask", "read", "done"),
    columns="said=Svar",
)


def test_a_service_answers(house: House) -> None:
    house.deploy(served__bpmn=SERVED)
    begin(house, "served")
    assert list(house.open_tasks()) == ["read"]
    with house.database.read() as connection:
        assert connection.execute(select(instance.c.summary)).scalar_one() == {"said": "Hur!"}
    assert house.runtime.verify(replay=True).faults == ()


def test_a_failing_service_is_tried_again_then_laid_before_a_coordinator(house: House, flaky: Flaky) -> None:
    house.deploy(served__bpmn=SERVED)
    flaky.failures = 2
    begin(house, "served")
    assert house.open_tasks() == {}
    house.pass_time(hours=1)
    assert list(house.open_tasks()) == ["read"]
    flaky.failures = 3
    begin(house, "served")
    house.pass_time(days=2)
    with house.database.read() as connection:
        (row,) = connection.execute(select(incident)).all()
    assert (row.message, row.cause, row.resolved_at) == ("the archive does not answer", "RuntimeError", None)


def test_a_step_that_fails_rolls_the_whole_command_back(house: House) -> None:
    body = (
        start() + user("decide") + '<bpmn:exclusiveGateway id="which" default="which_done"/>' + user("other") + end() + end("end2")
        + line("begin", "decide", "which", "done") + flow("which", "other", "${nowhere.x == 2}") + line("other", "end2")
    )  # fmt: skip
    house.deploy(one__bpmn=diagram("one", body))
    (task_id,) = begin(house).tasks
    with pytest.raises(StepFailed):
        house.runtime.complete(task_id, {}, actor=house.anna)
    assert house.open_tasks() == {"decide": task_id}
    assert column(house, incident.c.element_id) == ["which"]
    assert house.runtime.verify(replay=True).faults == ()


def withdrawable(roles: str) -> bytes:
    """A process that whoever holds `roles` may withdraw."""
    body = (
        start(initiator="starter") + user("decide") + end() + line("begin", "decide", "done")
        + f"""<bpmn:subProcess id="withdrawal" triggeredByEvent="true">
        <bpmn:startEvent id="withdrawn"><bpmn:extensionElements><camunda:properties>
          <camunda:property name="action" value="Återkalla"/><camunda:property name="actionRoles" value="{roles}"/>
        </camunda:properties></bpmn:extensionElements><bpmn:messageEventDefinition id="m" messageRef="w"/></bpmn:startEvent>
        <bpmn:endEvent id="gone" name="Återkallat"/>""" + line("withdrawn", "gone") + "</bpmn:subProcess>"
    )  # fmt: skip
    attributes = 'camunda:candidateStarterGroups="radet"'
    return diagram("one", body, head='<bpmn:message id="w" name="withdraw"/>', attributes=attributes)


def test_people_send_what_the_diagram_lets_them(house: House) -> None:
    house.deploy(one__bpmn=withdrawable("${starter}"))
    house.runtime.start("one", {}, actor=house.bo)
    (waiting,) = column(house, subscription.c.id)
    with pytest.raises(NotAllowed):
        house.runtime.act(waiting, {}, actor=house.anna)
    done = house.runtime.act(waiting, {}, actor=house.bo)
    assert done.completed
    assert column(house, instance.c.outcome) == ["Återkallat"]
    assert column(house, task.c.status) == ["cancelled"]
    assert house.runtime.verify(replay=True).faults == ()


@pytest.mark.parametrize("roles", ["${''}", "${empty starter ? 'radet' : ''}"])
def test_an_action_that_names_nobody_is_closed_to_coordinators_too(house: House, roles: str) -> None:
    house.deploy(one__bpmn=withdrawable(roles))
    house.runtime.start("one", {}, actor=house.bo)
    (waiting,) = column(house, subscription.c.id)
    for person in (house.anna, house.bo, house.karin):
        with pytest.raises(NotAllowed):
            house.runtime.act(waiting, {}, actor=person)
    assert column(house, instance.c.status) == ["running"]


def test_a_notice_reaches_a_role(house: House) -> None:
    told = SERVED.replace(b"flaky", b"notify").replace(
        b'<camunda:inputParameter name="question">Hur</camunda:inputParameter>',
        b'<camunda:inputParameter name="to">radet</camunda:inputParameter>'
        b'<camunda:inputParameter name="subject">Hej</camunda:inputParameter>'
        b'<camunda:inputParameter name="text">Nytt</camunda:inputParameter>',
    )
    told = told.replace(b'<camunda:outputParameter name="said">${answer}</camunda:outputParameter>', b"")
    house.deploy(served__bpmn=told)
    begin(house, "served")
    assert column(house, notice.c.recipient) == ["radet"]


def test_history_shows_every_tampering(house: House) -> None:
    house.deploy(one__bpmn=ONE_STEP)
    (task_id,) = begin(house).tasks
    house.runtime.complete(task_id, {}, actor=house.anna)
    rows = column(house, history.c.id)

    def reasons() -> list[str]:
        return [fault.reason for fault in house.runtime.verify().faults]

    def tamper(statement: Any) -> None:
        with house.database.write() as connection:
            connection.execute(statement)

    assert reasons() == []
    tamper(update(history).where(history.c.id == rows[1]).values(element_id="elsewhere"))
    assert reasons() == ["the row is not what it was when it was written"]
    tamper(update(history).where(history.c.id == rows[1]).values(element_id="begin"))
    assert reasons() == []
    tamper(history_content.delete())
    assert reasons() == []
    assert house.runtime.verify(replay=True).erased == 1
    tamper(history.delete().where(history.c.id == rows[-1]))
    assert reasons() == ["the history ends before the instance's state does: rows at its end are gone"]
    tamper(history.delete().where(history.c.id == rows[2]))
    assert reasons()[0].startswith("the row is missing")
