"""What the page's server is told: protections on, little taken in, nothing of the server shown."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit import config

CONFIGURED = tomllib.loads(
    (Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml").read_text("utf-8")
)


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("server", "enableXsrfProtection", True),
        ("server", "enableCORS", True),
        ("server", "maxUploadSize", 1),
        ("server", "maxWidgetStateSize", 1),
        ("server", "enableWebsocketCompression", True),
        ("client", "showErrorDetails", "none"),
        ("browser", "gatherUsageStats", False),
    ],
)
def test_the_protections_are_on(section, name, value):
    assert CONFIGURED[section][name] == value


def test_streamlit_knows_every_option():
    """A misspelt one would be passed over in silence."""
    known = set(config.get_config_options())
    told = {
        f"{section}.{name}"
        for section, options in CONFIGURED.items()
        for name, value in options.items()
        if not isinstance(value, dict)
    }
    assert told <= known
    assert "server.enableAgentApi" not in told, "off unless somebody asks for it"
