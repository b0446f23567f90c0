"""The conformance suite: what BPMN 2.0.2 (and Camunda 7, where the dialect follows it) says of each element, as small diagrams.

`case` is the language of the cases, `cases/` holds them by family, `table` prints which elements are executed and how much stands
behind that; no case knows the engine's insides.
"""
