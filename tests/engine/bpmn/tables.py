"""Decision tables as DMN 1.3 in a few lines."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from engine.bpmn.decisions import DMN


def column(kind: str, name: str, type_ref: str = "", values: str = "", default: str = "") -> str:
    typed = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    listed = f"<{kind}Values><text>{escape(values)}</text></{kind}Values>" if values else ""
    if kind == "input":
        expression = f"<inputExpression{typed}><text>{escape(name)}</text></inputExpression>"
        return f'<input id="in_{abs(hash(name))}" label={quoteattr(name)}>{expression}{listed}</input>'
    defaulted = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    return f'<output id="out_{name}" name={quoteattr(name)}{typed}>{listed}{defaulted}</output>'


def decision(
    *rules: tuple[str, ...],
    key: str = "tabell",
    policy: str = "UNIQUE",
    inputs: tuple[str, ...] = (column("input", "x", "number"),),
    outputs: tuple[str, ...] = (column("output", "svar"),),
    requires: tuple[str, ...] = (),
    extra: str = "",
) -> str:
    rows = ""
    for number, rule in enumerate(rules, 1):
        cells = [("input" if at < len(inputs) else "output", text) for at, text in enumerate(rule)]
        rows += f'<rule id="r{number}">' + "".join(f"<{k}Entry><text>{escape(t)}</text></{k}Entry>" for k, t in cells) + "</rule>"
    needs = "".join(f'<informationRequirement><requiredDecision href="#{key}"/></informationRequirement>' for key in requires)
    hit, _, aggregation = policy.partition("+")
    attributes = f'hitPolicy="{hit}"' + (f' aggregation="{aggregation}"' if aggregation else "")
    table = f"<decisionTable {attributes}>{''.join(inputs)}{''.join(outputs)}{rows}</decisionTable>"
    return f'<decision id="{key}" name="Tabell {key}">{needs}{extra}{table}</decision>'


def literal(text: str, *, key: str = "tabell", variable: str = "", type_ref: str = "", requires: tuple[str, ...] = ()) -> str:
    """A decision that is a FEEL expression."""
    needs = "".join(f'<informationRequirement><requiredDecision href="#{key}"/></informationRequirement>' for key in requires)
    typed = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    named = f"<variable name={quoteattr(variable)}{typed}/>" if variable else ""
    expression = f"<literalExpression><text>{escape(text)}</text></literalExpression>"
    return f'<decision id="{key}" name="Uttryck {key}">{named}{needs}{expression}</decision>'


def file(*decisions: str) -> bytes:
    return f'<definitions xmlns="{DMN}" id="d" name="d" namespace="urn:test">{"".join(decisions)}</definitions>'.encode()
