"""An environment of the project's own: made once, reused until its requirements change.

`prepared(root, requirements)` gives the Python of an environment under `.environment/`, with the
requirements installed. A `.venv` of yours is left alone. `graphviz(python)` sees to what drawing
needs, `chromium(python)` names a browser for the tests. What only the system can bring comes by
apt-get, as root or through sudo; where that is impossible, `SetupFailed` says what to install by
hand.

Only the standard library is used, and only syntax that an older Python can read, so that it gets
the sentence about its version and not a SyntaxError.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
from pathlib import Path

OLDEST = (3, 11)
TORCH_CPU = "https://download.pytorch.org/whl/cpu"
"""PyTorch's own index of builds without CUDA: 200 MB where the general one has several GB."""

GRAPHVIZ_NEEDS = ("libglib2.0-0", "libx11-6", "libxext6", "libxrender1")


class SetupFailed(Exception):
    """Something that is needed could not be installed; the text says what to do."""


def prepared(root: Path, requirements: str) -> Path:
    """The Python of an environment in which the file `requirements` (relative) is installed."""
    refuse_old_python()
    folder = root / ".environment" / f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamps = folder / "installed.json"
    wanted = fingerprint(root, requirements)
    works = answers([str(python), "-m", "pip", "--version"]) is not None
    installed = json.loads(stamps.read_text()) if works and stamps.exists() else {}
    if installed.get(requirements) == wanted:
        return python
    if not works:
        make(folder)
    install(python, root / requirements)
    stamps.write_text(json.dumps({**installed, requirements: wanted}))
    return python


def refuse_old_python() -> None:
    """Ends with one sentence on a Python that is too old."""
    if sys.version_info < OLDEST:
        raise SetupFailed(
            "Autograd Explorer needs Python 3.11 or later and this is Python "
            f"{platform.python_version()}. Run the same line with a newer one, such as python3.11."
        )


def fingerprint(root: Path, requirements: str) -> str:
    """A digest of a requirements file and of those that it takes in by `-r`."""
    path = root / requirements
    text = path.read_text(encoding="utf-8")
    parts = [text]
    for line in text.splitlines():
        if line.startswith("-r "):
            taken = (path.parent / line[3:].strip()).resolve()
            parts.append(fingerprint(taken.parent, taken.name))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def make(folder: Path) -> None:
    """A new, empty environment in `folder`; Debian keeps the part that brings pip in a package."""
    if importlib.util.find_spec("ensurepip") is None:
        tell("This Python cannot make environments yet: installing the package that can.")
        apt_install(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    tell(f"Making an environment in {folder.parent.name}/{folder.name}.")
    run([sys.executable, "-m", "venv", "--clear", str(folder)])


def install(python: Path, requirements: Path) -> None:
    """Installs a requirements file; on Linux PyTorch comes without CUDA where that is offered."""
    tell(f"Installing {requirements.name} (once; about 300 MB to download).")
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    if not sys.stdout.isatty():
        command.append("--quiet")
    if sys.platform == "linux" and reachable(TORCH_CPU + "/torch/"):
        command += ["--extra-index-url", TORCH_CPU]
    run([*command, "-r", str(requirements)])


def reachable(url: str) -> bool:
    """Whether something answers there within three seconds."""
    try:
        with urllib.request.urlopen(url, timeout=3):
            return True
    except (urllib.error.URLError, OSError):
        return False


def graphviz(python: Path) -> None:
    """Sees to it that Graphviz loads: its wheel counts on libraries that every desktop has."""
    if sys.platform == "linux" and answers([str(python), "-c", "import pygraphviz"]) is None:
        tell("Installing the system libraries that drawing needs.")
        apt_install(*GRAPHVIZ_NEEDS)


def chromium(python: Path) -> str:
    """The path of a Chromium that runs here, or `playwright` for its own; may install it."""
    if answers([str(python), "-m", "playwright", "--version"]) is None:
        apt_install("libatomic1")  # what its driver needs and the smallest systems do not have
    found = system_chromium()
    if found or playwright_chromium(python):
        return found or "playwright"
    tell("Installing Chromium for the browser tests.")
    if distribution() != "debian":
        # Ubuntu's package is a snap, which does not run in containers
        run([str(python), "-m", "playwright", "install", "--with-deps", "chromium"])
        return "playwright"
    # a font too: without one the browser shows no text at all
    apt_install("chromium", "fonts-dejavu-core")
    found = system_chromium()
    if found is None:
        raise SetupFailed("Chromium was installed but does not start: try `chromium --version`.")
    return found


def system_chromium() -> str | None:
    """The path of an installed Chromium or Chrome that starts, None without one."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        path = shutil.which(name)
        # the stand-in that asks for a snap is on the path as well, and says so instead
        if path and (answers([path, "--version"]) or "").startswith(("Chromium", "Google Chrome")):
            return path
    return None


def playwright_chromium(python: Path) -> bool:
    """Whether Playwright has already downloaded its own Chromium."""
    program = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as it: print(it.chromium.executable_path)"
    )
    path = answers([str(python), "-c", program])
    return path is not None and Path(path.strip()).exists()


def distribution() -> str:
    """The id of this Linux distribution (`debian`, `ubuntu`), empty elsewhere."""
    try:
        return platform.freedesktop_os_release()["ID"]
    except (OSError, KeyError):
        return ""


def apt_install(*packages: str) -> None:
    """Installs Debian packages without asking anything."""
    by_hand = f"Install by hand what provides: {' '.join(packages)}; then run the same line again."
    if shutil.which("apt-get") is None:
        raise SetupFailed(f"There is no apt-get here. {by_hand}")
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            raise SetupFailed(f"Only root can install packages, and there is no sudo. {by_hand}")
        command = ["sudo", *([] if sys.stdin.isatty() else ["-n"]), *command]
    run([*command, "update", "-qq"])
    run([*command, "install", "-qq", "--yes", "--no-install-recommends", *packages])


def answers(command: list[str]) -> str | None:
    """What a command prints, None if it does not start or ends with an error."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


def run(command: list[str]) -> None:
    """Runs a command that must succeed."""
    code = subprocess.call(command, stdin=None if sys.stdin.isatty() else subprocess.DEVNULL)
    if code != 0:
        raise SetupFailed(f"This command ended with code {code}: {' '.join(command)}")


def tell(sentence: str) -> None:
    """Says to the person at the terminal what is going on."""
    print(sentence, file=sys.stderr, flush=True)
