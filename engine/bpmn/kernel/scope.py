"""Where variables live: the instance, a subprocess, a multi-instance child, an activity with input parameters."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token


class Scope:
    """One set of variables, seen by the tokens that refer to it and by the scopes inside it.

    `owner` is the id of the token that the scope ends with (None: the instance). A scope in which tokens flow counts its live
    ones in `tokens`; `listeners` are the armed starts of its event subprocesses, which do not keep it alive. `completed` are the
    records of what was done in it and can be undone (`compensation`).
    """

    __slots__ = ("completed", "id", "listeners", "owner", "parent", "tokens", "variables")

    def __init__(self, id: int, parent: Scope | None, owner: int | None, variables: dict[str, Any] | None = None) -> None:
        self.id = id
        self.parent = parent
        self.owner = owner
        self.variables: dict[str, Any] = {} if variables is None else variables
        self.tokens: dict[int, Token] = {}
        self.listeners: dict[int, Token] = {}
        self.completed: list[list[Any]] = []

    def view(self) -> Mapping[str, Any]:
        """What an expression sees from here: inner variables shadow outer ones. Not a copy: nobody writes through it."""
        if self.parent is None:
            return self.variables
        layers: list[dict[str, Any]] = []
        scope: Scope | None = self
        while scope is not None:
            layers.append(scope.variables)
            scope = scope.parent
        return ChainMap(*layers)

    def write(self, variables: Mapping[str, Any]) -> None:
        """Sets each variable in the innermost scope that declares its name, else in the instance's."""
        for name, value in variables.items():
            scope = self
            while scope.parent is not None and name not in scope.variables:
                scope = scope.parent
            scope.variables[name] = value
