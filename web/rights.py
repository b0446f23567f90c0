"""What a program may do in a person's name; never more than the person may."""

from __future__ import annotations

from typing import Literal, get_args

Right = Literal["read", "act", "work", "deploy"]
RIGHTS: tuple[Right, ...] = get_args(Right)
"""read: see what the person sees, which every token may. act: start, claim, complete as the person. work: do what service tasks
lay out, set variables and send messages, as systems do. deploy: publish diagrams, for process owners."""
