"""What the server uses of waitress, which carries no types of its own."""

from _typeshed.wsgi import WSGIApplication

class Server:
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
) -> Server: ...
