"""The JavaScript that the server shares with the browser, run in an embedded V8: FEEL."""

from engine.toolkit.feel import FeelError, Toolkit

__all__ = ["FeelError", "Toolkit"]
