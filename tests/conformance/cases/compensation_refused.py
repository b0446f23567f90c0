"""Compensation that cannot be, and what its handlers must be."""

from tests.conformance.case import refused
from tests.conformance.cases.compensation import pair
from tests.engine.bpmn.diagrams import (
    boundary,
    end,
    event_sub,
    in_line,
    node,
    process,
    start,
    sub,
    throwing,
    timer,
    undoing,
    user,
)

refused(
    "boundaryEvent.compensate", "BPMN 10.5.4", "a flow out of a compensation event",
    process(start(), user("a"), *pair("a"), user("x"), end(), flows="start>a; a>end; a_undo>x; x>end"),
    at="a_undo", words="A flow leaves a compensation event",
)  # fmt: skip
refused(
    "boundaryEvent.compensate", "BPMN 10.7.1", "a compensation event without handler",
    process(start(), user("a"), boundary("b", "a", undoing()), end(), flows="start>a; a>end"),
    at="b", words="leads to no activity",
)  # fmt: skip
refused(
    "boundaryEvent.compensate", "BPMN 10.7.1", "a compensation event with two handlers",
    process(start(), user("a"), *pair("a"), user("u", isForCompensation="true"), node("association", "as", sourceRef="a_undo",
        targetRef="u"), end(),
            flows="start>a; a>end"),
    at="a_undo", words="leads to 2 activities",
)  # fmt: skip
refused(
    "userTask", "BPMN 10.7.1", "a handler that is not marked as being for compensation",
    process(start(), user("a"), boundary("b", "a", undoing()), user("u"), node("association", "as", sourceRef="b", targetRef="u"),
        end(),
            flows="start>a; a>u; u>end"),
    at="u", words="mark it as being for compensation",
)  # fmt: skip
refused(
    "userTask", "BPMN 10.7.1", "a handler within the flow",
    process(start(), user("a"), *pair("a"), end(), flows="start>a; a>undo_a; undo_a>end"),
    at="undo_a", words="stands outside the flow",
)  # fmt: skip
refused(
    "userTask", "BPMN 10.7.1", "an activity for compensation to which nothing leads",
    process(start(), user("a"), user("u", isForCompensation="true"), end(), flows="start>a; a>end"),
    at="u", words="Nothing leads to this activity for compensation",
)  # fmt: skip
refused(
    "boundaryEvent.compensate", "BPMN 10.7.1", "two compensation events on one activity",
    process(start(), user("a"), *pair("a"), boundary("b", "a", undoing()), user("u", isForCompensation="true"),
            node("association", "as", sourceRef="b", targetRef="u"), end(), flows="start>a; a>end"),
    at="b", words="Another event catches every compensate",
)  # fmt: skip
refused(
    "boundaryEvent", "BPMN 10.7.1", "a boundary event on a handler",
    process(start(), user("a"), *pair("a"), boundary("b", "undo_a", timer(duration="PT1H")), end(), flows="start>a; a>end; b>end"),
    at="b", words="stands on a handler of compensation",
)  # fmt: skip
refused(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "the undoing of an activity that there is not",
    in_line(user("a"), throwing("t", undoing("nowhere"))),
    at="t", words="“nowhere” that is to be undone does not exist",
)  # fmt: skip
refused(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "the undoing of an activity that nothing undoes",
    in_line(user("a"), throwing("t", undoing("a"))),
    at="t", words="Nothing undoes “a”",
)  # fmt: skip
refused(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "the undoing of an activity within a subprocess from outside it",
    in_line(sub("S", start("s"), user("a"), end("e"), *pair("a"), flows="s>a; a>e"), throwing("t", undoing("a"))),
    at="t", words="stands in another scope",
)  # fmt: skip
refused(
    "eventSubProcess.compensate", "BPMN 10.7.1", "an event subprocess that undoes the process itself",
    process(start(), user("a"), end(), event_sub("H", start("hs", undoing()), end("he"), flows="hs>he"), flows="start>a; a>end"),
    at="hs", words="A process is never undone as a whole",
)  # fmt: skip
refused(
    "eventSubProcess.compensate", "BPMN 10.7.1", "an event subprocess and a handler for one subprocess",
    in_line(sub("S", start("s"), user("a"), end("e"), event_sub("H", start("hs", undoing()), end("he"), flows="hs>he"),
        flows="s>a; a>e"), more=pair("S")),
    at="hs", words="keep one of the two",
)  # fmt: skip
refused(
    "startEvent.compensate", "BPMN 10.5.2", "a process that compensation starts",
    process(start("s", undoing()), user("a"), flows="s>a"),
    at="s", words="Nothing outside throws compensate",
)  # fmt: skip
refused(
    "boundaryEvent.multiple", "BPMN 10.5.4", "compensation as one of several of an event",
    process(start(), user("a"), boundary("b", "a", undoing(), extra=(timer(duration="PT1H"),)), end(),
        flows="start>a; a>end; b>end"),
    at="b", words="A compensate event definition stands alone",
)  # fmt: skip
