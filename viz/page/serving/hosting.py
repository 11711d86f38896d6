"""What the one who starts the page has said of its place: who may type here, who stands in front.

`streamlit run streamlit_app.py` is how a host starts a page, so without a word it is public: typed
text is refused where the kernel does not confine it. Two variables of the environment say
otherwise: `AUTOGRAD_EXPLORER_PUBLIC=0` that only oneself types, `AUTOGRAD_EXPLORER_PROXY_HEADER`
the header in which a proxy in front names the visitor's address (its last one is taken).
"""

from __future__ import annotations

import ipaddress
import logging
import os
from collections.abc import Sequence
from typing import Final

import streamlit as st

from viz.sandbox.server.client import PUBLIC

PROXY_HEADER: Final = "AUTOGRAD_EXPLORER_PROXY_HEADER"
"""The environment's variable that names the header of a proxy in front."""
NETWORK: Final = 64
"""Bits of an IPv6 address that one visitor's provider gives away as a whole."""
log = logging.getLogger("viz.page")


def public() -> bool:
    """Whether strangers may type here; only a plain "0" says that they do not."""
    return os.environ.get(PUBLIC, "1") != "0"


def warn_of_exposure() -> None:
    """Says at the start if a page of one's own can be reached from elsewhere."""
    bound = st.get_option("server.address")
    if not public() and not _loopback(bound):
        log.warning(
            "This page is private (%s=0) and yet others can reach it at %s: they may run programs "
            "here even where the system does not confine them. Start it with "
            "--server.address=127.0.0.1, or without %s=0.",
            PUBLIC,
            bound or "every address of this machine",
            PUBLIC,
        )


def address() -> str:
    """The network address of this run's visitor, empty where it is this machine or not known."""
    header = os.environ.get(PROXY_HEADER, "")
    named = st.context.headers.get_all(header) if header else ()
    return network(named, st.context.ip_address)


def network(named: Sequence[str], peer: str | None) -> str:
    """Whose share a question is: the address that the proxy named last, else the peer's.

    Of an IPv6 address the network: it takes nothing to change the rest.
    """
    told = named[-1].rpartition(",")[2].strip() if named else peer or ""
    try:
        found = ipaddress.ip_address(told.partition("%")[0])
    except ValueError:
        return peer or ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, NETWORK), strict=False))
        found = found.ipv4_mapped
    return str(found)


def _loopback(bound: str | None) -> bool:
    if bound is None:
        return False
    try:
        return ipaddress.ip_address(bound.strip("[]")).is_loopback
    except ValueError:
        return bound == "localhost" or bound.startswith("unix:")
