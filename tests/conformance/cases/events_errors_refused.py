"""Errors that cannot be thrown, or caught, as drawn."""

from tests.conformance.case import refused
from tests.conformance.cases.events_errors import handler
from tests.engine.bpmn.diagrams import (
    boundary,
    end,
    error,
    event_sub,
    node,
    process,
    start,
    throwing,
    user,
)

refused(
    "endEvent.error", "BPMN 10.5.5", "an error without a code",
    process(start(), end("end", error()), flows="start>end"),
    at="end", words="It is not said which error is thrown",
)  # fmt: skip
refused(
    "boundaryEvent.error", "BPMN 10.5.5", "an error that is not declared",
    process(start(), user("a"), boundary("b", "a", node("errorEventDefinition", errorRef="nowhere")), end(),
        flows="start>a; a>end; b>end"),
    at="b", words="“nowhere” does not exist",
)  # fmt: skip
refused(
    "boundaryEvent.error", "BPMN 10.5.4", "an error that interrupts nothing",
    process(start(), user("a"), boundary("b", "a", error("E1"), interrupting=False), end(), flows="start>a; a>end; b>end"),
    at="b", words="An error always interrupts",
)  # fmt: skip
refused(
    "startEvent.error", "BPMN 10.5.2", "an event subprocess that an error starts beside its scope",
    process(start(), user("a"), end(), event_sub("H", start("hs", error("E1")), end("he"), flows="hs>he", interrupting=False),
            flows="start>a; a>end"),
    at="hs", words="An error always interrupts",
)  # fmt: skip
refused(
    "startEvent.error", "BPMN 10.5.2", "a process that an error starts",
    process(start("s", error("E1")), user("a"), flows="s>a"),
    at="s", words="Nothing outside throws error into a process",
)  # fmt: skip
refused(
    "boundaryEvent.error", "BPMN 10.5.4", "two events on one activity that catch every error",
    process(start(), user("a"), boundary("b", "a", error()), boundary("c", "a", error()), end(),
        flows="start>a; a>end; b>end; c>end"),
    at="c", words="Another event catches every error at “a” too",
)  # fmt: skip
refused(
    "boundaryEvent.error", "BPMN 10.5.4", "two events on one activity for one error",
    process(start(), user("a"), boundary("b", "a", error("E1")), boundary("c", "a", error("E1")), end(),
            flows="start>a; a>end; b>end; c>end"),
    at="c", words="Another event catches error “E1” at “a” too",
)  # fmt: skip
refused(
    "startEvent.error", "BPMN 10.3.5", "two event subprocesses of one scope for one error",
    process(start(), user("a"), end(), handler(error("E1"), id="H"), handler(error("E1"), id="I"), flows="start>a; a>end"),
    at="Is", words="Another event catches error “E1”",
)  # fmt: skip
refused(
    "intermediateThrowEvent.error", "BPMN 10.5.4", "an error in the middle of a path",
    process(start(), throwing("t", error("E1")), end(), flows="start>t; t>end"),
    at="t", words="throw it from an end event",
)  # fmt: skip
refused(
    "endEvent.error", "Camunda 7", "a variable for the code where it is thrown",
    process(start(), end("end", error("E1", _errorCodeVariable="c")), flows="start>end"),
    at="end", words="only where the error is caught",
)  # fmt: skip
refused(
    "boundaryEvent.error", "Camunda 7", "a variable for the code that can be none",
    process(start(), user("a"), boundary("b", "a", error(_errorCodeVariable="a b")), end(), flows="start>a; a>end; b>end"),
    at="b", words="cannot be the name of a variable",
)  # fmt: skip
refused(
    "boundaryEvent.error", "Camunda 7", "an expression as the code that is waited for",
    process(start(), user("a"), boundary("b", "a", error("E${n}")), end(), flows="start>a; a>end; b>end"),
    at="b", words="is an expression, which cannot be waited for",
)  # fmt: skip
refused(
    "endEvent.multiple", "BPMN 10.5.3", "an end that ends in two ways",
    process(start(), end("end", error("E1"), node("terminateEventDefinition")), flows="start>end"),
    at="end", words="An end event ends in one way",
)  # fmt: skip
