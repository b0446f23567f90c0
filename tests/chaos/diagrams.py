"""The processes of the load, and how often each element must have been passed when an instance is over."""

from __future__ import annotations

from collections.abc import Mapping

from tests.engine.bpmn.diagrams import (
    Node,
    boundary,
    call,
    catch,
    end,
    error,
    extension,
    io,
    message,
    parallel,
    process,
    properties,
    retry,
    service,
    signal,
    start,
    task,
    throw,
    timer,
    user,
)

STARTERS = {"_candidateStarterGroups": "koordinator,radet:ordforande"}
CHAIR = {"_candidateGroups": "radet:ordforande"}
CLIENTS = 4
# Seconds; what is not over by then has its effect.
REST, PAUSE, REMINDER, DEADLINE = 0.4, 0.2, 0.2, 0.5


def after(seconds: float) -> Node:
    return timer(duration=f"PT{seconds}S")


# A job, three things at once, a join, a message that may have come early, a service of the house's own.
ORDER = process(
    start(), task("prepare", _asyncBefore="true"), parallel("split"), user("sign", **CHAIR), service("weigh", "scales"),
    catch("rest", after(REST)), parallel("join"), catch("hear", message("parcel")),
    service("tell", "notify", retry("R5/PT1S"), io({"to": "koordinator", "subject": "order", "text": "${execution.businessKey}"})),
    end(),
    flows="start>prepare; prepare>split; split>sign; split>weigh; split>rest; sign>join; weigh>join; rest>join; join>hear; "
    "hear>tell; tell>end",
    key="order", **STARTERS,
)  # fmt: skip
# Throws the message that an order waits for, or will.
SENDER = process(
    start(), throw("send", "parcel", io({"businessKey": "${to}", "parcel": "${parcel}"})), end(), flows="start>send; send>end",
    key="sender", **STARTERS,
)  # fmt: skip
# Calls a part, which sends a message back: before or after the caller has begun to wait for it.
WHOLE = process(
    start(), parallel("split"),
    call("ask", "part", extension("in", businessKey="${execution.businessKey}"), extension("in", variables="all")),
    catch("pause", after(PAUSE)), catch("report", message("report")), parallel("join"), end(),
    flows="start>split; split>ask; split>pause; pause>report; ask>join; report>join; join>end", key="whole", **STARTERS,
)  # fmt: skip
PART = process(
    start(), user("work", **CHAIR), throw("answer", "report", io({"businessKey": "${execution.businessKey}"})), end(),
    flows="start>work; work>answer; answer>end", key="part",
)  # fmt: skip
# A task against a deadline, with a reminder on the way.
RACE = process(
    start(), user("decide", **CHAIR), boundary("late", "decide", after(DEADLINE)),
    boundary("remind", "decide", after(REMINDER), interrupting=False), end("decided"), end("missed"), end("reminded"),
    flows="start>decide; decide>decided; late>missed; remind>reminded", key="race", **STARTERS,
)  # fmt: skip
WORK = process(
    start(), service("weigh", "scales"), boundary("broken", "weigh", error("BROKEN")), user("mend", **CHAIR), end("weighed"),
    end("mended"), flows="start>weigh; weigh>weighed; broken>mend; mend>mended", key="work", **STARTERS,
)  # fmt: skip
# The flocks of the clients: each hears its own signal, all its members together.
FLOCKS = {
    f"flock{number}": process(
        start(), catch("alarm", signal(f"alarm{number}")), end(), flows="start>alarm; alarm>end", key=f"flock{number}", **STARTERS
    )
    for number in range(CLIENTS)
}
LETTER = process(start("start", message("letter")), user("read", **CHAIR), end(), flows="start>read; read>end", key="letter")
PAGE = process(
    start(), user("look", **CHAIR), catch("rest", after(PAUSE)), end(), properties(kind="case", series="ET"),
    flows="start>look; look>rest; rest>end", key="page", **STARTERS,
)  # fmt: skip
TICK = process(start("start", timer(cycle="R/PT1S")), task("beat"), end(), flows="start>beat; beat>end", key="tick")

FILES: Mapping[str, bytes] = {
    f"{key}.bpmn": content
    for key, content in {
        "order": ORDER, "sender": SENDER, "whole": WHOLE, "part": PART, "race": RACE, "work": WORK, "letter": LETTER, "page": PAGE,
        "tick": TICK, **FLOCKS,
    }.items()
}  # fmt: skip
