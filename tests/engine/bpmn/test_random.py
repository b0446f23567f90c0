"""Random diagrams of nested blocks, run by random answers: restoring after every step changes nothing, and no token is lost.

A block has one way in and one way out, so whatever is inside, each block must be left as often as it was entered, and the process
must end exactly when everything is answered.
"""

from __future__ import annotations

from collections import Counter
from itertools import count, pairwise
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.bpmn.events import Cancelled, EndReached, Entered, JobCleared, JobSet, Left, Passed, Taken
from tests.engine.bpmn.diagrams import (
    ad_hoc,
    again,
    boundary,
    call,
    cancelling,
    catch,
    complex_gateway,
    condition,
    each,
    end,
    error,
    escalation,
    event_sub,
    exclusive,
    inclusive,
    io,
    link,
    message,
    node,
    parallel,
    process,
    race,
    receive,
    service,
    signal,
    start,
    sub,
    task,
    throwing,
    timer,
    transaction,
    undoing,
    undone,
    user,
)
from tests.engine.bpmn.play import Play, compiled

MORE = ("marked", "job", "quantity", "complex", "ad-hoc")
LEAVES = st.sampled_from(["user", "service", "receive", "timer", "message", "call", "pass"])
BLOCKS = st.recursive(
    LEAVES.map(lambda kind: (kind, [])),
    lambda inner: st.tuples(
        st.sampled_from(
            [
                *("sequence", "exclusive", "parallel", "inclusive", "race", "loop", "sub", "guarded", "each", "each-in-turn", "io"),
                *("fails", "escalates", "signals", "undoes", "handled", "cancels", "watches", "links", "both"),
                *MORE,
            ]
        ),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=9,
)


class Drawing:
    """Draws blocks; every block gives the ids of its first and last node."""

    def __init__(self) -> None:
        self.numbers = count()
        self.nodes: list[Any] = []
        self.flows: list[str] = []
        self.pairs: list[tuple[str, str]] = []

    def add(self, element: Any) -> str:
        self.nodes.append(element)
        return str(element.get("id"))

    def id(self, kind: str) -> str:
        return f"{kind}_{next(self.numbers)}"

    def block(self, block: tuple[str, list[Any]]) -> tuple[str, str]:
        kind, inner = block
        first, last = getattr(self, f"draw_{kind.replace('-', '_')}")(inner)
        self.pairs.append((first, last))
        return first, last

    def chain(self, *ends: tuple[str, str]) -> tuple[str, str]:
        for (_, before), (after, _) in pairwise(ends):
            self.flows.append(f"{before}>{after}")
        return ends[0][0], ends[-1][1]

    def one(self, element: Any) -> tuple[str, str]:
        id = self.add(element)
        return id, id

    def draw_user(self, inner: list[Any]) -> tuple[str, str]:
        return self.one(user(self.id("user")))

    def draw_service(self, inner: list[Any]) -> tuple[str, str]:
        return self.one(service(self.id("service"), "topic"))

    def draw_receive(self, inner: list[Any]) -> tuple[str, str]:
        return self.one(receive(self.id("receive"), "M"))

    def draw_timer(self, inner: list[Any]) -> tuple[str, str]:
        return self.one(catch(self.id("timer"), timer(duration="P1D")))

    def draw_message(self, inner: list[Any]) -> tuple[str, str]:
        return self.one(catch(self.id("message"), message("M")))

    def draw_call(self, inner: list[Any]) -> tuple[str, str]:
        return self.one(call(self.id("call"), "other"))

    def draw_pass(self, inner: list[Any]) -> tuple[str, str]:
        return self.one(node("intermediateThrowEvent", self.id("pass"), message("Out")))

    def draw_sequence(self, inner: list[Any]) -> tuple[str, str]:
        return self.chain(*map(self.block, inner))

    def draw_io(self, inner: list[Any]) -> tuple[str, str]:
        local = self.one(user(self.id("user"), io({"local": "${n + 1}"}, {"out": "${local}"})))
        return self.chain(local, *map(self.block, inner))

    def split(self, gateway: Any, inner: list[Any], conditions: list[str]) -> tuple[str, str]:
        first, last = self.add(gateway(self.id("split"))), self.add(gateway(self.id("join")))
        for holds, (begin, finish) in zip(conditions, map(self.block, inner), strict=False):
            self.flows += [f"{first}>{begin} {holds}", f"{finish}>{last}"]
        return first, last

    def draw_exclusive(self, inner: list[Any]) -> tuple[str, str]:
        branches = [*inner, ("user", [])]
        return self.split(exclusive, branches, [f"${{n % {len(branches)} == {i}}}" for i in range(len(inner))] + ["*"])

    def draw_parallel(self, inner: list[Any]) -> tuple[str, str]:
        return self.split(parallel, [*inner, ("user", [])], [""] * (len(inner) + 1))

    def draw_inclusive(self, inner: list[Any]) -> tuple[str, str]:
        return self.split(inclusive, [*inner, ("pass", [])], [f"${{n % {i + 2} == 0}}" for i in range(len(inner))] + ["*"])

    def draw_race(self, inner: list[Any]) -> tuple[str, str]:
        first, last = self.add(race(self.id("race"))), self.add(exclusive(self.id("merge")))
        for number, (begin, finish) in enumerate(map(self.block, inner)):
            event = timer(duration=f"P{number}D") if number else message("M")
            caught = self.add(catch(self.id("caught"), event))
            self.flows += [f"{first}>{caught}", f"{caught}>{begin}", f"{finish}>{last}"]
        other = self.add(catch(self.id("caught"), message("N")))
        self.flows += [f"{first}>{other}", f"{other}>{last}"]
        return first, last

    def draw_loop(self, inner: list[Any]) -> tuple[str, str]:
        merge, decide = self.add(exclusive(self.id("merge"))), self.add(exclusive(self.id("decide")))
        wait = self.add(user(self.id("user")))  # a loop has to wait somewhere
        begin, finish = self.draw_sequence(inner)
        self.flows += [f"{merge}>{begin}", f"{finish}>{wait}", f"{wait}>{decide}", f"{decide}>{merge} ${{n % 3 == 0}}"]
        done = self.add(exclusive(self.id("done")))
        self.flows.append(f"{decide}>{done} *")
        return merge, done

    def inside(self, inner: list[Any], *extra: Any) -> tuple[str, str]:
        """A subprocess, drawn by another hand with the same numbers."""
        within = Drawing()
        within.numbers = self.numbers
        begin, finish = within.draw_sequence(inner)
        first, last = self.id("start"), self.id("end")
        within.flows += [f"{first}>{begin}", f"{finish}>{last}"]
        content = sub(self.id("sub"), *extra, start(first), *within.nodes, end(last), flows="; ".join(within.flows))
        return self.one(content)

    def within(self, inner: list[Any]) -> tuple[Drawing, str, str]:
        """A hand with the same numbers that draws blocks one after the other into a subprocess, from a start event on."""
        within = Drawing()
        within.numbers = self.numbers
        begin, finish = within.draw_sequence(inner)
        first = within.add(start(self.id("start")))
        within.flows.append(f"{first}>{begin}")
        return within, first, finish

    def guarded_by(self, host: Any, *events: tuple[Any, bool]) -> tuple[str, str]:
        """A host with boundary events, which meet behind it, or end aside if they do not interrupt."""
        place, merge = self.add(host), self.add(exclusive(self.id("merge")))
        for definition, interrupting in events:
            event = self.add(boundary(self.id("boundary"), place, definition, interrupting=interrupting))
            self.flows.append(f"{event}>{merge if interrupting else self.add(end(self.id('aside')))}")
        self.flows.append(f"{place}>{merge}")
        return place, merge

    def ending(self, inner: list[Any], tag: str, definition: Any, *more: Any) -> Any:
        """A subprocess that ends, for some answers, in an end event of another kind."""
        within, _, finish = self.within(inner)
        decide, last, other = exclusive(self.id("decide")), end(self.id("end")), end(self.id("other"), definition)
        ids = [str(drawn.get("id")) for drawn in (decide, last, other)]
        within.flows += [f"{finish}>{ids[0]}", f"{ids[0]}>{ids[2]} ${{n % 2 == 0}}", f"{ids[0]}>{ids[1]} *"]
        draw = {"subProcess": sub, "transaction": transaction}[tag]
        return draw(self.id("sub"), *within.nodes, decide, last, other, *more, flows="; ".join(within.flows))

    def draw_fails(self, inner: list[Any]) -> tuple[str, str]:
        return self.guarded_by(self.ending(inner, "subProcess", error("E")), (error(), True))

    def draw_escalates(self, inner: list[Any]) -> tuple[str, str]:
        host = self.ending(inner, "subProcess", escalation("L"))
        return self.guarded_by(host, (escalation("L"), False), (timer(duration="P4D"), True))

    def draw_handled(self, inner: list[Any]) -> tuple[str, str]:
        """An error that an event subprocess takes over, and a time at which another one runs beside."""
        handlers = [self.handler(error("E"), interrupting=True), self.handler(timer(cycle="R2/P1D"), interrupting=False)]
        return self.one(self.ending(inner, "subProcess", error("E"), *handlers))

    def handler(self, definition: Any, *, interrupting: bool) -> Any:
        begin, task, finish = self.id("start"), self.id("user"), self.id("end")
        flows = f"{begin}>{task}; {task}>{finish}"
        return event_sub(self.id("sub"), start(begin, definition), user(task), end(finish), flows=flows, interrupting=interrupting)

    def draw_cancels(self, inner: list[Any]) -> tuple[str, str]:
        task = self.id("user")
        handled = undone(task, user(self.id("undo")))
        content = self.ending([*inner], "transaction", cancelling(), *handled)
        first = next(drawing for drawing in content if drawing.tag.endswith("startEvent"))
        flow = next(drawing for drawing in content if drawing.get("sourceRef") == first.get("id"))
        follows = str(flow.get("targetRef"))
        flow.set("targetRef", task)
        content.append(user(task))
        content.append(node("sequenceFlow", self.id("flow"), sourceRef=task, targetRef=follows))
        return self.guarded_by(content, (cancelling(), True))

    def draw_undoes(self, inner: list[Any]) -> tuple[str, str]:
        """Blocks that can be undone, as far as tasks go: then everything in the subprocess is."""
        within, _, finish = self.within([*inner, ("user", [])])
        for host in [str(drawing.get("id")) for drawing in within.nodes if drawing.tag.endswith("userTask")]:
            within.nodes += undone(host, user(self.id("undo")))
        throw, last = throwing(self.id("throw"), undoing(waits=len(inner) > 1)), end(self.id("end"))
        within.flows += [f"{finish}>{throw.get('id')}", f"{throw.get('id')}>{last.get('id')}"]
        return self.one(sub(self.id("sub"), *within.nodes, throw, last, flows="; ".join(within.flows)))

    def draw_signals(self, inner: list[Any]) -> tuple[str, str]:
        name = self.id("signal")
        first, last = self.add(parallel(self.id("split"))), self.add(parallel(self.id("join")))
        caught, throw = self.add(catch(self.id("caught"), signal(name))), self.add(throwing(self.id("pass"), signal(name)))
        begin, finish = self.draw_sequence([*inner, ("user", [])])
        self.flows += [f"{first}>{caught}", f"{caught}>{last}", f"{first}>{begin}", f"{finish}>{throw}", f"{throw}>{last}"]
        return first, last

    def draw_watches(self, inner: list[Any]) -> tuple[str, str]:
        within, _, finish = self.within(inner)
        last = within.add(end(self.id("end")))
        within.flows.append(f"{finish}>{last}")
        content = sub(self.id("sub"), *within.nodes, flows="; ".join(within.flows))
        return self.guarded_by(content, (condition("${n % 5 == 4}"), False), (condition("${n % 7 == 6}"), True))

    def draw_links(self, inner: list[Any]) -> tuple[str, str]:
        name = self.id("link")
        out, into = self.add(throwing(self.id("out"), link(name))), self.add(catch(self.id("in"), link(name)))
        begin, finish = self.draw_sequence(inner)
        self.flows += [f"{finish}>{out}"]
        return begin, into

    def draw_both(self, inner: list[Any]) -> tuple[str, str]:
        """Two events of which both have to come, then the blocks."""
        awaited = self.add(
            node("intermediateCatchEvent", self.id("both"), message("M"), timer(duration="P1D"), parallelMultiple="true")
        )
        begin, finish = self.draw_sequence(inner)
        self.flows.append(f"{awaited}>{begin}")
        return awaited, finish

    def draw_sub(self, inner: list[Any]) -> tuple[str, str]:
        return self.inside(inner, io({"local": "${n}"}))

    def draw_each(self, inner: list[Any]) -> tuple[str, str]:
        return self.inside(inner, each(cardinality="2"))

    def draw_each_in_turn(self, inner: list[Any]) -> tuple[str, str]:
        return self.inside(inner, each(cardinality="2", sequential=True))

    def draw_marked(self, inner: list[Any]) -> tuple[str, str]:
        return self.inside(inner, again(most="2"))

    def draw_job(self, inner: list[Any]) -> tuple[str, str]:
        resting = self.one(user(self.id("user"), _asyncBefore="true", _asyncAfter="true"))
        return self.chain(resting, *map(self.block, inner))

    def draw_quantity(self, inner: list[Any]) -> tuple[str, str]:
        """Two tokens leave, and both are needed to go on. Between, each has a scope of its own: gateways would join the two."""
        twice = self.one(task(self.id("twice"), completionQuantity=2))
        return self.chain(twice, self.inside(inner), self.one(user(self.id("user"), startQuantity=2)))

    def draw_complex(self, inner: list[Any]) -> tuple[str, str]:
        """The first branch goes on; the others are taken in when the gateway is reset."""
        first, last = self.add(parallel(self.id("split"))), self.add(complex_gateway(self.id("complex"), "${activationCount >= 1}"))
        for begin, finish in map(self.block, [*inner, ("user", [])]):
            self.flows += [f"{first}>{begin}", f"{finish}>{last}"]
        return first, last

    def draw_ad_hoc(self, inner: list[Any]) -> tuple[str, str]:
        return self.one(ad_hoc(self.id("sub"), *(user(self.id("user")) for _ in range(len(inner) + 1)), ordering="Sequential"))

    def draw_guarded(self, inner: list[Any]) -> tuple[str, str]:
        host, _ = self.inside(inner)
        merge = self.add(exclusive(self.id("merge")))
        for definition, interrupting in ((timer(duration="P3D"), True), (timer(cycle="R2/P1D"), False)):
            event = self.add(boundary(self.id("boundary"), host, definition, interrupting=interrupting))
            finish = self.add(end(self.id("aside"))) if not interrupting else merge
            self.flows.append(f"{event}>{finish}")
        self.flows.append(f"{host}>{merge}")
        return host, merge


def drawn(block: tuple[str, list[Any]]) -> bytes:
    drawing = Drawing()
    first, last = drawing.block(block)
    flows = [*drawing.flows, f"start>{first}", f"{last}>end"]
    return process(start(), *drawing.nodes, end(), flows="; ".join(flows))


def step(story: Play, choice: int, n: int) -> tuple[str, int] | None:
    """Does one of the things that can be done now: what, and for which token. None if there is nothing to do."""
    doable: list[tuple[str, int]] = [("complete", live.token) for live in story.instance.open_tasks()]
    for live in story.instance.live():
        kind = live.element_id.partition("_")[0]
        if kind in ("service", "call"):
            doable.append(({"service": "serve", "call": "call_returned"}[kind], live.token))
    doable += [("receive", found.token) for found in story.subscriptions()]
    if story.instance.next_due() is not None:
        doable.append(("wait", 0))
    cleared = {event.token for event in story.of(JobCleared)}
    doable += [("carry_on", job.token) for job in story.of(JobSet) if job.token not in cleared]
    if not doable:
        return None
    what, token = doable[choice % len(doable)]
    if what == "wait":
        story.clock.move_to(max(story.instance.next_due(), story.clock.now()))
        story.fire()
    elif what == "carry_on":
        story.instance.carry_on(token)
        story._after()
    else:
        story._do(getattr(story.instance, what), token, {"n": n})
    return what, token


@settings(max_examples=150, deadline=None)
@given(block=BLOCKS, choices=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=30))
@example(block=("sequence", [("guarded", [("job", [("user", [])])])]), choices=[(1, 0)])
def test_restoring_changes_nothing_and_tokens_are_conserved(block, choices):
    model = compiled(drawn(block))
    memory, restored = Play(model).start({"n": 1}), Play(model, restoring=True).start({"n": 1})
    endings = ((0, n) for n in count(1, 6))  # no loop goes round for these: in the end everything ends
    done: set[tuple[str, int]] = set()
    for choice, n in [*choices, *[next(endings) for _ in range(400)]]:
        if memory.over:
            break
        did = step(memory, choice, n)
        assert did is not None, "it waits for nothing that could come"
        assert step(restored, choice, n) == did
        done.add(did)
        assert memory.events == restored.events
        assert memory.instance.state() == restored.instance.state()
    assert memory.over and restored.over
    conserved(memory, {token for what, token in done if what == "carry_on"})


def conserved(story: Play, carried_on: set[int]) -> None:
    assert story.instance.state()["t"] == []
    assert len(story.instance.state()["s"]) == 1
    assert not {"k", "l", "q", "e"} & set(story.instance.state())
    assert story.subscriptions() == []
    assert len(story.of(EndReached)) >= 1
    entered = Counter(event.token for event in story.of(Entered))
    ended = Counter(event.token for event in story.of(Left, Cancelled))
    assert entered == ended, "every wait that began was ended once"
    passed = Counter(event.element_id for event in story.of(Left, Passed))
    taken = Counter(event.element_id for event in story.of(Taken))
    withdrawn = Counter(job.element_id for job in story.of(JobSet) if job.kind == "after" and job.token not in carried_on)
    for way in story.model.flows.values():
        if way.source.startswith(("user", "pass", "merge", "done", "join", "caught")) and not way.source.startswith("decide"):
            assert taken[way.id] == passed[way.source] - withdrawn[way.source], f"who leaves {way.source} goes along its one flow"
