"""What parking uses of a connection."""

from typing import Any

class HTTPChannel:
    server: Any
    connected: bool
    requests: list[Any]
    task_class: type[Any]
    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None: ...
    def service(self) -> None: ...
