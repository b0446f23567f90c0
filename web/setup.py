"""Makes a database ready for use: tables, register, processes; with invented people and cases for a demonstration."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from engine.bpmn import DeploymentRefused
from engine.clock import civil_date
from engine.store.accounts import fetch_invented, fetch_people_without_account, has_any_account, save_account
from web.auth import passwords
from web.config import Settings
from web.context import Samverka
from web.guests import offered
from web.house import open_house

ROOT = Path(__file__).parent.parent
REGISTER = ROOT / "processes/register/register.yaml"
DEMO = ROOT / "processes/demo"
KINDS = (".bpmn", ".dmn", ".form")
# Short Swedish words without accents: a password that can be read out and typed on any keyboard.
WORDS = (
    "alm bark berg bris dimma ekorre fjord flod gran groda hav hjort kulle lav lom moln mossa myr norr orre regn ripa rot "
    "sand skog skare sten storm sund svan tall tjur torp trast tuva uggla varg vass vide vik vind vinter"
)
Say = Callable[[str], None]


class SetupFailed(Exception):
    """The database could not be made ready; the message says what to mend."""


def make(settings: Settings, *, say: Say) -> Samverka:
    """Bring the tables up to date, load the register's parties and bodies, deploy the processes that come along."""
    settings.documents.mkdir(parents=True, exist_ok=True)
    house = open_house(settings)
    house.database.migrate()
    house.register.load(read_yaml(REGISTER), today=civil_date(house.clock.now()))
    deploy_shipped(house, say=say)
    return house


def deploy_shipped(house: Samverka, *, say: Say) -> None:
    """Deploy `processes/` and `forms/`; what has not changed makes no new version.

    Raises:
        SetupFailed: a file is refused; every problem is in the message.
    """
    files = read_files((ROOT / "processes", ROOT / "forms"))
    try:
        done = house.runtime.deploy(files, why="Följer med installationen", source="samverka init")
    except DeploymentRefused as refused:
        raise SetupFailed("\n".join(str(problem) for problem in refused.problems)) from refused
    if done.new:
        say(f"deployed {len(done.new)} diagrams, decisions and forms as {done.registration}")


def read_files(paths: Iterable[Path]) -> dict[str, bytes]:
    """Every diagram, decision table and form among `paths`, folders gone through, by file name."""
    found: dict[str, bytes] = {}
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in KINDS and file.is_file():
                found[file.name] = file.read_bytes()
    return found


def read_yaml(file: Path) -> Mapping[str, Any]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not isinstance(content, Mapping):
        raise SetupFailed(f"{file.name} holds no mapping")
    return content


def has_accounts(house: Samverka) -> bool:
    with house.database.read() as connection:
        return has_any_account(connection)


def fill_with_demo(house: Samverka, settings: Settings, *, say: Say) -> None:
    """Add invented people, all with one new password, and cases in all stages, made by running the engine on a simulated clock."""
    from engine.simulate import play_demo

    house.register.load(read_yaml(DEMO / "people.yaml"), today=civil_date(house.clock.now()), invented=True)
    password = new_password()
    hashed = passwords.hashed(password)
    with house.database.write() as connection:
        for person_id in fetch_people_without_account(connection):
            save_account(connection, person_id, hashed)
    kept = password_file(settings)
    kept.touch(mode=0o600)
    kept.write_text(password, encoding="utf-8")
    say("running the demo cases through the engine …")
    play_demo(house.database, DEMO / "cases", now=house.clock.now())


def new_password() -> str:
    """Four words and a number: easy to read out, and far beyond what the rate limit lets anybody try."""
    words = WORDS.split()
    return "-".join([*(secrets.choice(words) for _ in range(4)), str(secrets.randbelow(90) + 10)])


def password_file(settings: Settings) -> Path:
    """Where the demo's password is kept, so that a later start can print it again."""
    return settings.data / "demo-password"


def how_to_sign_in(house: Samverka, settings: Settings) -> str:
    """What a person at the terminal needs to know next."""
    with house.database.read() as connection:
        invented = fetch_invented(connection)
        anybody = has_any_account(connection)
    if not anybody:
        return "The database is ready. Give somebody an account: samverka user add NAME --office koordinator"
    if not invented:
        return "The database is ready."
    try:
        secret = f"all with the password  {password_file(settings).read_text(encoding='utf-8')}"
    except FileNotFoundError:
        secret = "whose password is no longer kept here (samverka user password NAME sets a new one)"
    lines = [f"  {account.username:<20} {why.get('en', account.title)}" for account, why in offered(invented)]
    return "\n".join(["", f"Demo people, {secret}", *lines, ""])
