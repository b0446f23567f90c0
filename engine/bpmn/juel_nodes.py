"""Turns what the grammar read into closures over a `Run`, innermost first, while it is read: nothing recurses at deployment.

Every node knows how deeply it is nested, so that evaluating it cannot exhaust the stack either.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lark import Token, Transformer, v_args

from engine.bpmn.juel_values import (
    FUNCTIONS,
    LARGEST_NUMBER,
    LONGEST_TEXT,
    Run,
    Unusable,
    arithmetic,
    checked_number,
    equal,
    in_order,
    is_empty,
    member,
    plain,
    truth,
)

DEEPEST = 100
_NAME = re.compile(r"[^\W\d]\w*")
RESERVED = frozenset(
    {"and", "or", "not", "eq", "ne", "lt", "gt", "le", "ge", "div", "mod", "empty", "instanceof", "true", "false", "null"}
)
_EXECUTION = "execution"
_EXECUTION_USAGE = "execution.businessKey, execution.getVariable('x') and execution.hasVariable('x')"
_TASK = "task"
# What can be asked of them where something is done: the facts that a `Host` brings.
_FACTS = {
    _EXECUTION: ("businessKey", "processBusinessKey", "currentActivityId", "currentActivityName", "eventName"),
    _TASK: ("name", "assignee", "priority", "dueDate", "followUpDate", "taskDefinitionKey", "eventName"),
}
_METHODS = {"getVariable": 1, "hasVariable": 1, "setVariable": 2}
_OTHERS = {"task", "authenticatedUserId", "dateTime", "S", "XML", "JSON", "caseExecution"}


class Wrong(Exception):
    """The expression cannot be: `position` is an offset into the text that the grammar was given."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression.

    `peek` evaluates it where a variable or a part may be missing (within `empty` and beside `== null`): missing is null there.
    """

    evaluate: Callable[[Run], Any]
    position: int
    depth: int = 1
    names: frozenset[str] = frozenset()
    peek: Callable[[Run], Any] | None = None
    is_null: bool = False
    literal: str | None = None
    is_execution: bool = False
    is_task: bool = False
    acts: bool = False

    def leniently(self) -> Callable[[Run], Any]:
        return self.peek or self.evaluate


def _above(position: int, evaluate: Callable[[Run], Any], *parts: Node, peek: Callable[[Run], Any] | None = None) -> Node:
    """The node over `parts`, whose failures get `position` unless a part has already said where it failed."""
    for part in parts:
        _no_execution(part)
    depth = 1 + max((part.depth for part in parts), default=0)
    if depth > DEEPEST:
        raise Wrong(f"the expression is nested more than {DEEPEST} deep; split it into several variables", position)
    names = frozenset[str]().union(*(part.names for part in parts))
    acts = any(part.acts for part in parts)
    return Node(_placed(evaluate, position), position, depth, names, None if peek is None else _placed(peek, position), acts=acts)


def _placed(evaluate: Callable[[Run], Any], position: int) -> Callable[[Run], Any]:
    def placed(run: Run) -> Any:
        try:
            return evaluate(run)
        except Unusable as error:
            raise Wrong(str(error), position) from error

    return placed


def _no_execution(node: Node) -> None:
    if node.is_execution:
        raise Wrong(f"of execution only {_EXECUTION_USAGE} can be used", node.position)


def _start(token: Token) -> int:
    return token.start_pos or 0


@v_args(inline=True)
class ToNodes(Transformer[Token, Node]):
    """One method a rule of the grammar."""

    def integer(self, token: Token) -> Node:
        if len(token) > 19 or int(token) > LARGEST_NUMBER:
            raise Wrong("the number is too large", _start(token))
        return _constant(int(token), token)

    def decimal(self, token: Token) -> Node:
        try:
            return _constant(checked_number(float(token)), token)
        except Unusable as error:
            raise Wrong(str(error), _start(token)) from error

    def text(self, token: Token) -> Node:
        return _constant(re.sub(r"\\(.)", r"\1", token[1:-1]), token)

    def true(self, token: Token) -> Node:
        return _constant(True, token)

    def false(self, token: Token) -> Node:
        return _constant(False, token)

    def null(self, token: Token) -> Node:
        return Node(lambda run: None, _start(token), is_null=True)

    def variable(self, token: Token) -> Node:
        name, position = str(token), _start(token)
        if name == _EXECUTION:
            return Node(lambda run: None, position, is_execution=True)
        if name in RESERVED:
            raise Wrong(f"“{name}” is a word of the language and cannot be a variable's name", position)
        if name.startswith("__"):
            raise Wrong("names that begin with two underscores are not used", position)

        def evaluate(run: Run) -> Any:
            if name not in run.variables:
                hint = "; it is not available here" if name in _OTHERS else f"; if it may be missing, ask with empty {name}"
                raise Unusable(f"there is no variable “{name}”{hint}")
            return plain(run.variables[name])

        def peek(run: Run) -> Any:
            return plain(run.variables[name]) if name in run.variables else None

        is_task = name == _TASK
        return Node(_placed(evaluate, position), position, 1, frozenset({name}), _placed(peek, position), is_task=is_task)

    def member(self, base: Node, token: Token) -> Node:
        name, position = str(token), _start(token)
        if base.is_execution:
            if name not in _FACTS[_EXECUTION]:
                raise Wrong(f"of execution only {_EXECUTION_USAGE} can be used", position)
            if name in ("businessKey", "processBusinessKey"):
                return Node(lambda run: run.business_key, position)
            return Node(_placed(lambda run: _fact(run, _EXECUTION, name), position), position, acts=True)
        if name.startswith("__"):
            raise Wrong("names that begin with two underscores are not used", position)
        part = _part(base, _constant(name, token), position)
        return _of_the_task(part, name) if base.is_task else part

    def item(self, base: Node, key: Node) -> Node:
        return _part(base, key, key.position)

    def method(self, base: Node, token: Token, arguments: list[Node] | None) -> Node:
        name, position = str(token), _start(token)
        if not (base.is_execution or base.is_task):
            raise Wrong(f"methods cannot be called, so .{name}() is not possible; the functions are {_usages()}", position)
        of = _EXECUTION if base.is_execution else _TASK
        if name not in _METHODS:
            raise Wrong(f"of {of} only {_EXECUTION_USAGE} can be used".replace(_EXECUTION, of), position)
        given = arguments or []
        if len(given) != _METHODS[name]:
            raise Wrong(f"write {of}.{name}('x'{', value' if _METHODS[name] > 1 else ''})", position)
        node = _above(position, _method(of, name, *(argument.evaluate for argument in given)), *given)
        names = node.names if given[0].literal is None else node.names | {given[0].literal}
        acts = node.acts or base.is_task or name == "setVariable"
        return Node(node.evaluate, position, node.depth, names, acts=acts)

    def call(self, token: Token, arguments: list[Node] | None) -> Node:
        name, position = str(token), _start(token)
        function = FUNCTIONS.get(name)
        if function is None:
            raise Wrong(f"there is no function {name}(); the functions are {_usages()}", position)
        given = arguments or []
        if len(given) != function.arity:
            raise Wrong(f"write {function.usage}", position)
        return _above(position, lambda run: function.call(run, *(argument.evaluate(run) for argument in given)), *given)

    def arguments(self, *nodes: Node) -> list[Node]:
        return list(nodes)

    def choose(self, condition: Node, yes: Node, no: Node) -> Node:
        def evaluate(run: Run) -> Any:
            return yes.evaluate(run) if truth(condition.evaluate(run)) else no.evaluate(run)

        return _above(condition.position, evaluate, condition, yes, no)

    def either(self, left: Node, _: Token, right: Node) -> Node:
        return _above(left.position, lambda run: truth(left.evaluate(run)) or truth(right.evaluate(run)), left, right)

    def both(self, left: Node, _: Token, right: Node) -> Node:
        return _above(left.position, lambda run: truth(left.evaluate(run)) and truth(right.evaluate(run)), left, right)

    def equal(self, left: Node, token: Token, right: Node) -> Node:
        return _equality(left, token, right, True)

    def unequal(self, left: Node, token: Token, right: Node) -> Node:
        return _equality(left, token, right, False)

    def order(self, left: Node, token: Token, right: Node) -> Node:
        operator = str(token)
        return _above(_start(token), lambda run: in_order(operator, left.evaluate(run), right.evaluate(run)), left, right)

    def arithmetic(self, left: Node, token: Token, right: Node) -> Node:
        operator = str(token)
        return _above(_start(token), lambda run: arithmetic(operator, left.evaluate(run), right.evaluate(run)), left, right)

    def negative(self, token: Token, of: Node) -> Node:
        return _above(_start(token), lambda run: arithmetic("-", 0, of.evaluate(run)), of)

    def negation(self, token: Token, of: Node) -> Node:
        return _above(_start(token), lambda run: not truth(of.evaluate(run)), of)

    def is_empty(self, token: Token, of: Node) -> Node:
        evaluate = of.leniently()
        return _above(_start(token), lambda run: is_empty(evaluate(run)), of)


def _constant(value: Any, token: Token) -> Node:
    return Node(lambda run: value, _start(token), literal=value if isinstance(value, str) else None)


def _part(base: Node, key: Node, position: int) -> Node:
    leniently = base.leniently()

    def peek(run: Run) -> Any:
        whole = leniently(run)
        return None if whole is None else member(whole, key.evaluate(run))

    return _above(position, lambda run: member(base.evaluate(run), key.evaluate(run)), base, key, peek=peek)


def _equality(left: Node, token: Token, right: Node, wanted: bool) -> Node:
    first = left.leniently() if right.is_null else left.evaluate
    second = right.leniently() if left.is_null else right.evaluate
    return _above(_start(token), lambda run: equal(first(run), second(run)) is wanted, left, right)


def _fact(run: Run, of: str, name: str) -> Any:
    facts = None if run.host is None else run.host.facts if of == _EXECUTION else run.host.task
    if facts is None or name not in facts:
        raise Unusable(f"{of}.{name} is not known here")
    return plain(facts[name])


def _of_the_task(part: Node, name: str) -> Node:
    """`task.name`: of the task in hand where there is one, else a part of a variable called task."""

    def evaluate(run: Run) -> Any:
        return part.evaluate(run) if run.host is None or run.host.task is None else _fact(run, _TASK, name)

    return _above(part.position, evaluate, part, peek=part.peek)


def _method(of: str, name: str, *arguments: Callable[[Run], Any]) -> Callable[[Run], Any]:
    """`execution.getVariable('x')` and its like, of the execution or the task in hand."""

    def evaluate(run: Run) -> Any:
        variable = arguments[0](run)
        if not isinstance(variable, str):
            raise Unusable(f"write {of}.{name}('x') with the variable's name as a text")
        if of == _TASK and (run.host is None or run.host.task is None):
            raise Unusable("there is no task here")
        if name == "hasVariable":
            return variable in run.variables
        if name == "getVariable":
            return plain(run.variables[variable]) if variable in run.variables else None
        if run.host is None:
            raise Unusable("variables are set in listeners and in the expression of a task, and not here")
        if not _NAME.fullmatch(variable) or variable in RESERVED or variable == _EXECUTION or variable.startswith("__"):
            raise Unusable(f"“{variable[:40]}” cannot be the name of a variable")
        run.host.write(variable, bounded_result(arguments[1](run)))
        return None

    return evaluate


def _usages() -> str:
    return ", ".join(function.usage for function in FUNCTIONS.values())


def bounded_result(value: Any) -> Any:
    """The value that leaves an expression, if it is plain and of bearable size."""
    value = plain(value)
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise Unusable(f"the text is longer than {LONGEST_TEXT} characters")
    return value
