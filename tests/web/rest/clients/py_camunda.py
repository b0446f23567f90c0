"""PyPI pycamunda: every call an object."""

from __future__ import annotations

import sys
from typing import Any

import requests
from pycamunda import externaltask, processdef, processinst, task


def main(base: str, token: str, key: str) -> None:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"

    def call(request: Any) -> Any:
        request.session = session
        return request()

    start = processdef.StartInstance(base, key=key, business_key="B-1")
    start.add_variable("weight", 3)
    started = call(start)
    assert [each.id_ for each in call(processinst.GetList(base, process_definition_key=key))] == [started.id_]

    def fetched() -> Any:
        fetch = externaltask.FetchAndLock(base, worker_id="worker-1", max_tasks=1, async_response_timeout=30_000)
        fetch.add_topic("scales", 60_000)
        (found,) = call(fetch)
        return found

    first = fetched()
    assert (first.variables["weight"].value, first.business_key, first.priority) == (3, "B-1", 0)
    call(externaltask.ExtendLock(base, first.id_, 120_000, "worker-1"))
    call(externaltask.HandleFailure(base, first.id_, "worker-1", "it hangs", "trace", retries=1, retry_timeout=0))
    print("failed")
    again = fetched()
    assert (again.id_, again.retries, again.error_message) == (first.id_, 1, "it hangs")
    if key == "erring":
        error = externaltask.HandleBPMNError(base, again.id_, "worker-1", "BROKEN", "it broke")
        error.add_variable("weight", 0)
        call(error)
        print("error")
    else:
        done = externaltask.Complete(base, again.id_, "worker-1")
        done.add_variable("weight", 4)
        call(done)
        print("completed")
        assert call(processinst.VariablesGetList(base, started.id_))["weight"].value == 4
    (opened,) = call(task.GetList(base, process_instance_id=started.id_))
    assert opened.task_definition_key == ("mend" if key == "erring" else "look")
    assert call(processinst.GetActivityInstance(base, started.id_)).activity_id == key
    print(started.id_)


if __name__ == "__main__":
    main(*sys.argv[1:])
