"""How instance state and history content are written: orjson, compressed with zstd at level 1.

Higher levels gain nothing on hundreds of bytes. The compressors are not thread-safe, hence one a thread.
"""

from __future__ import annotations

import threading
from typing import Any

import orjson
import zstandard

_local = threading.local()
# What a state may unpack to: far above any real instance, far below what would hurt.
MAX_BYTES = 64 * 1024 * 1024


def pack(value: Any) -> bytes:
    """`value` (plain JSON) as bytes, the same bytes for equal values.

    Raises:
        TypeError: something in it is not plain JSON.
    """
    compressor = getattr(_local, "compressor", None)
    if compressor is None:
        compressor = _local.compressor = zstandard.ZstdCompressor(level=1, write_content_size=True)
    packed: bytes = compressor.compress(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))
    return packed


def unpack(packed: bytes) -> Any:
    """The value that `pack` was given."""
    decompressor = getattr(_local, "decompressor", None)
    if decompressor is None:
        decompressor = _local.decompressor = zstandard.ZstdDecompressor()
    return orjson.loads(decompressor.decompress(packed, max_output_size=MAX_BYTES))


def canonical(value: Any) -> bytes:
    """`value` as JSON with sorted keys: what digests are taken over."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def json_text(value: Any) -> str:
    """`value` as the text that a JSON column holds."""
    return orjson.dumps(value).decode()
