"""The command `samverka`."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import ArgumentError

from web.config import Settings
from web.rights import RIGHTS

if TYPE_CHECKING:
    from web.context import Samverka


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _house() -> Samverka:
    from web.house import open_house

    try:
        return open_house(_settings())
    except (ValueError, ArgumentError) as error:  # an address of a database that says nothing to us
        raise click.ClickException(str(error)) from error


@click.group()
@click.version_option(package_name="samverka")
def main() -> None:
    """Runs collaboration agreements as BPMN processes.

    Settings come from SAMVERKA_DATABASE_URL, SAMVERKA_SECRET_KEY, SAMVERKA_BASE_URL, SAMVERKA_DATA and SAMVERKA_PROXIES.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s", stream=sys.stderr)
    for chatty in ("alembic", "apscheduler"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


@main.command()
@click.option("--demo", is_flag=True, help="Fill an empty database with invented people, all with one password, and their cases.")
@click.option("--once", is_flag=True, help="Do nothing to a database that has accounts; say how to sign in.")
def init(demo: bool, once: bool) -> None:
    """Make the database, load the register, deploy the processes that come along."""
    from web import setup

    settings, house = _settings(), _house()
    setup.make_tables(house, settings)
    if not (once and setup.has_accounts(house)):
        try:
            click.echo(setup.fill_with_demo(house, settings) if demo else setup.fill(house))
        except setup.SetupFailed as failed:
            raise click.ClickException(str(failed)) from failed
    click.echo(setup.how_to_sign_in(house, settings))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-worker", is_flag=True, help="Leave timers and errands to `samverka worker` processes.")
def serve(host: str, port: int, threads: int, no_worker: bool) -> None:
    """Serve the site, and carry out what falls due."""
    from web.serving import serve_site

    serve_site(_settings(), host=host, port=port, threads=threads, worker=not no_worker, say=click.echo)


@main.command()
def worker() -> None:
    """Carry out what falls due, without serving the site."""
    from web.serving import work_until_stopped

    work_until_stopped(_settings(), say=click.echo)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--why", default="", help="The reason, kept with the deployment's registration number.")
def deploy(paths: tuple[Path, ...], why: str) -> None:
    """Deploy diagrams, decision tables and forms: files, or folders of them. All or nothing."""
    from engine.bpmn import DeploymentRefused
    from web.setup import read_files

    files = read_files(paths)
    if not files:
        raise click.ClickException("there is no .bpmn, .dmn or .form among these")
    try:
        done = _house().runtime.deploy(files, why=why, source="command line")
    except DeploymentRefused as refused:
        for problem in refused.problems:
            click.echo(str(problem), err=True)
        raise click.ClickException(f"refused: {len(refused.problems)} problems, nothing was deployed") from refused
    if done.registration is None:
        click.echo("nothing differs from the versions in force")
    for version in done.new:
        click.echo(f"{done.registration}  {version.kind} {version.key}, version {version.version}")


@main.command()
@click.option("--replay", is_flag=True, help="Also run every command again and compare the state that comes out.")
def verify(replay: bool) -> None:
    """Prove the chain of history of every instance."""
    found = _house().runtime.verify(replay=replay)
    for fault in found.faults:
        click.echo(str(fault), err=True)
    click.echo(f"{found.instances} instances, {found.rows} rows of history, {len(found.faults)} faults")
    if found.erased:
        click.echo(f"{found.erased} could not be replayed: their content has been erased; their chains hold")
    if found.faults:
        sys.exit(1)


@main.command()
def doctor() -> None:
    """Look at everything that the service rests on, and say what to do about what is wrong."""
    from web.doctor import examine

    faults = 0
    for finding in examine(_settings()):
        click.echo(f"{'ok   ' if finding.fine else 'FAULT'}  {finding.what}: {finding.found}")
        if not finding.fine:
            click.echo(f"       {finding.remedy}")
            faults += 1
    sys.exit(1 if faults else 0)


@main.group()
def user() -> None:
    """People's accounts."""


def _asked_password() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@user.command("add")
@click.argument("username")
@click.option("--name", help="Needed when the register does not know the username.")
@click.option("--email", default="")
@click.option("--party", help="The party's short name, as umea.")
@click.option("--title", default="")
@click.option("--office", help="An office in the party from today on, as koordinator.")
def user_add(username: str, name: str | None, email: str, party: str | None, title: str, office: str | None) -> None:
    """Give a person an account; the password is asked for."""
    from web import people

    with _plain_refusals():
        people.add(_house(), username, _asked_password(), name=name, email=email, party=party, title=title, office=office)
    click.echo(f"{username.lower()} can sign in")


@user.command("password")
@click.argument("username")
def user_password(username: str) -> None:
    """Set a new password, open the account again, end its sessions and its waiting time."""
    from web import people

    with _plain_refusals():
        people.set_password(_house(), username, _asked_password())
    click.echo(f"{username.lower()} has a new password")


@user.command("deactivate")
@click.argument("username")
def user_deactivate(username: str) -> None:
    """Close an account and end its sessions. What the person has done stays."""
    from web import people

    with _plain_refusals():
        people.deactivate(_house(), username)
    click.echo(f"{username.lower()} can no longer sign in")


@main.group()
def token() -> None:
    """Access tokens: what programs sign in with, in a person's name."""


@token.command("create")
@click.argument("username")
@click.option("--name", required=True, help="What the token is for; shown in lists.")
@click.option("--right", "rights", multiple=True, required=True, type=click.Choice(RIGHTS), help="May be given several times.")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="How long it is valid.")
def token_create(username: str, name: str, rights: tuple[str, ...], days: int) -> None:
    """Make a token and show it, this once."""
    from web import people

    with _plain_refusals():
        number, made = people.make_token(_house(), username, name=name, rights=rights, days=days)
    click.echo(f"Token {number}, valid for {days} days. It is not shown again:", err=True)
    click.echo(made)


@token.command("list")
@click.argument("username", required=False)
def token_list(username: str | None) -> None:
    """Every token, or a person's."""
    from web import people

    with _plain_refusals():
        for line in people.list_tokens(_house(), username):
            click.echo(line)


@token.command("revoke")
@click.argument("number", type=int)
def token_revoke(number: int) -> None:
    """End a token for good."""
    from web import people

    with _plain_refusals():
        people.revoke_token(_house(), number)
    click.echo(f"token {number} is revoked")


class _plain_refusals:
    """What the rules refuse is said in one line, without a traceback."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from web.people import Refused

        if isinstance(error, Refused):
            raise click.ClickException(str(error)) from error
