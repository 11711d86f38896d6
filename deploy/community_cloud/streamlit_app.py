"""The page for Streamlit Community Cloud: the same page, in public mode, requirements beside it."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
# strangers type here: without the operating system's confinement nothing typed may run
os.environ.setdefault("AUTOGRAD_EXPLORER_PUBLIC", "1")
runpy.run_path(str(ROOT / "streamlit_app.py"), run_name="__main__")
