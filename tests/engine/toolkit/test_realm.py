"""The embedded context: whose memory a call is judged by."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.toolkit.realm import LimitHit, Realm

BUNDLE = """
var held = [];
function hold(count) {
  var list = [];
  for (var i = 0; i < count; i++) list.push([i]);
  held.push(list);
  return String(list.length);
}
"""
FITS, TOO_MUCH = 400_000, 4_000_000


@pytest.fixture
def realm(tmp_path: Path):
    bundle = tmp_path / "bundle.js"
    bundle.write_text(BUNDLE, encoding="utf-8")
    realm = Realm(bundle, seconds=5, memory=32 * 1024 * 1024)
    yield realm
    realm.close()


def test_a_call_is_not_charged_with_what_earlier_calls_left_behind(realm: Realm) -> None:
    for _ in range(5):
        assert realm.call(f"hold({FITS})") == str(FITS)


def test_a_call_that_needs_too_much_itself_is_ended_and_leaves_a_working_context(realm: Realm) -> None:
    assert realm.call("hold(1)") == "1"
    with pytest.raises(LimitHit, match="32 MB of memory"):
        realm.call(f"hold({TOO_MUCH})")
    assert realm.call("hold(1)") == "1"
