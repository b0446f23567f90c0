"""How a client talks to the server: one connection, a token or a session, and honesty about what it does not know."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
# Seconds between two looks whether the server is back.
LOOK = 0.01


class Away(Exception):
    """There was no answer, or one that the server itself calls a fault: whether it happened is not known."""


class Refused(Exception):
    """The server said no, and so nothing happened."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status} {text[:300]}")
        self.status = status


class Stopped(Exception):
    """The run is over."""


@dataclass
class Troubles:
    """What should not have happened, as the clients saw it; and the answers 5xx, which a restarted database may excuse."""

    found: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


class Site:
    """The server at `port`, as one client sees it."""

    def __init__(self, port: int, tokens: Mapping[str, str], troubles: Troubles, stop: threading.Event) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._tokens = tokens
        self._cookies: dict[str, str] = {}
        self._csrf = ""
        self._stop = stop
        self.troubles = troubles

    def get(self, who: str, path: str, **query: Any) -> Any:
        return self._json("GET", f"{path}?{urlencode(query)}" if query else path, who, None)

    def post(self, who: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return self._json("POST", path, who, body or {})

    def put(self, who: str, path: str, body: Mapping[str, Any]) -> Any:
        return self._json("PUT", path, who, body)

    def sign_in(self, username: str, password: str) -> None:
        self._csrf = self._token_of("/sign-in")
        self.submit("/sign-in", {"username": username, "password": password})
        self._csrf = self._token_of("/start/page")

    def submit(self, path: str, fields: Mapping[str, str]) -> str:
        """Send a page's form; where it leads to."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer, text = self._ask("POST", path, headers, urlencode({**fields, "csrf_token": self._csrf}))
        if answer.status not in (302, 303):
            raise Refused(answer.status, text)
        return str(answer.headers["Location"])

    def wait_until_back(self) -> None:
        """Until the server answers again.

        Raises:
            Stopped: the run ended first.
        """
        while True:
            try:
                self._ask("GET", "/api/v1/definitions", self._signed("clerk"), None)
            except Away:
                if self._stop.wait(LOOK):
                    raise Stopped from None
            else:
                return

    def _token_of(self, path: str) -> str:
        _, page = self._ask("GET", path, {}, None)
        found = _CSRF.search(page)
        assert found is not None, page
        return found[1]

    def _signed(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[who]}"}

    def _json(self, method: str, path: str, who: str, body: Any) -> Any:
        headers = self._signed(who) | ({} if body is None else {"Content-Type": "application/json"})
        answer, text = self._ask(method, path, headers, None if body is None else json.dumps(body))
        if answer.status >= 400:
            raise Refused(answer.status, text)
        return json.loads(text) if text else None

    def _ask(self, method: str, path: str, headers: dict[str, str], body: str | None) -> tuple[http.client.HTTPResponse, str]:
        if "Authorization" not in headers:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Away(str(error)) from error
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        if answer.status >= 500:
            self.troubles.broken.append(f"{method} {path}: {answer.status} {text[:300]}")
            raise Away(f"{answer.status}")
        return answer, text
