"""Asking somebody else's server: no redirects, a bounded answer, within a deadline.

Here because the encoder may import nothing of the portal; other machines behind an address ask the same way.
"""

import time
import urllib.request
from typing import Any, Final

# What a server answers that is too busy now and may not be in a moment.
LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Texts and key go to the address that was configured and to no other."""

    def redirect_request(self, *_: Any) -> None:
        """Follows nothing."""


_OPENER: Final = urllib.request.build_opener(_NoRedirect)


def answer_to(request: urllib.request.Request, *, seconds: float, most: int) -> bytes:
    """The whole body, of at most ``most`` bytes, within ``seconds``. Raises OSError or ValueError."""
    deadline = time.monotonic() + seconds
    with _OPENER.open(request, timeout=seconds) as response:
        return _read(response, deadline, most)


def _read(response: Any, deadline: float, most: int) -> bytes:
    """The body, unless it grows too large or drips too slowly: a socket's own timeout starts again at every byte."""
    parts: list[bytes] = []
    size = 0
    while part := response.read1(2**16):
        parts.append(part)
        size += len(part)
        if size > most:
            raise ValueError(f"the answer is longer than {most} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError("the answer took too long")
    return b"".join(parts)
