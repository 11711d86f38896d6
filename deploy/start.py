"""Opens the page: makes an environment, installs what the page needs, starts it.

Run it with any Python from 3.11 on: `python3 deploy/start.py`. Options are Streamlit's own, for
instance `--server.port 8700`. The second start takes a second or two.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from environment import SetupFailed, graphviz, prepared

ROOT = Path(__file__).resolve().parent.parent


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
    command += [*quiet, *sys.argv[1:]]
    os.chdir(ROOT)
    if os.name != "nt":  # exec there leaves the terminal to two processes at once
        os.execv(command[0], command)
    return subprocess.call(command)


if __name__ == "__main__":
    sys.exit(main())
