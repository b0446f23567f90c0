"""The real server as a process of its own, on a database that a test has filled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.web.test_serving import ROOT, SECONDS, free_port

SERVER = """
import sys
from web import serving
from web.config import Settings

serving.serve_site(Settings.from_environment(), host="127.0.0.1", port=int(sys.argv[1]), threads=2, worker=True,
                   say=lambda text: print(text, flush=True))
"""


@contextmanager
def server(url: str, folder: Path) -> Iterator[str]:
    """A server with two threads on the database `url`; gives its address, and ends as a server is ended."""
    port = free_port()
    environment: Mapping[str, str] = {
        **os.environ, "SAMVERKA_DATABASE_URL": url, "SAMVERKA_DATA": str(folder), "SAMVERKA_SECRET_KEY": "test-secret-" * 4,
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    with (folder / f"server-{port}.log").open("w+") as log:
        running = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(port)], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=log
        )
        try:
            assert running.stdout is not None
            assert "Samverka is at" in running.stdout.readline(), (folder / f"server-{port}.log").read_text()
            yield f"http://127.0.0.1:{port}"
            running.send_signal(signal.SIGTERM)
            assert running.wait(SECONDS) == 0
            log.seek(0)
            assert "Traceback" not in (told := log.read()), told
        finally:
            if running.poll() is None:
                running.kill()
            running.communicate(timeout=SECONDS)
