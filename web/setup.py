"""Makes a database ready for use: tables, register, processes; with invented people and cases for a demonstration."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path

from engine import simulate
from engine.bpmn import DeploymentRefused
from engine.clock import civil_date
from engine.register import LoadRefused
from engine.simulate.demo import SUFFIXES
from engine.store.accounts import fetch_invented, fetch_invented_without_account, has_any_account, save_account
from web.auth import passwords
from web.config import Settings
from web.context import Samverka
from web.guests import offered

ROOT = Path(__file__).parent.parent
FOLDERS = simulate.Folders(ROOT / "processes", ROOT / "forms")
# Short Swedish words without accents: a password that can be read out and typed on any keyboard.
WORDS = (
    "alm bark berg bris dimma ekorre fjord flod gran groda hav hjort kulle lav lom moln mossa myr norr orre regn ripa rot "
    "sand skog skare sten storm sund svan tall tjur torp trast tuva uggla varg vass vide vik vind vinter"
)


class SetupFailed(Exception):
    """The database could not be made ready; the message says what to mend."""


def make_tables(house: Samverka, settings: Settings) -> None:
    """Bring the tables up to date and make the folder of documents."""
    settings.documents.mkdir(parents=True, exist_ok=True)
    house.database.migrate()


def fill(house: Samverka) -> str:
    """Load the register's parties and bodies, deploy the processes that come along; what came of it, in a sentence.

    Doing it again changes nothing.

    Raises:
        SetupFailed: a file is refused; every problem is in the message.
    """
    try:
        simulate.load_register(house.register, FOLDERS, civil_date(house.clock.now()))
        done = simulate.deploy(house.runtime, FOLDERS, why="Följer med installationen")
    except (DeploymentRefused, LoadRefused) as refused:
        raise SetupFailed(str(refused)) from refused
    if done.registration is None:
        return "The register and the processes are as they were."
    return f"Deployed {len(done.new)} diagrams, decision tables and forms as {done.registration}."


def fill_with_demo(house: Samverka, settings: Settings) -> str:
    """Fill an empty database with invented people, all with one new password, and cases that they have played.

    Raises:
        SetupFailed: the database is not empty, or a file is refused.
    """
    now = house.clock.now()
    try:
        simulate.load_register(house.register, FOLDERS, civil_date(now))
        simulate.load_people(house.register, FOLDERS, civil_date(now))
        instances = simulate.play_demo(
            house.database, FOLDERS.cases, now=now, definitions=FOLDERS.definitions(), toolkit=house.toolkit
        )
    except (DeploymentRefused, LoadRefused, ValueError, simulate.ScenarioInvalid, simulate.ScenarioFailed) as refused:
        raise SetupFailed(f"{refused}\nThe demonstration needs an empty database.") from refused
    people = open_accounts(house, settings)  # last: a database with accounts is a finished one
    return f"The demonstration has {people} invented people and {instances} instances of processes."


def open_accounts(house: Samverka, settings: Settings) -> int:
    """Let the invented people sign in with one new password, which is kept beside the database; how many they are."""
    password = new_password()
    hashed = passwords.hashed(password)
    kept = password_file(settings)
    kept.touch(mode=0o600)
    kept.write_text(password, encoding="utf-8")
    with house.database.write() as connection:
        people = fetch_invented_without_account(connection)
        for person_id in people:
            save_account(connection, person_id, hashed)
    return len(people)


def read_files(paths: Iterable[Path]) -> dict[str, bytes]:
    """Every diagram, decision table and form among `paths`, folders gone through, by file name."""
    found: dict[str, bytes] = {}
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in SUFFIXES and file.is_file():
                found[file.name] = file.read_bytes()
    return found


def has_accounts(house: Samverka) -> bool:
    with house.database.read() as connection:
        return has_any_account(connection)


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
        return "Give somebody an account: samverka user add NAME --name 'Full Name' --party PARTY --office koordinator"
    if not invented:
        return "The database is ready."
    try:
        told = f"all with the password  {password_file(settings).read_text(encoding='utf-8')}"
    except FileNotFoundError:
        told = "whose password is no longer kept here (samverka user password NAME sets a new one)"
    lines = [f"  {account.username:<20} {why.get('en', account.title)}" for account, why in offered(invented)]
    return "\n".join(["", f"Demo people, {told}", *lines, ""])
