"""Forms that are drawn into the diagram."""

from typing import Any

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import Node, extension, in_line, user


def field(id: str, kind: str, *inside: Node, **attributes: str) -> Node:
    return extension("formField", *inside, id=id, type=kind, label=id.capitalize(), **attributes)


def limits(**constraints: str) -> Node:
    return extension("validation", *(extension("constraint", name=name, config=config) for name, config in constraints.items()))


def form(*fields: Node, **attributes: Any) -> bytes:
    return in_line(user("a", extension("formData", *fields), **attributes))


case(
    "userTask.formData", "Camunda 7", "waits for its answers as any user task",
    form(field("name", "string", limits(required="true")), field("n", "long", limits(min="1", max="9"), defaultValue="3")),
    """
    start                    -> a
    complete a name="Bo" n=4 -> done
    """,
    variables={"name": "Bo", "n": 4},
)  # fmt: skip
for says, words, diagram in (
    ("no field", "holds no field", form()),
    ("a field of a type that is not drawn", "is of the type “money”", form(field("x", "money"))),
    ("an id that is no name of a variable", "The id of a form field", form(field("a b", "string"))),
    ("two fields of one id", "two fields “x”", form(field("x", "string"), field("x", "long"))),
    ("a validator of its own", "which is not checked for string", form(field("x", "string", limits(validator="com.Check")))),
    ("a bound that does not fit the type", "which is not checked for long", form(field("x", "long", limits(minlength="2")))),
    ("a bound that is no number", "write a whole number", form(field("x", "long", limits(min="few")))),
    ("an enum without values", "give it values", form(field("x", "enum"))),
    ("an enum that has a value twice", "each with an id of its own", form(
        field("x", "enum", extension("value", id="v", name="V"), extension("value", id="v", name="W")))),
    ("values on another type", "make it an enum", form(field("x", "string", extension("value", id="v", name="V")))),
    ("a default that is an expression", "write an input parameter", form(field("x", "string", defaultValue="${y}"))),
    ("a default of another type", "is no long", form(field("x", "long", defaultValue="many"))),
    ("a default that is not among the values", "is no enum", form(
        field("x", "enum", extension("value", id="v", name="V"), defaultValue="w"))),
    ("a default that is no date", "is no date", form(field("x", "date", defaultValue="31/12/2026"))),
    ("a pattern of dates", "datePattern", form(field("x", "date", datePattern="dd/MM/yyyy"))),
    ("a form beside it", "keep one of the two", form(field("x", "string"), _formKey="other")),
):  # fmt: skip
    refused("userTask.formData", "Camunda 7", says, diagram, at="a", words=words)
