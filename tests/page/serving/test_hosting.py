"""Public unless somebody says otherwise; whose share of the places a visitor's question is."""

from __future__ import annotations

import logging

import pytest
from streamlit import config

from viz.page.serving.hosting import network, public, warn_of_exposure
from viz.sandbox.server.client import PUBLIC


@pytest.mark.parametrize(
    ("told", "expected"), [(None, True), ("", True), ("1", True), ("0", False)]
)
def test_a_page_is_public_unless_a_plain_0_says_that_it_is_not(monkeypatch, told, expected):
    monkeypatch.delenv(PUBLIC, raising=False)
    if told is not None:
        monkeypatch.setenv(PUBLIC, told)
    assert public() is expected


@pytest.mark.parametrize(
    ("told", "bound", "warned"),
    [
        ("0", None, True),
        ("0", "0.0.0.0", True),
        ("0", "::", True),
        ("0", "192.168.1.7", True),
        ("0", "explorer.example.org", True),
        ("0", "127.0.0.1", False),
        ("0", "127.9.9.9", False),
        ("0", "::1", False),
        ("0", "localhost", False),
        ("0", "unix:///run/page.sock", False),
        ("1", None, False),
        ("1", "0.0.0.0", False),
    ],
)
def test_a_private_page_that_others_can_reach_says_so(monkeypatch, caplog, told, bound, warned):
    monkeypatch.setenv(PUBLIC, told)
    monkeypatch.setattr("streamlit.get_option", {"server.address": bound}.get)
    with caplog.at_level(logging.WARNING, "viz.page"):
        warn_of_exposure()
    assert [record.name for record in caplog.records] == ["viz.page"] * warned
    assert all(str(bound or "every") in record.getMessage() for record in caplog.records)


def test_the_option_is_streamlit_s():
    assert "server.address" in config.get_config_options()


@pytest.mark.parametrize(
    ("named", "peer", "expected"),
    [
        ((), None, ""),
        ((), "203.0.113.9", "203.0.113.9"),
        ((), "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ((), "::ffff:203.0.113.9", "203.0.113.9"),
        ((), "fe80::1%eth0", "fe80::/64"),
        (("198.51.100.7",), "10.0.0.1", "198.51.100.7"),
        (("6.6.6.6, 198.51.100.7",), "10.0.0.1", "198.51.100.7"),
        (("6.6.6.6", "198.51.100.7"), "10.0.0.1", "198.51.100.7"),
        (("nobody",), "10.0.0.1", "10.0.0.1"),
        (("",), None, ""),
    ],
)
def test_a_share_is_the_address_s_that_the_trusted_proxy_named(named, peer, expected):
    """A visitor may write the header too: what stands before the proxy's own word is his."""
    assert network(named, peer) == expected
