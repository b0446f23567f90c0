"""PyPI camunda-external-task-client-python3, and operaton-external-task-client-python3, its twin under another name."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def main(maker: str, base: str, token: str, key: str) -> None:
    client = import_module(f"{maker}.client.engine_client").EngineClient
    worker = import_module(f"{maker}.external_task.external_task_worker").ExternalTaskWorker
    config = {"auth_bearer": {"access_token": token}, "maxTasks": 1, "lockDuration": 60_000, "asyncResponseTimeout": 30_000}
    engine = client(base, config)
    started = engine.start_process(key, {"weight": 3, "name": "Åsele"}, business_key="B-1")
    tries: list[str] = []

    def weigh(task: Any) -> Any:
        assert task.get_variables() == {"weight": 3, "name": "Åsele"}
        assert task.get_business_key() == "B-1"
        assert task.get_extension_properties() == {"hint": "gently"}
        if not tries:
            tries.append("failed")
            return task.failure("the scales hang", "trace", max_retries=2, retry_timeout=0)
        if key == "erring":
            tries.append("error")
            return task.bpmn_error("BROKEN", "the scales broke", {"weight": 0})
        tries.append("completed")
        return task.complete({"weight": 4}, {"mine": True})

    hand = worker("worker-1", base, config)
    hand.fetch_and_execute("scales", weigh)
    hand.fetch_and_execute("scales", weigh)
    (instance,) = engine.get_process_instance(key, {"name_eq_Åsele"})
    assert instance["id"] == started["id"]
    print("\n".join(tries))
    print(started["id"])


if __name__ == "__main__":
    main(*sys.argv[1:])
