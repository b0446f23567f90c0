"""Complex gateways."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    complex_gateway,
    end,
    exclusive,
    parallel,
    process,
    start,
    user,
)


def three(condition, *after, flows, more=()):
    """Three tasks side by side into the complex gateway `c`."""
    return process(
        start(),
        parallel("fork"),
        user("a"),
        user("b"),
        user("d"),
        complex_gateway("c", condition),
        *after,
        *more,
        flows=f"start>fork; fork>a; fork>b; fork>d; a>c; b>c; d>c; {flows}",
    )


case(
    "complexGateway",
    "BPMN 13.4.5",
    "goes on when its activation condition holds over the tokens that came",
    three("${activationCount >= 2}", user("z"), flows="c>z"),
    """
    start      -> a b d
    complete a -> b d c
    complete d -> b c z
    """,
)
case(
    "complexGateway",
    "BPMN 13.4.5",
    "waits for the late tokens and is then reset, letting nothing out",
    three("${activationCount >= 1}", user("z"), flows="c>z"),
    """
    start      -> a b d
    complete a -> b d c z
    complete b -> d c z
    complete d -> z
    complete z -> done
    """,
)
case(
    "complexGateway",
    "BPMN 13.4.5",
    "is reset when a late token can no longer come",
    process(
        start(),
        parallel("fork"),
        user("a"),
        user("b"),
        exclusive("x"),
        complex_gateway("c", "${activationCount >= 1}"),
        user("z"),
        end(),
        flows="start>fork; fork>a; fork>b; a>c; b>x; x>c ${come}; x>end *; c>z",
    ),
    """
    start                 -> a b
    complete a            -> b c z
    complete b come=false -> z
    """,
)
case(
    "complexGateway",
    "BPMN 13.4.5",
    "tells its flows whether it waits for start or for reset",
    three(
        "${activationCount >= 2}",
        user("first"),
        user("late"),
        flows="c>first ${waitingForStart}; c>late ${!waitingForStart}",
    ),
    """
    start      -> a b d
    complete a -> b d c
    complete b -> d c first
    complete d -> first late
    """,
)
case(
    "complexGateway",
    "BPMN 13.4.5",
    "may let nothing out at the reset, without a failure",
    three("${activationCount >= 2}", user("z"), user("y"), flows="c>z ${waitingForStart}; c>y ${false}"),
    """
    start      -> a b d
    complete a -> b d c
    complete b -> d c z
    complete d -> z
    """,
)
case(
    "complexGateway",
    "BPMN 13.4.5",
    "fails at the start when no condition holds and there is no default flow",
    three("${activationCount >= 2}", user("z"), user("y"), flows="c>z ${false}; c>y ${false}"),
    """
    start      -> a b d
    complete a -> b d c
    complete b -> !none of them is the default flow
    """,
)
case(
    "complexGateway",
    "BPMN 13.4.5",
    "takes the default flow when no condition holds",
    three("${activationCount >= 3}", user("z"), user("y"), flows="c>z ${false}; c>y *"),
    """
    start      -> a b d
    complete a -> b d c
    complete b -> d c
    complete d -> y y
    """,
)
case(
    "complexGateway",
    "BPMN 13.4.5",
    "lets a token out by every flow whose condition holds",
    three("${activationCount >= 3}", user("z"), user("y"), user("x"), flows="c>z; c>y ${waitingForStart}; c>x ${false}"),
    """
    start      -> a b d
    complete a -> b d c
    complete b -> d c
    complete d -> z y
    """,
)
case(
    "complexGateway",
    "BPMN 13.4.5",
    "looks at data as well as at tokens",
    three("${activationCount >= 3 || urgent}", user("z"), flows="c>z"),
    """
    start urgent=false     -> a b d
    complete a             -> b d c
    complete b urgent=true -> d c z
    """,
)
case(
    "complexGateway",
    "BPMN 13.4.5",
    "looks again when data have changed elsewhere",
    process(
        start(),
        parallel("fork"),
        user("a"),
        user("b"),
        user("u"),
        complex_gateway("c", "${urgent}"),
        user("z"),
        end(),
        flows="start>fork; fork>a; fork>b; fork>u; a>c; b>c; c>z; u>end",
    ),
    """
    start urgent=false     -> a b u
    complete a             -> b u c
    complete u urgent=true -> b c z
    """,
)
case(
    "complexGateway",
    "BPMN 13.4.5",
    "joins again for the next round",
    process(
        start(),
        exclusive("m"),
        parallel("fork"),
        user("a"),
        user("b"),
        complex_gateway("c", "${activationCount >= 2}"),
        exclusive("x"),
        end(),
        flows="start>m; m>fork; fork>a; fork>b; a>c; b>c; c>x; x>m ${again}; x>end *",
    ),
    """
    start                  -> a b
    complete a             -> b c
    complete b again=true  -> a b
    complete a             -> b c
    complete b again=false -> done
    """,
)
case(
    "complexGateway",
    "BPMN 13.4.5",
    "may have its activation condition in FEEL",
    three("feel:activationCount = 3", user("z"), flows="c>z"),
    """
    start      -> a b d
    complete a -> b d c
    complete b -> d c
    complete d -> z
    """,
)
case(
    "complexGateway",
    "BPMN 13.4.5",
    "fails when its activation condition is neither true nor false",
    three("${activationCount}", user("z"), flows="c>z"),
    """
    start      -> a b d
    complete a -> !neither true nor false
    """,
)
refused(
    "complexGateway",
    "BPMN 10.6.6",
    "that joins without saying when",
    three(None, user("z"), flows="c>z"),
    at="c",
    words="write activationCondition",
)
