"""Plays scenarios on a simulated clock through the real runtime: scenario tests, demo data, later whole years.

Writes nothing behind the runtime's back.
"""

from engine.simulate.coverage import Covered, coverage
from engine.simulate.demo import Demo, Folders, deploy, load_demo, load_people, load_register, play_demo
from engine.simulate.errors import ScenarioFailed, ScenarioInvalid
from engine.simulate.player import Player
from engine.simulate.scenario import Scenario, read_scenarios
from engine.simulate.stage import RuntimeStage, Stage

__all__ = [
    "Covered",
    "Demo",
    "Folders",
    "Player",
    "RuntimeStage",
    "Scenario",
    "ScenarioFailed",
    "ScenarioInvalid",
    "Stage",
    "coverage",
    "deploy",
    "load_demo",
    "load_people",
    "load_register",
    "play_demo",
    "read_scenarios",
]
