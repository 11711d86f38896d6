"""The first file of the sandbox's own interpreters: `start.py SEARCH_PATH MODULE ARGUMENT…`.

SEARCH_PATH is JSON, a list of the folders in which modules are found; then the MODULE's `main` is
called with the arguments. It is a file, run by its path, because of what `python -c` would do:
from Python 3.13 on the text of `-c` stands in tracebacks, and torch prints those to a program.
"""

from __future__ import annotations

import importlib
import json
import sys


def main(search_path: str, module: str, *arguments: str) -> None:
    """Finds the module and hands over to it."""
    sys.path[:] = json.loads(search_path)
    importlib.import_module(module).main(*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
