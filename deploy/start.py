"""Opens the page: makes an environment, installs what the page needs, starts it.

Run it with any Python from 3.11 on: `python3 deploy/start.py`. Options are Streamlit's own, for
instance `--server.port 8700`. The second start takes a second or two.

It is a page of your own: only this machine reaches it, and programs run here even where the system
cannot confine them. An address of your choice (`--server.address 0.0.0.0`) or
`AUTOGRAD_EXPLORER_PUBLIC=1` makes it a public one, as `streamlit run streamlit_app.py` does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import MutableMapping
from pathlib import Path

from environment import SetupFailed, graphviz, prepared

ROOT = Path(__file__).resolve().parent.parent
PUBLIC = "AUTOGRAD_EXPLORER_PUBLIC"
ADDRESS = "STREAMLIT_SERVER_ADDRESS"


def main() -> int:
    try:
        python = prepared(ROOT, "requirements.txt")
        graphviz(python)
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    # Streamlit would ask for an e-mail address at its first start and wait, and would watch every
    # file for changes
    quiet = ["--server.showEmailPrompt=false", "--server.fileWatcherType=none"]
    command = [str(python), "-m", "streamlit", "run", str(ROOT / "streamlit_app.py")]
    command += [*quiet, *own(sys.argv[1:], os.environ), *sys.argv[1:]]
    os.chdir(ROOT)
    if os.name != "nt":  # exec there leaves the terminal to two processes at once
        os.execv(command[0], command)
    return subprocess.call(command)


def own(options: list[str], environment: MutableMapping[str, str]) -> list[str]:
    """What makes the page one's own, unless somebody said where it is to be found.

    The options to add; `environment` is told in place.
    """
    told = any(option.partition("=")[0] == "--server.address" for option in options)
    if told or ADDRESS in environment or environment.get(PUBLIC, "0") != "0":
        return []
    environment[PUBLIC] = "0"
    return ["--server.address=127.0.0.1"]


if __name__ == "__main__":
    sys.exit(main())
