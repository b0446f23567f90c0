"""What came of each case at a meeting: what the meeting told the case, under the labels of the meeting's own forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.store.dossier import InstanceRow
from engine.store.timeline import read_timeline
from web.pages.cases.contents import Pairs, contents


@dataclass(frozen=True, slots=True)
class Item:
    """A case on the agenda; `told` is empty until the meeting has told it anything."""

    case: InstanceRow
    told: Pairs


def items(connection: Connection, meeting: InstanceRow, cases: Mapping[str, InstanceRow]) -> list[Item]:
    """The cases of a meeting in the order of `cases`, each with its outcome. One statement."""
    others = [case for case in cases.values() if case.id != meeting.id]
    if not others:
        return []
    timeline = read_timeline(connection, [case.id for case in others], kinds={"received"}, size=1000)
    told: dict[int, Pairs] = {}
    for row in timeline.rows:  # newest first: the last word counts
        if row.data and row.data.get("from") == meeting.id and row.content and row.instance_id not in told:
            sections = contents(meeting, row.content.get("variables") or {}).sections
            told[row.instance_id] = [pair for section in sections for pair in section.pairs]
    return [Item(case, told.get(case.id, [])) for case in others]
