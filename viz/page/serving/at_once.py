"""What the server writes leaves at once, instead of waiting for the browser's acknowledgement.

asyncio turns that waiting (Nagle's algorithm) off for the sockets that it makes itself. Streamlit
hands it one of its own, which asyncio leaves as it is: each small answer whose head and body are
two writes then waits for the acknowledgement of the first, which a browser delays by 40 ms, and so
does each of two messages that follow each other.
"""

from __future__ import annotations

import os
import socket
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

DESCRIPTORS: Final = Path("/dev/fd")
"""Where Linux and macOS list a process's descriptors; elsewhere all stays as it is."""
_INTERNET: Final = (socket.AF_INET, socket.AF_INET6)


def send_at_once() -> int:
    """Has every connection that this process accepts from now on send at once.

    What is set for a listening socket holds for the connections that come by it. The number of
    those found.
    """
    try:
        listed = [int(each.name) for each in DESCRIPTORS.iterdir()]
    except OSError:
        return 0
    return sum(map(_set, listed))


def _set(descriptor: int) -> bool:
    """Whether this is a listening socket of the internet, which is told so."""
    with suppress(OSError):  # the descriptor that listed them is closed by now
        # what is no socket is not copied: its copy would stay, and hold a pipe open for ever
        if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            with socket.socket(fileno=os.dup(descriptor)) as found:
                if found.family in _INTERNET and _listens(found):
                    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    return True
    return False


def _listens(found: socket.socket) -> bool:
    return bool(found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
