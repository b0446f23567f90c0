"""What the server uses of waitress, which carries no types of its own."""

from typing import Any

from _typeshed.wsgi import WSGIApplication

class Server:
    map: dict[int, Any]
    channel_class: Any
    def run(self) -> None: ...
    def close(self) -> None: ...

def create_server(
    application: WSGIApplication,
    *,
    host: str,
    port: int,
    threads: int,
    ident: str | None,
    channel_timeout: int,
    max_request_body_size: int,
    connection_limit: int,
    channel_request_lookahead: int,
    asyncore_use_poll: bool,
) -> Server: ...
