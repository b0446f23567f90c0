"""The command line from an empty folder on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web import setup
from web.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    environment = {"SAMVERKA_DATA": str(tmp_path), "SAMVERKA_DATABASE_URL": f"sqlite:///{tmp_path}/samverka.db"}

    def command(*words: str, said: str = "") -> Result:
        return CliRunner().invoke(main, list(words), env=environment, input=said)

    return command


def test_a_new_installation_has_processes_and_nobody_in_it(run: Run) -> None:
    first = run("init")
    assert first.exit_code == 0, first.output
    assert "Deployed" in first.output
    assert "samverka user add" in first.output
    assert "password" not in first.output
    assert "as they were" in run("init").output
    checked = run("verify")
    assert checked.exit_code == 0
    assert "0 faults" in checked.output


def test_the_first_coordinator(run: Run) -> None:
    run("init")
    secret = "sex sura äpplen"
    added = run(
        "user", "add", "ny.koordinator", "--name", "Ny Person", "--party", "region-vasterbotten", "--office", "koordinator",
        said=f"{secret}\n{secret}\n",
    )
    assert added.exit_code == 0, added.output
    assert secret not in added.output
    assert "The database is ready." in run("init", "--once").output
    assert run("user", "deactivate", "ingen").exit_code == 1


def test_a_token_is_made_listed_and_revoked(run: Run) -> None:
    run("init")
    secret = "sex sura äpplen"
    run("user", "add", "ny.person", "--name", "Ny Person", "--party", "umea", said=f"{secret}\n{secret}\n")
    assert run("token", "create", "ingen", "--name", "x", "--right", "work").exit_code == 1
    made = run("token", "create", "ny.person", "--name", "arkivet", "--right", "work", "--right", "act", "--days", "30")
    assert made.exit_code == 0, made.output
    token = made.stdout.strip()
    assert token.startswith("smv_") and len(token) > 40
    listed = run("token", "list", "ny.person").output
    assert "act,work" in listed and "arkivet" in listed and token not in listed
    assert run("token", "revoke", "1").exit_code == 0
    assert "revoked" in run("token", "list").output
    assert run("token", "revoke", "1").exit_code == 1


def test_a_refused_file_is_named_and_nothing_is_deployed(run: Run, tmp_path: Path) -> None:
    run("init")
    broken = tmp_path / "trasig.bpmn"
    broken.write_text("<definitions", encoding="utf-8")
    said = run("deploy", str(broken))
    assert said.exit_code == 1
    assert "trasig.bpmn" in said.output
    assert "nothing was deployed" in said.output
    assert run("deploy", str(setup.ROOT / "processes")).output == "nothing differs from the versions in force\n"


def test_two_demonstrations_have_two_passwords() -> None:
    assert setup.new_password() != setup.new_password()
    assert len(setup.new_password()) >= 14
