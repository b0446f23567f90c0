from __future__ import annotations

import pytest

from engine.bpmn.events import EndReached, MessageThrown, Subscribed, TimerCleared, TimerSet
from engine.bpmn.failures import NotWaiting
from tests.engine.bpmn.diagrams import (
    boundary,
    catch,
    end,
    event_sub,
    exclusive,
    io,
    message,
    parallel,
    process,
    properties,
    race,
    receive,
    start,
    sub,
    terminate,
    throw,
    timer,
    user,
)


def hosted(*boundaries, host=None):
    """A user task `a` with boundary events, each leading to a task named after it."""
    after = [user(f"after_{event.get('id')}") for event in boundaries]
    flows = ["start>a", "a>done", "done>end"] + [f"{event.get('id')}>after_{event.get('id')}" for event in boundaries]
    return process(start(), user("a") if host is None else host, user("done"), end(), *boundaries, *after, flows="; ".join(flows))


def test_a_message_start(play):
    diagram = process(start(), start("by_message", message("Ny fråga")), user("a"), end(), flows="start>a; by_message>a; a>end")
    story = play(diagram).start({"x": 1}, element_id="by_message")
    assert story.model.message_starts == {"Ny fråga": "by_message"}
    assert story.complete("a").trail() == ["by_message", "a", "end"]


def test_catch_correlates_by_its_property(play):
    diagram = process(
        start(),
        catch("c", message("Svar"), properties(correlationKey="${part}-${execution.businessKey}")),
        end(),
        flows="start>c; c>end",
    )
    story = play(diagram).start({"part": "umea"})
    assert story.of(Subscribed) == [Subscribed("c", 2, "Svar", "umea-ÄR-2026-0001")]
    assert story.receive("c", {"svar": 1}).over


def test_throw_and_message_end(play):
    diagram = process(
        start(),
        throw("t", "Påminn", io({"dag": "${dag}"})),
        end("end", message("Klar"), io({"businessKey": "K"})),
        flows="start>t; t>end",
    )
    story = play(diagram).start({"dag": 1})
    assert story.of(MessageThrown) == [MessageThrown("t", "Påminn", None, {"dag": 1}), MessageThrown("end", "Klar", "K", {})]
    assert story.of(EndReached) == [EndReached("end", "end")]


def test_a_timer_catch_waits(play):
    diagram = process(start(), catch("t", timer(duration="P14D")), end(), flows="start>t; t>end")
    story = play(diagram).start()
    assert story.at("2026-01-26T08:59").open() == ["t"]
    assert story.at("2026-01-26T09:00").over


def test_an_interrupting_boundary_timer_ends_the_task(play):
    story = play(hosted(boundary("b", "a", timer(duration="PT1H")))).start()
    story.later(hours=1)
    assert story.open() == ["after_b"]
    assert story.cancelled() == ["a"]
    assert story.of(TimerCleared) == [TimerCleared("b", 3, True)]


def test_completion_in_time_clears_the_timer(play):
    story = play(hosted(boundary("b", "a", timer(duration="PT1H")))).start().complete("a")
    assert story.open() == ["done"]
    assert story.of(TimerCleared) == [TimerCleared("b", 3, False)]
    assert story.instance.next_due() is None


def test_a_timer_that_is_due_wins_over_a_later_completion(play):
    story = play(hosted(boundary("b", "a", timer(duration="PT1H")))).start()
    token = story.token("a")
    story.jump(hours=2)
    with pytest.raises(NotWaiting):
        story.instance.complete(token, {})
    assert [live.element_id for live in story.instance.live()] == ["after_b"]


def test_a_non_interrupting_timer_fires_once_and_the_task_stays(play):
    story = play(hosted(boundary("b", "a", timer(duration="PT1H"), interrupting=False))).start().later(hours=5)
    assert sorted(story.open()) == ["a", "after_b"]
    assert story.complete("a").complete("after_b").complete("done").over


def test_a_repeating_reminder_fires_every_round_until_the_task_is_done(play):
    story = play(hosted(boundary("b", "a", timer(cycle="R3/PT1H"), interrupting=False))).start().later(hours=2.5)
    assert story.open().count("after_b") == 2
    assert [event.due.hour for event in story.of(TimerSet)] == [9, 10, 11]
    story.later(hours=10)
    assert story.open().count("after_b") == 3
    story.complete("a")
    assert story.instance.next_due() is None


def test_rounds_missed_in_an_outage_fire_once_and_stay_on_the_grid(play):
    story = play(hosted(boundary("b", "a", timer(cycle="R/PT1H"), interrupting=False))).start().jump(hours=10, minutes=30)
    assert story.fire() == 1
    assert story.open().count("after_b") == 1
    assert (story.instance.next_due().hour, story.instance.next_due().minute) == (19, 0)


def test_a_boundary_message_can_come_again_and_again(play):
    story = play(hosted(boundary("b", "a", message("Komplettering"), interrupting=False))).start()
    for number in range(3):
        story.receive("b", {"n": number})
    assert story.open().count("after_b") == 3
    assert story.variables == {"n": 2}
    story.complete("a")
    assert story.subscriptions() == []


def test_an_interrupting_boundary_message_gives_up_the_others(play):
    story = play(hosted(boundary("b", "a", message("Återkalla")), boundary("c", "a", timer(duration="P1D")))).start().receive("b")
    assert story.open() == ["after_b"]
    assert story.instance.next_due() is None


def test_a_boundary_event_on_a_subprocess_ends_all_inside(play):
    inner = sub("a", start("s"), parallel("split"), user("x"), user("y"), end("e"), flows="s>split; split>x; split>y; x>e; y>e")
    story = play(hosted(boundary("b", "a", timer(duration="PT1H")), host=inner)).start().later(hours=1)
    assert story.open() == ["after_b"]
    assert sorted(story.cancelled()) == ["a", "x", "y"]


RACING = process(
    start(),
    race("g"),
    catch("m", message("Svar")),
    catch("t", timer(duration="P7D")),
    receive("r", "Annat"),
    user("got"),
    user("late"),
    end(),
    flows="start>g; g>m; g>t; g>r; m>got; t>late; r>got; got>end; late>end",
)


def test_the_first_event_behind_the_gateway_wins(play):
    story = play(RACING).start()
    assert story.open() == ["g"]
    assert [found.element_id for found in story.subscriptions()] == ["m", "r"]
    story.receive("m", {"svar": "ja"})
    assert story.open() == ["got"]
    assert story.trail() == ["start", "g", "m"]
    assert story.taken() == ["start_to_g", "g_to_m", "m_to_got"]
    assert story.subscriptions() == []
    assert story.instance.next_due() is None
    assert play(RACING).start().receive("r").open() == ["got"]
    assert play(RACING).start().later(days=7).open() == ["late"]


def test_a_timer_that_is_due_wins_the_race_against_a_message(play):
    story = play(RACING).start().jump(days=8)
    with pytest.raises(NotWaiting):
        story.receive("m")
    assert [live.element_id for live in story.instance.live()] == ["late"]


def test_two_timers_in_a_race_keep_their_own_time(play):
    diagram = process(
        start(),
        race("g"),
        catch("t1", timer(duration="P2D")),
        catch("t2", timer(duration="P1D")),
        user("a"),
        user("b"),
        flows="start>g; g>t1; g>t2; t1>a; t2>b",
    )
    assert play(diagram).start().later(days=5).open() == ["b"]


def test_terminate_ends_its_scope_only(play):
    inner = sub(
        "S",
        start("s"),
        parallel("split"),
        user("x"),
        user("y"),
        end("e", terminate()),
        end("f"),
        flows="s>split; split>x; split>y; x>e; y>f",
    )
    story = play(process(start(), inner, user("after"), end(), flows="start>S; S>after; after>end")).start().complete("x")
    assert story.open() == ["after"]
    assert story.cancelled() == ["y"]


def test_terminate_ends_the_process(play):
    diagram = process(
        start(),
        parallel("split"),
        user("x"),
        user("y"),
        end("e", terminate(), name="Avslutad"),
        end("f"),
        flows="start>split; split>x; split>y; x>e; y>f",
    )
    story = play(diagram).start().complete("x")
    assert story.over
    assert story.of(EndReached) == [EndReached("e", "Avslutad")]


def withdrawn(interrupting, begin, **more):
    handler = event_sub("H", begin, user("h"), end("h_end", name="Återkallad"), flows="hs>h; h>h_end", interrupting=interrupting)
    return process(start(), user("a"), end(), handler, flows="start>a; a>end", **more)


def test_an_interrupting_event_subprocess_takes_over(play):
    story = play(withdrawn(True, start("hs", message("Återkalla")))).start().receive("hs", {"skäl": "x"})
    assert story.cancelled() == ["a"]
    assert story.open() == ["H", "h"]
    assert story.subscriptions() == []
    story.complete("h")
    assert story.over
    assert story.trail() == ["start", "hs", "h", "h_end", "H"]
    assert [event.name for event in story.of(EndReached)] == ["Återkallad"]
    assert story.variables == {"skäl": "x"}


def test_a_non_interrupting_event_subprocess_runs_beside_and_again(play):
    story = play(withdrawn(False, start("hs", message("Fråga")))).start().receive("hs").receive("hs")
    assert story.open() == ["a", "H", "h", "H", "h"]
    story.complete("h").complete("a")
    assert not story.over
    assert story.complete("h").over
    assert [event.element_id for event in story.of(EndReached)] == ["end"]
    assert story.subscriptions() == []


def test_an_event_subprocess_does_not_keep_its_process_alive(play):
    story = play(withdrawn(False, start("hs", timer(cycle="R/P1D")))).start().later(days=2)
    assert story.open().count("h") == 2
    story.complete("h").complete("h").complete("a")
    assert story.over
    assert story.instance.next_due() is None


def test_an_event_subprocess_inside_a_subprocess_listens_only_while_that_runs(play):
    handler = event_sub("H", start("hs", message("Avbryt")), end("he"), flows="hs>he")
    inner = sub("S", start("s"), user("x"), end("e"), handler, flows="s>x; x>e")
    diagram = process(start(), user("before"), inner, user("after"), end(), flows="start>before; before>S; S>after; after>end")
    story = play(diagram).start()
    assert story.subscriptions() == []
    story.complete("before")
    assert [found.element_id for found in story.subscriptions()] == ["hs"]
    story.receive("hs")
    assert story.open() == ["after"]
    assert story.cancelled() == ["x"]
    assert story.of(EndReached) == []


def test_an_event_subprocess_sees_and_hides_variables(play):
    handler = event_sub(
        "H", start("hs", message("M")), user("h"), end("he"), io({"lokal": "${x}"}), flows="hs>h; h>he", interrupting=False
    )
    story = (
        play(process(start(), user("a"), end(), handler, flows="start>a; a>end"))
        .start({"x": 1})
        .receive("hs", {"lokal": 2, "y": 3})
    )
    assert story.instance.variables_at(story.token("h")) == {"x": 1, "y": 3, "lokal": 2}
    assert story.variables == {"x": 1, "y": 3}


def test_a_loop_that_never_waits_is_stopped(play, monkeypatch):
    from engine.bpmn.failures import StepFailed
    from engine.bpmn.kernel import workflow

    monkeypatch.setattr(workflow, "STEP_LIMIT", 500)
    diagram = process(start(), exclusive("x"), exclusive("y"), end(), flows="start>x; x>y; y>x ${true}; y>end *")
    with pytest.raises(StepFailed, match="never waits"):
        play(diagram).start()
