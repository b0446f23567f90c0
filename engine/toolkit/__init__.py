"""The JavaScript that the server shares with the browser and with diagrams, run in embedded V8s: FEEL and scripts."""

from engine.toolkit.feel import FeelError, Toolkit
from engine.toolkit.scripts import ScriptError, ScriptResult, Scripts

__all__ = ["FeelError", "ScriptError", "ScriptResult", "Scripts", "Toolkit"]
