"""BPMN errors that come from outside: reported by a worker or for a person's task (BPMN 2.0.2, 10.5.6; Camunda 7: bpmnError)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn import Instance
from engine.runtime.errors import CommandRefused


def raise_error(kernel: Instance, token: int, code: str, message: str, variables: Mapping[str, Any]) -> None:
    """Raise the error `code` at the activity where `token` waits.

    Raises:
        CommandRefused: the kernel of this version catches no errors.
        NotWaiting, StepFailed: as every command of the kernel.
    """
    command = getattr(kernel, "raise_error", None)
    if command is None:
        raise CommandRefused("BPMN errors are not caught in this version: report a failure instead")
    command(token, code, message, variables)
