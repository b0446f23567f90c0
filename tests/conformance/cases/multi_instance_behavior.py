"""What a multi-instance activity throws when its runs end."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    Node,
    boundary,
    data,
    each,
    end,
    error,
    escalation,
    event_sub,
    message,
    node,
    process,
    reference,
    signal,
    start,
    sub,
    terminate,
    user,
)

LOOP = "multiInstanceLoopCharacteristics"
BEHAVIOR = f"{LOOP}.behavior"
SOURCE = "BPMN 10.3.8"


def beside(definition: Node, id: str = "thrown") -> Node:
    """The definition as one that stands beside the process."""
    definition.set("id", id)
    return definition


def when(condition: str, definition: Node | None) -> Node:
    events = [] if definition is None else [node("event", None, definition)]
    return node("complexBehaviorDefinition", None, reference("condition", condition), *events)


def rules(loop: Node, *definitions: Node) -> Node:
    loop.set("behavior", "Complex")
    loop.extend(definitions)
    return loop


def caught(activity: Node, catching: Node, *more: Node, interrupting: bool) -> bytes:
    """An activity, with an event on its border that leads to the task `c`; the ordinary way leads to `z`."""
    return process(
        start(),
        activity,
        boundary("b", str(activity.get("id")), catching, interrupting=interrupting),
        user("c"),
        user("z"),
        *more,
        flows=f"start>{activity.get('id')}; {activity.get('id')}>z; b>c",
    )


for kind, made in (("escalation", escalation), ("signal", signal)):
    case(
        BEHAVIOR, SOURCE, f"None throws its {kind} whenever a run ends",
        caught(
            user("a", each(cardinality="3", behavior="None", noneBehaviorEventRef="thrown")), made("K1"), beside(made("K1")),
            interrupting=False,
        ),
        """
        start      -> a a a
        complete a -> a a c
        complete a -> a c c
        complete a -> c c c z
        """,
        thrown="K1 K1 K1",
    )  # fmt: skip
    case(
        BEHAVIOR, SOURCE, f"One throws its {kind} when the first run ends, and not again",
        caught(
            user("a", each(cardinality="3", behavior="One", oneBehaviorEventRef="thrown")), made("K1"), beside(made("K1")),
            interrupting=False,
        ),
        """
        start      -> a a a
        complete a -> a a c
        complete a -> a c
        complete a -> c z
        """,
        thrown="K1",
    )  # fmt: skip
    case(
        BEHAVIOR, SOURCE, f"One with a {kind} that interrupts ends the others at the first to end",
        caught(
            user("a", each(cardinality="3", behavior="One", oneBehaviorEventRef="thrown")), made("K1"), beside(made("K1")),
            interrupting=True,
        ),
        """
        start      -> a a a
        complete a -> c
        """,
        cancelled="a a",
    )  # fmt: skip
case(
    BEHAVIOR, SOURCE, "None throws in one run after the other, too",
    caught(
        user("a", each(cardinality="2", sequential=True, behavior="None", noneBehaviorEventRef="thrown")), escalation("K1"),
        beside(escalation("K1")), interrupting=False,
    ),
    """
    start      -> a
    complete a -> c a
    complete a -> c c z
    """,
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "an interruption before the next run begins lets it not begin",
    caught(
        user("a", each(cardinality="2", sequential=True, behavior="One", oneBehaviorEventRef="thrown")), escalation("K1"),
        beside(escalation("K1")), interrupting=True,
    ),
    """
    start      -> a
    complete a -> c
    """,
    cancelled="",
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "an error that a run's end throws ends the others",
    caught(
        user("a", each(cardinality="2", behavior="One", oneBehaviorEventRef="thrown")), error("E1"), beside(error("E1")),
        interrupting=True,
    ),
    """
    start      -> a a
    complete a -> c
    """,
    cancelled="a",
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "an error that nothing catches ends the instance",
    process(
        start(), user("a", each(cardinality="2", behavior="One", oneBehaviorEventRef="thrown")), beside(error("E1")), end(),
        flows="start>a; a>end",
    ),
    """
    start      -> a a
    complete a -> failed
    """,
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "an escalation that the border does not catch goes outwards",
    process(
        start(),
        user("a", each(cardinality="2", behavior="None", noneBehaviorEventRef="thrown")),
        end(),
        event_sub("h", start("hs", escalation("K1")), user("u"), flows="hs>u", interrupting=False),
        beside(escalation("K1")),
        flows="start>a; a>end",
    ),
    """
    start      -> a a
    complete a -> a h u
    complete a -> h u h u
    """,
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "a message that a run's end throws goes out",
    process(
        start(), user("a", each(cardinality="2", behavior="None", noneBehaviorEventRef="thrown")), beside(message("M1")), end(),
        flows="start>a; a>end",
    ),
    """
    start      -> a a
    complete a -> a
    complete a -> done
    """,
    thrown="M1 M1",
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "All throws nothing",
    process(start(), user("a", each(cardinality="2", behavior="All")), user("z"), flows="start>a; a>z"),
    """
    start      -> a a
    complete a -> a
    complete a -> z
    """,
    thrown="",
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "Complex throws what its conditions say of the counters",
    caught(
        user("a", rules(each(cardinality="3"), when("${nrOfCompletedInstances == 2}", escalation("K1")))), escalation("K1"),
        interrupting=False,
    ),
    """
    start      -> a a a
    complete a -> a a
    complete a -> a c
    complete a -> c z
    """,
    thrown="K1",
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "Complex sees the results, the last one's included",
    caught(
        user("a", rules(each(cardinality="3", into="out", item="got"), when("${contains(out, 'no')}", escalation("K1")))),
        escalation("K1"), data("out"), interrupting=True,
    ),
    """
    start                -> a a a
    complete a got="yes" -> a a
    complete a got="no"  -> c
    """,
    cancelled="a",
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "Complex throws all that holds, in the order of the diagram",
    caught(
        user(
            "a",
            rules(
                each(cardinality="2"), when("${true}", escalation("K1")), when("${nrOfCompletedInstances == 2}", signal("S1")),
                when("${nrOfActiveInstances == 1}", message("M1")),
            ),
        ),
        escalation("K1"), interrupting=False,
    ),
    """
    start      -> a a
    complete a -> a c
    complete a -> c c z
    """,
    thrown="K1 M1 K1 S1",
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "Complex throws nothing more once it is interrupted",
    caught(
        user("a", rules(each(cardinality="2"), when("${true}", escalation("K1")), when("${true}", signal("S1")))),
        escalation("K1"), interrupting=True,
    ),
    """
    start      -> a a
    complete a -> c
    """,
    thrown="K1",
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "a condition that is neither true nor false fails",
    caught(
        user("a", rules(each(cardinality="2"), when("${n}", escalation("K1")))), escalation("K1"), interrupting=True,
    ),
    """
    start n=1  -> a a
    complete a -> !neither true nor false
    """,
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "a completion condition that holds lets the run's event come first",
    caught(
        user("a", each(cardinality="3", until="${true}", behavior="One", oneBehaviorEventRef="thrown")), escalation("K1"),
        beside(escalation("K1")), interrupting=False,
    ),
    """
    start      -> a a a
    complete a -> c z
    """,
    cancelled="a a",
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "of a subprocess throws when a run of its content is over",
    caught(
        sub("s", each(cardinality="2", behavior="None", noneBehaviorEventRef="thrown"), start("i"), user("a"), flows="i>a"),
        escalation("K1"), beside(escalation("K1")), interrupting=False,
    ),
    """
    start      -> s s a a
    complete a -> s a c
    complete a -> c c z
    """,
)  # fmt: skip
case(
    BEHAVIOR, SOURCE, "begins anew when the activity is run again",
    process(
        start(),
        node("exclusiveGateway", "m"),
        user("a", each(cardinality="1", behavior="One", oneBehaviorEventRef="thrown")),
        node("exclusiveGateway", "x"),
        user("z"),
        beside(escalation("K1")),
        flows="start>m; m>a; a>x; x>m ${!over}; x>z *",
    ),
    """
    start over=false     -> a
    complete a           -> a
    complete a over=true -> z
    """,
    thrown="K1 K1",
)  # fmt: skip

for behavior, name in (("None", "noneBehaviorEventRef"), ("One", "oneBehaviorEventRef")):
    refused(
        BEHAVIOR, SOURCE, f"{behavior} without an event",
        process(start(), user("a", each(cardinality="2", behavior=behavior)), flows="start>a"),
        at="a", words=f"{name} is missing",
    )  # fmt: skip
    refused(
        BEHAVIOR, SOURCE, f"{name} that names nothing",
        process(start(), user("a", each(cardinality="2", behavior=behavior, **{name: "nowhere"})), flows="start>a"),
        at="a", words="no event definition beside the process",
    )  # fmt: skip
    refused(
        BEHAVIOR, SOURCE, f"{name} beside the behavior All",
        process(start(), user("a", each(cardinality="2", **{name: "thrown"})), beside(signal("S1")), flows="start>a"),
        at="a", words=f"only with behavior {behavior}",
    )  # fmt: skip
refused(
    BEHAVIOR, SOURCE, "an event that cannot be thrown by a run",
    process(
        start(), user("a", each(cardinality="2", behavior="One", oneBehaviorEventRef="thrown")), beside(terminate()),
        flows="start>a",
    ),
    at="a", words="of kind terminate",
)  # fmt: skip
refused(
    BEHAVIOR, SOURCE, "Complex without a rule",
    process(start(), user("a", each(cardinality="2", behavior="Complex")), flows="start>a"),
    at="a", words="no complexBehaviorDefinition",
)  # fmt: skip
refused(
    BEHAVIOR, SOURCE, "a rule without an event",
    process(start(), user("a", rules(each(cardinality="2"), when("${true}", None))), flows="start>a"),
    at="a", words="needs a condition, and an event",
)  # fmt: skip
lonely = each(cardinality="2")
lonely.append(when("${true}", signal("S1")))
refused(
    BEHAVIOR, SOURCE, "a rule beside another behavior",
    process(start(), user("a", lonely), flows="start>a"),
    at="a", words="only with behavior Complex",
)  # fmt: skip
refused(
    BEHAVIOR, SOURCE, "a word that is none of the four",
    process(start(), user("a", each(cardinality="2", behavior="Some")), flows="start>a"),
    at="a", words="use None, One, All or Complex",
)  # fmt: skip
