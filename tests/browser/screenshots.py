"""Takes the pictures that README and reviewers look at: `make screenshots`, or, where the assets are made,
`python -m tests.browser.screenshots`.

Each is one window of the demonstration, in a palette of 256 colours, so that the repository stays small.
"""

from __future__ import annotations

import base64
import os
import shutil
import struct
import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import NARROW, WIDE
from tests.browser.demo import PASSWORD, Demo, open_demo
from tests.browser.stops import STOPS

FOLDER = Path(__file__).parent / "screenshots"
MOST = 150_000
"""Bytes of a picture, at the most."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A stop of `stops.py` at a width; `at`: what the window is scrolled to."""

    file: str
    stop: str
    narrow: bool = False
    at: str = ""


PICTURES = (
    Picture("tasks-wide", "my tasks"),
    Picture("task-wide", "form linjebeslut-svar"),
    Picture("case-wide", "case under way", at="#diagram"),
    Picture("case-narrow", "case under way", narrow=True),
    Picture("decisions-wide", "case closed", at="#answers-1"),
    Picture("meeting-wide", "meeting held"),
    Picture("register-wide", "register"),
    Picture("question-narrow", "form arende-fraga", narrow=True),
)
# Counts the colours, keeps the 256 that occur most and draws every other one as the nearest of them.
_INDEXED = """
async source => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const kept = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => colour);
  const parts = colour => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const palette = kept.map(parts);
  const place = new Map(kept.map((colour, index) => [colour, index]));
  const nearest = colour => {
    const [r, g, b] = parts(colour);
    let best = 0, least = Infinity;
    palette.forEach(([pr, pg, pb], index) => {
      const far = (r - pr) ** 2 + (g - pg) ** 2 + (b - pb) ** 2;
      if (far < least) [best, least] = [index, far];
    });
    return best;
  };
  const indices = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += 1) {
    const colour = pixels[at];
    if (!place.has(colour)) place.set(colour, nearest(colour));
    indices[at] = place.get(colour);
  }
  let text = '';
  for (let at = 0; at < indices.length; at += 32768) text += String.fromCharCode(...indices.subarray(at, at + 32768));
  return { width: image.width, height: image.height, palette: palette.flat(), indices: btoa(text) };
}
"""


def main() -> int:
    """Take every picture; 1 when one has grown too large."""
    chromium = os.environ.get("SAMVERKA_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("there is no Chromium: set SAMVERKA_CHROMIUM, or let `make browser` bring one", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, open_demo(Path(folder)) as demo, sync_playwright() as playwright:
        # Chromium draws its own date fields in the language of the machine.
        swedish = {**os.environ, "LANGUAGE": "sv"}
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--lang=sv"], env=swedish)
        sizes = [take(browser, demo, picture) for picture in PICTURES]
        browser.close()
    return int(max(sizes) > MOST)


def take(browser: Browser, demo: Demo, picture: Picture) -> int:
    """Take one picture and keep it; its size in bytes."""
    way = next(stop for stop in STOPS if stop.name == picture.stop).way(demo)
    page = browser.new_context(viewport=NARROW if picture.narrow else WIDE, locale="sv-SE").new_page()  # type: ignore[arg-type]
    if way.who:
        page.goto(f"{demo.address}/sign-in")
        page.fill("#username", way.who)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.locator(".sv-account summary").wait_for()
    page.goto(f"{demo.address}{way.path}", wait_until="networkidle")  # questions that do not apply are hidden by now
    if picture.at:
        page.locator(picture.at).evaluate("each => each.scrollIntoView({block: 'start'})")
        if page.locator(f"{picture.at} [data-diagram]").count():
            page.locator("[data-diagram][data-state=drawn]").wait_for()
            page.locator(picture.at).evaluate("each => each.scrollIntoView({block: 'start'})")
    content = palette_png(page, page.screenshot())
    page.context.close()
    (FOLDER / f"{picture.file}.png").write_bytes(content)
    print(f"{picture.file}.png: {len(content)} bytes")
    return len(content)


def palette_png(page: Page, screenshot: bytes) -> bytes:
    """The same picture with a palette of 256 colours; `page` does the counting."""
    page.goto("about:blank")
    found = page.evaluate(_INDEXED, f"data:image/png;base64,{base64.b64encode(screenshot).decode()}")
    width, height, indices = found["width"], found["height"], base64.b64decode(found["indices"])
    lines = b"".join(b"\0" + indices[row * width : (row + 1) * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", bytes(found["palette"])), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


if __name__ == "__main__":
    sys.exit(main())
