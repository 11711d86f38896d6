"""Streamlit's own socket, as it makes it: what comes by it sends at once."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from viz.page.serving import at_once
from viz.page.serving.at_once import send_at_once


def test_connections_that_come_from_now_on_send_at_once() -> None:
    with socket.socket(socket.AF_INET) as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        send_at_once()
        with socket.create_connection(server.getsockname()), server.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_nothing_is_told_where_no_descriptors_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_once, "DESCRIPTORS", Path("/nowhere"))
    assert send_at_once() == 0


@pytest.mark.skipif(not at_once.DESCRIPTORS.exists(), reason="no descriptors are listed here")
def test_no_copy_of_a_descriptor_stays() -> None:
    reading, writing = os.pipe()
    send_at_once()
    os.close(writing)
    os.set_blocking(reading, False)
    assert os.read(reading, 1) == b"", "a copy holds the pipe open"
    os.close(reading)
