"""PyPI operaton-tasks: asyncio, its models checked by pydantic."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import requests


def main(base: str, token: str, key: str) -> None:
    os.environ |= {"ENGINE_REST_BASE_URL": base, "ENGINE_REST_AUTHORIZATION": f"Bearer {token}", "LOG_LEVEL": "ERROR"}
    from operaton.tasks import task
    from operaton.tasks.main import run_worker_once
    from operaton.tasks.runtime import ExternalTaskComplete, ExternalTaskFailure
    from operaton.tasks.types import (
        CompleteExternalTaskDto,
        ExternalTaskBpmnError,
        ExternalTaskFailureDto,
        LockedExternalTaskDto,
        VariableValueDto,
        VariableValueType,
    )

    tries: list[str] = []
    body = {"variables": {"weight": {"value": 3}}, "businessKey": "B-1"}
    signed = {"Authorization": f"Bearer {token}"}
    started = requests.post(f"{base}/process-definition/key/{key}/start", json=body, headers=signed, timeout=60).json()

    @task("scales", localVariables=False)
    async def weigh(task: LockedExternalTaskDto) -> Any:
        assert task.variables is not None and task.variables["weight"].value == 3
        assert task.lockExpirationTime is not None and task.lockExpirationTime.tzinfo is not None
        if not tries:
            tries.append("failed")
            report = ExternalTaskFailureDto(workerId=task.workerId, errorMessage="it hangs", retries=1, retryTimeout=0)
            return ExternalTaskFailure(task=task, response=report)
        if key == "erring":
            tries.append("error")
            return ExternalTaskComplete(task=task, response=ExternalTaskBpmnError(workerId=task.workerId, errorCode="BROKEN"))
        tries.append("completed")
        weight = VariableValueDto(value=4, type=VariableValueType.Integer)
        answer = CompleteExternalTaskDto(workerId=task.workerId, variables={"weight": weight})
        return ExternalTaskComplete(task=task, response=answer)

    assert asyncio.run(run_worker_once(limit=2, timeout_seconds=50)) == 0
    print("\n".join(tries))
    print(started["id"])


if __name__ == "__main__":
    main(*sys.argv[1:])
