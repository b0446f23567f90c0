"""Reads the components of a form-js file, each attribute against a list of those that are honoured."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from forms.errors import WHOLE
from forms.model import CHOICE, CHOICES, Component, Condition, Feel, Field, Group, Limits, Option, Rule, Text, Words

# What only arranges or eases typing in the form editor's own viewer changes no answer and is left aside: layout, searchable …
_COMMON: Final = "type id layout properties conditional"
_QUESTION: Final = f"{_COMMON} key label description validate readonly disabled defaultValue"
_OPTIONS: Final = f"{_QUESTION} values valuesKey valuesExpression"
_DATES: Final = "subtype dateLabel timeLabel timeInterval use24h timeSerializingFormat disallowPassedDates"
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "textfield": frozenset(f"{_QUESTION} appearance".split()),
    "textarea": frozenset(_QUESTION.split()),
    "number": frozenset(f"{_QUESTION} appearance decimalDigits increment serializeToString".split()),
    "checkbox": frozenset(_QUESTION.split()),
    "radio": frozenset(_OPTIONS.split()),
    "select": frozenset(f"{_OPTIONS} searchable".split()),
    "checklist": frozenset(_OPTIONS.split()),
    "taglist": frozenset(_OPTIONS.split()),
    "datetime": frozenset(f"{_QUESTION} {_DATES}".split()),
    "text": frozenset(f"{_COMMON} text".split()),
    "group": frozenset(f"{_COMMON} label components showOutline verticalAlignment".split()),
    "separator": frozenset(_COMMON.split()),
    "spacer": frozenset(f"{_COMMON} height".split()),
}
_TEXT_RULES: Final = frozenset({"required", "minLength", "maxLength", "pattern", "validationType"})
_VALIDATE: Final[Mapping[str, frozenset[str]]] = {
    "textfield": _TEXT_RULES,
    "textarea": _TEXT_RULES,
    "number": frozenset({"required", "min", "max"}),
}
_ENGLISH: Final = frozenset({"label:en", "description:en", "text:en"})
_KEY = re.compile(r"[^\W\d_]\w*")
DEEPEST: Final = 10
_LONGEST: Final = {"textfield": 1_000, "textarea": 20_000}


class Reader:
    """Reads components and gathers every problem on the way; a component with a problem is left out."""

    def __init__(self, file_name: str, feel: Feel | None) -> None:
        self.problems: list[str] = []
        self._file = file_name
        self._feel = feel
        self._keys: set[str] = set()
        self._ids: set[str] = set()

    def components(self, listed: list[Any], around: tuple[Condition, ...] = (), depth: int = 0) -> tuple[Component, ...]:
        return tuple(read for item in listed if (read := self._component(item, around, depth)) is not None)

    def _refuse(self, item: Mapping[str, Any], reason: str) -> None:
        label = item.get("label") or item.get("dateLabel") or item.get("timeLabel")
        names = [f"component {item['id']!r}" if item.get("id") else f"a component of type {item.get('type')!r}"]
        names += [f"key {item['key']!r}"] if item.get("key") else []
        names += [f"“{label}”"] if label else []
        self.problems.append(f"{self._file}: {', '.join(names)}: {reason}")

    def _component(self, item: Any, around: tuple[Condition, ...], depth: int) -> Component | None:
        if not isinstance(item, dict):
            self.problems.append(f"{self._file}: a component is {item!r}, not an object.")
            return None
        kind = item.get("type")
        if not isinstance(kind, str) or kind not in _ATTRIBUTES:
            known = ", ".join(sorted(_ATTRIBUTES))
            self._refuse(item, f"components of type {kind!r} are not drawn here. Use one of {known}.")
            return None
        before = len(self.problems)
        for name in sorted(set(item) - _ATTRIBUTES[kind]):
            self._refuse(item, f"the attribute {name!r} is not honoured for a {kind}. Remove it.")
        identity = self._identity(item)
        conditions = around + self._conditions(item)
        self._properties(item)
        read = self._read(item, kind, identity, conditions, depth)
        return read if len(self.problems) == before else None

    def _read(self, item: dict[str, Any], kind: str, identity: str, conditions: tuple[Condition, ...], depth: int) -> Component:
        if kind == "text":
            return Text(identity, self._template(item), conditions)
        if kind in ("separator", "spacer"):
            return Rule(identity, kind == "separator", conditions)
        if kind == "group":
            listed = item.get("components", [])
            if not isinstance(listed, list) or depth >= DEEPEST:
                self._refuse(item, f"a group holds a list of components, at most {DEEPEST} groups within each other.")
                listed = []
            return Group(identity, self._words(item, "label"), self.components(listed, conditions, depth + 1), conditions)
        return self._field(item, kind, identity, conditions)

    def _identity(self, item: Mapping[str, Any]) -> str:
        identity = item.get("id")
        if identity is None:
            return ""
        if not isinstance(identity, str) or identity in self._ids:
            self._refuse(item, "the id stands twice in the form, or is no text. Give every component its own.")
            return ""
        self._ids.add(identity)
        return identity

    def _conditions(self, item: Mapping[str, Any]) -> tuple[Condition, ...]:
        conditional = item.get("conditional")
        if conditional is None or conditional == {}:
            return ()
        hide = conditional.get("hide") if isinstance(conditional, dict) else None
        if (
            not isinstance(conditional, dict)
            or set(conditional) != {"hide"}
            or not isinstance(hide, str)
            or not hide.startswith("=")
        ):
            self._refuse(item, 'a condition is {"hide": "=…"} with a FEEL expression.')
            return ()
        self._check_feel(item, hide[1:])
        return (Condition(hide[1:]),)

    def _check_feel(self, item: Mapping[str, Any], expression: str) -> None:
        if self._feel is None:
            return
        try:
            self._feel(expression, {})
        except ValueError as error:
            self._refuse(item, f"the FEEL expression {expression!r} is wrong: {error}.")

    def _properties(self, item: Mapping[str, Any]) -> None:
        properties = item.get("properties", {})
        if not isinstance(properties, dict) or not all(isinstance(value, str) for value in properties.values()):
            self._refuse(item, "properties must be an object whose values are texts.")
            return
        values = {option.get("value") for option in item.get("values", []) if isinstance(option, dict)}
        for name in properties:
            about = name[len("value:") : -len(":en")] if name.startswith("value:") and name.endswith(":en") else None
            if name.endswith(":en") and name not in _ENGLISH and about not in values:
                self._refuse(item, f"the property {name!r} translates nothing in this component.")

    def _words(self, item: Mapping[str, Any], *names: str) -> Words:
        """The text of the first attribute of `names` that is there, with its translation."""
        for name in names:
            text = item.get(name)
            if text in (None, ""):
                continue
            if not isinstance(text, str) or text.startswith("=") or "{{" in text:
                self._refuse(item, f"{name} must be plain text; expressions and templates are not read there.")
                return Words()
            english = "description:en" if name == "description" else "label:en"
            return Words(text.strip(), _properties_of(item).get(english, "").strip())
        return Words()

    def _template(self, item: Mapping[str, Any]) -> Words:
        text = item.get("text", "")
        if not isinstance(text, str) or text.startswith("="):
            self._refuse(item, "text must be text; write {{ expression }} where a value is to stand.")
            return Words()
        words = Words(text, _properties_of(item).get("text:en", ""))
        for template in (words.sv, words.en):
            for expression in TEMPLATE.findall(template):
                if expression[:1] in "#/&":
                    self._refuse(item, f"{{{{{expression}}}}} is not read; only FEEL values may stand in a text.")
                else:
                    self._check_feel(item, expression)
        return words

    def _field(self, item: dict[str, Any], kind: str, identity: str, conditions: tuple[Condition, ...]) -> Field:
        key = item.get("key")
        if not isinstance(key, str) or not _KEY.fullmatch(key) or key == WHOLE:
            self._refuse(item, "the key must be one name of letters, digits and _, beginning with a letter: it becomes a variable.")
            key = ""
        elif key in self._keys:
            self._refuse(item, "the key stands twice in the form. One answer would overwrite the other.")
        self._keys.add(key)
        subtype = self._subtype(item) if kind == "datetime" else None
        words = self._words(item, *(("timeLabel", "label") if subtype == "time" else ("dateLabel", "label", "timeLabel")))
        words = words if kind == "datetime" else self._words(item, "label")
        if not words:
            self._refuse(item, "a label is missing. Nobody could tell what to answer.")
        for name in ("readonly", "disabled"):
            if not isinstance(item.get(name, False), bool):
                self._refuse(item, f"{name} must be true or false; expressions are not read there.")
        options = self._options(item) if kind in CHOICE | CHOICES else ()
        appearance = self._appearance(item)
        field = Field(
            key=key,
            id=identity or key,
            type=kind,
            words=words,
            hint=self._words(item, "description"),
            required=self._rules(item, kind).get("required") is True,
            readonly=item.get("readonly") is True or item.get("disabled") is True,
            options=options,
            values_key=item.get("valuesKey") if options == () else None,
            values_expression=str(item["valuesExpression"]).removeprefix("=") if item.get("valuesExpression") else None,
            default=item.get("defaultValue"),
            limits=self._limits(item, kind),
            subtype=subtype,
            prefix=appearance.get("prefixAdorner", ""),
            suffix=appearance.get("suffixAdorner", ""),
            conditions=conditions,
        )
        self._check_default(item, field)
        return field

    def _appearance(self, item: Mapping[str, Any]) -> dict[str, str]:
        appearance = item.get("appearance", {})
        known = isinstance(appearance, dict) and set(appearance) <= {"prefixAdorner", "suffixAdorner"}
        if not known or not all(isinstance(text, str) and not text.startswith("=") for text in appearance.values()):
            self._refuse(item, "appearance may hold prefixAdorner and suffixAdorner as plain texts.")
            return {}
        return dict(appearance)

    def _subtype(self, item: Mapping[str, Any]) -> str:
        subtype = item.get("subtype", "date")
        if subtype not in ("date", "time", "datetime"):
            self._refuse(item, f"the subtype {subtype!r} is not one of date, time, datetime.")
            return "date"
        if item.get("timeSerializingFormat", "no_timezone") != "no_timezone":
            self._refuse(item, 'times are civil times: timeSerializingFormat must be "no_timezone".')
        return str(subtype)

    def _options(self, item: Mapping[str, Any]) -> tuple[Option, ...]:
        sources = [name for name in ("values", "valuesKey", "valuesExpression") if item.get(name)]
        if len(sources) != 1:
            self._refuse(item, "the choices come from exactly one of values, valuesKey and valuesExpression.")
            return ()
        if sources != ["values"]:
            text = item[sources[0]]
            if not isinstance(text, str) or (sources == ["valuesKey"] and not _KEY.fullmatch(text)):
                self._refuse(item, f"{sources[0]} must name a variable or be a FEEL expression.")
            elif sources == ["valuesExpression"]:
                self._check_feel(item, text.removeprefix("="))
            return ()
        options: dict[str, Option] = {}
        english = _properties_of(item)
        for value in item["values"] if isinstance(item["values"], list) else [None]:
            pair = (value.get("value"), value.get("label")) if isinstance(value, dict) and set(value) <= {"value", "label"} else ()
            if len(pair) != 2 or not all(isinstance(part, str) and part for part in pair) or pair[0] in options:
                self._refuse(item, f"the choice {value!r} needs a value of its own and a label, both text.")
                continue
            options[pair[0]] = Option(pair[0], Words(pair[1], english.get(f"value:{pair[0]}:en", "")))
        return tuple(options.values())

    def _rules(self, item: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
        rules = item.get("validate", {})
        return rules if isinstance(rules, dict) else {}

    def _limits(self, item: Mapping[str, Any], kind: str) -> Limits:
        rules = item.get("validate", {})
        if not isinstance(rules, dict):
            self._refuse(item, "validate must be an object.")
            return Limits()
        for name in sorted(set(rules) - _VALIDATE.get(kind, frozenset({"required"}))):
            self._refuse(item, f"the check {name!r} is not made for a {kind}. Remove it.")
        if not isinstance(rules.get("required", False), bool):
            self._refuse(item, "required must be true or false; expressions are not read there.")
        kinds = {None: None, "": None, "custom": None, "email": "email", "phone": "phone"}
        if rules.get("validationType") not in kinds:
            self._refuse(item, f"validationType {rules.get('validationType')!r} is not one of email, phone, custom.")
        if item.get("serializeToString"):
            self._refuse(item, "numbers are kept as numbers: serializeToString must be false.")
        shortest, longest = self._count(item, rules, "minLength"), self._count(item, rules, "maxLength")
        least, most = self._number(item, rules, "min"), self._number(item, rules, "max")
        ceiling = _LONGEST.get(kind)
        if ceiling and longest and longest > ceiling:
            self._refuse(item, f"maxLength is at most {ceiling} for a {kind}.")
        for low, high in ((shortest, longest or ceiling), (least, most)):
            if low is not None and high is not None and low > high:
                self._refuse(item, "the least is more than the most: nothing could be answered.")
        return Limits(
            min_length=shortest,
            max_length=longest,
            minimum=least,
            maximum=most,
            decimals=self._count(item, item, "decimalDigits"),
            pattern=self._pattern(item, rules),
            kind=kinds.get(rules.get("validationType")),
            no_past=item.get("disallowPassedDates") is True,
        )

    def _pattern(self, item: Mapping[str, Any], rules: Mapping[str, Any]) -> str | None:
        pattern = rules.get("pattern")
        if pattern in (None, ""):
            return None
        if not isinstance(pattern, str):
            self._refuse(item, "pattern must be a regular expression.")
            return None
        try:
            fine = self._feel is None or self._feel("matches(text, pattern)", {"text": "", "pattern": pattern}) is not None
        except ValueError:
            fine = False
        if not fine:
            self._refuse(item, f"the pattern {pattern!r} is no regular expression.")
        return pattern

    def _count(self, item: Mapping[str, Any], holder: Mapping[str, Any], name: str) -> int | None:
        value = self._number(item, holder, name)
        if value is not None and (value < 0 or value != int(value)):
            self._refuse(item, f"{name} must be a whole number, 0 or more.")
            return None
        return None if value is None else int(value)

    def _number(self, item: Mapping[str, Any], holder: Mapping[str, Any], name: str) -> float | None:
        value = holder.get(name)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        self._refuse(item, f"{name} must be a number; expressions are not read there.")
        return None

    def _check_default(self, item: Mapping[str, Any], field: Field) -> None:
        default = field.default
        if default is None:
            return
        offered = {option.value for option in field.options}
        if field.many:
            fine = isinstance(default, list) and all(
                isinstance(value, str) and (not offered or value in offered) for value in default
            )
        elif field.type in CHOICE:
            fine = isinstance(default, str) and (not offered or default in offered)
        elif field.type == "checkbox":
            fine = isinstance(default, bool)
        elif field.type == "number":
            fine = isinstance(default, int | float) and not isinstance(default, bool)
        else:
            fine = isinstance(default, str) and not default.startswith("=")
        if not fine:
            self._refuse(item, f"the default {default!r} could not be given as an answer.")


TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.S)


def _properties_of(item: Mapping[str, Any]) -> dict[str, str]:
    properties = item.get("properties", {})
    return {name: value for name, value in properties.items() if isinstance(value, str)} if isinstance(properties, dict) else {}
