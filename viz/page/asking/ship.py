"""Makes the file of the lessons' answers: `python -m viz.page.asking.ship`.

Opens the page at each lesson, without a browser, and keeps what the sandbox answers meanwhile.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
from streamlit.runtime.scriptrunner_utils import script_run_context
from streamlit.testing.v1 import AppTest

from viz.lessons import KEYS
from viz.page.asking import answers, shipped
from viz.records import Asks

SCRIPT = Path(__file__).resolve().parents[1] / "app" / "streamlit_app.py"


def opened(lesson: str | None) -> dict[bytes, bytes]:
    """What opening a lesson (`None`: the bare page) asks the sandbox, with its answers, encoded."""
    found: dict[bytes, bytes] = {}
    asking = answers.sandbox().ask

    def ask(question: Asks[Any], *given: Any, **named: Any) -> Any:
        record = asking(question, *given, **named)
        found[msgspec.msgpack.encode(question)] = msgspec.msgpack.encode(record)
        return record

    with (
        mock.patch.object(answers.sandbox(), "ask", ask),
        mock.patch.object(answers, "shipped", return_value=None),
    ):
        answers.kept.clear()  # what was answered before is asked again
        app = AppTest.from_file(str(SCRIPT), default_timeout=60)
        if lesson is not None:
            app.query_params["lesson"] = lesson
        app.run().run()  # the first picture, then the rest
    if app.exception:
        raise SystemExit(f"{lesson}: {app.exception[0].message}")
    return found


def main() -> int:
    # each lesson is opened without a session, and Streamlit would say so at each
    logging.getLogger(script_run_context.__name__).disabled = True
    found: dict[bytes, bytes] = {}
    for lesson in (None, *KEYS):
        found |= opened(lesson)
    shipped.FILE.write_bytes(shipped.packed(found))
    print(f"{len(found)} answers, {shipped.FILE.stat().st_size:,} bytes in {shipped.FILE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
