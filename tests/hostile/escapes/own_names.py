"""Escapes that dress what they read in a name of a class's own.

Each is a chain of attributes that leads from a function, a generator or a traceback to `os`, and
one way to have an attribute read that a class of the program's own opens.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

WAYS: Final = {
    "by getattr": ("", "getattr({of}, '{name}')"),
    "by a constant of a class": ("class Own:\n    {name} = 1\n", "{of}.{name}"),
    "by a stored name": (
        "class Own:\n    def __init__(self): self.{name} = 1\nOwn()\n",
        "{of}.{name}",
    ),
    "by setattr": ("class Own: pass\nsetattr(Own, '{name}', 1)\n", "{of}.{name}"),
    "by a method's name": ("class Own:\n    def {name}(self): pass\n", "{of}.{name}"),
    "in a property": (
        "class Own:\n    def __init__(self, of): self.of = of\n"
        "    @property\n    def got(self): return self.of.{name}\n",
        "Own({of}).got",
    ),
    "in a class method": (
        "class Own:\n    @classmethod\n    def got(cls, of, name): return getattr(of, name)\n",
        "Own.got({of}, '{name}')",
    ),
    "in an operator": (
        "class Own:\n    def __matmul__(self, of): return of.{name}\n",
        "(Own() @ {of})",
    ),
    "in an index": (
        "class Own:\n    def __init__(self, of): self.of = of\n"
        "    def __getitem__(self, name): return getattr(self.of, name)\n",
        "Own({of})['{name}']",
    ),
    "in a data class": (
        "from dataclasses import dataclass\n@dataclass\nclass Own:\n"
        "    of: object = None\n    {name}: int = 1\n",
        "Own({of}).of.{name}",
    ),
    "in a layer": (
        "import torch\nclass Own(torch.nn.Module):\n    def __init__(self, of):\n"
        "        super().__init__()\n        self.of, self.{name} = of, 1\n"
        "    def forward(self): return self.of.{name}\n",
        "Own({of})()",
    ),
    "in a context": (
        "class Own:\n    def __init__(self, of): self.of = of\n"
        "    def __enter__(self): return self.of.{name}\n    def __exit__(self, *given): pass\n"
        "def entered(of):\n    with of as found: return found\n",
        "entered(Own({of}))",
    ),
    "by a name of the class's own": (
        "class Own:\n    def __call__(self, of):\n        self.{name} = of\n        return self\n",
        "Own()({of}).{name}.{name}",
    ),
}
CHAINS: Final = {
    "a function's globals": ("f", "__globals__"),
    "a generator's frame": ("g", "gi_frame f_globals"),
    "a traceback's frame": ("caught[0]", "tb_frame f_globals"),
    "a method's function": ("torch.nn.Linear(1, 1).forward", "__func__ __globals__"),
    "a layer's globals": ("torch.nn.functional.relu", "__globals__"),
    "a class's dictionary": ("torch.nn.Module.forward", "__globals__"),
}
_HEAD: Final = """import torch
def f(): yield
g = f()
caught = []
class Catching:
    def __enter__(self): return self
    def __exit__(self, kind, error, traceback):
        caught.append(traceback)
        return True
with Catching():
    1 / 0
"""
_TAIL: Final = """
b = found['__builtins__']
o = (b['__import__'] if isinstance(b, dict) else b.__import__)('os')
o.close(o.open('{marker}', 65))"""


def escapes() -> Iterator[tuple[str, str]]:
    """Every chain in every way, by name; `{marker}` is still to be filled in."""
    for way, (before, reading) in WAYS.items():
        for chain, (start, names) in CHAINS.items():
            source, found = _HEAD, start
            for place, name in enumerate(names.split()):
                own = f"Own{place}"
                source += before.replace("{name}", name).replace("Own", own)
                found = (
                    reading.replace("{of}", found)
                    .replace("{name}", name)
                    .replace("Own(", own + "(")
                    if "Own." not in reading
                    else reading.replace("Own", own).replace("{of}", found).replace("{name}", name)
                )
            yield f"{chain} {way}", f"{source}found = {found}{_TAIL}"
