"""What downloads a file where there is a network: here it says so, once it is called.

Files of models have it in branches that nobody takes (`if pretrained:`), so its name alone is no
reason to refuse the program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn


def _download(name: str) -> Callable[..., NoReturn]:
    def download(*_given: Any, **_ways: Any) -> NoReturn:
        raise OSError(f"{name} downloads a file, and nothing is downloaded here")

    return download


DOWNLOADS: Final[Mapping[str, Any]] = {
    name: _download(name)
    for name in (
        "torch.hub.load",
        "torch.hub.load_state_dict_from_url",
        "torch.hub.download_url_to_file",
        "torch.utils.model_zoo.load_url",
    )
}
"""The stand-ins by full name."""
