"""What the installation may set, read from the environment once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_DATABASE = "sqlite:///var/samverka.db"
DEFAULT_ADDRESS = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's settings.

    Attributes:
        database_url: SQLAlchemy address of the database.
        secret_key: signs sessions and form tokens; at least 32 characters.
        base_url: the address that people reach the service at; https turns on Secure cookies.
        data: the folder for what is no table: uploaded documents, the secret.
        proxies: how many trusted reverse proxies stand in front (their X-Forwarded-* are believed).
    """

    database_url: str
    secret_key: str
    base_url: str = DEFAULT_ADDRESS
    data: Path = Path("var")
    proxies: int = 0

    def __post_init__(self) -> None:
        if len(self.secret_key) < 32:
            raise ValueError("SAMVERKA_SECRET_KEY must be at least 32 characters: leave it out, and one is made for you")

    @property
    def documents(self) -> Path:
        """Where uploaded files lie, outside everything that is served."""
        return self.data / "documents"

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read `SAMVERKA_*`; the secret is made on the first run when none is given.

        Raises:
            ValueError: the secret is too short, or SAMVERKA_PROXIES is no number.
        """
        given = os.environ if environment is None else environment
        data = Path(given.get("SAMVERKA_DATA", "var"))
        return cls(
            database_url=given.get("SAMVERKA_DATABASE_URL", DEFAULT_DATABASE),
            secret_key=given.get("SAMVERKA_SECRET_KEY") or kept_secret(data / "secret-key"),
            base_url=given.get("SAMVERKA_BASE_URL", DEFAULT_ADDRESS).rstrip("/"),
            data=data,
            proxies=int(given.get("SAMVERKA_PROXIES", "0")),
        )


def kept_secret(file: Path) -> str:
    """The secret in `file`, readable by its owner alone; made when the file is not there.

    Two processes that start at once agree: the file is created exclusively, and the one that comes second reads it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48), encoding="ascii")
    try:
        os.link(made, file)  # fails when somebody was first, and never shows a half-written file
    except FileExistsError:
        return kept_secret(file)
    finally:
        made.unlink()
    return kept_secret(file)
