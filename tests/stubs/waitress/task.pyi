"""What parking uses of a request's task."""

from typing import Any

class WSGITask:
    channel: Any
    def get_environment(self) -> dict[str, Any]: ...
