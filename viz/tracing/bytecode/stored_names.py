"""What a call's result is assigned to, read off bytecode: for functions whose text nobody kept.

`stored_name(code, lasti)` follows the value that the instruction at `lasti` leaves on the stack
until something takes it: `a = x * y`, `b, c = x.sin(), x.cos()`, `m, i = x.max(0)`, `self.w = …`,
`y[0] = …`, `b += c`, `(e := …)`. An instruction that is not known takes it: then there is no name.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType
from typing import Final

COMPARING: Final = frozenset(("max", "min", "sorted", "any", "all", "bool", "int", "float"))
"""Python's own functions that compare or ask tensors: what they give back is no call's result."""
FURTHEST: Final = 200
"""Instructions that are followed."""
_LOADS: Final = ("LOAD_FAST", "LOAD_NAME", "LOAD_GLOBAL", "LOAD_DEREF")
_STORES: Final = ("STORE_FAST", "STORE_NAME", "STORE_GLOBAL", "STORE_DEREF")
_TAKING: Final = {
    0: "NOP RESUME PRECALL KW_NAMES PUSH_NULL LOAD_CONST LOAD_CLOSURE LOAD_SMALL_INT NOT_TAKEN",
    1: "LOAD_ATTR LOAD_METHOD UNARY_NEGATIVE UNARY_NOT UNARY_INVERT POP_TOP TO_BOOL",
    2: "BINARY_OP BINARY_SUBSCR COMPARE_OP IS_OP CONTAINS_OP",
    3: "BINARY_SLICE",
}
_TAKES: Final = {name: count for count, names in _TAKING.items() for name in names.split()}
"""How many values an instruction takes from the stack; `dis` tells only what is left of them."""


def stored_name(code: CodeType, lasti: int) -> str | None:
    """The variable, or the variables side by side, that take what one instruction computes."""
    steps, places = _read(code)
    at = places.get(lasti)
    if at is None:  # a call of a Python function stands at its end, behind what it keeps for itself
        at = max((place for offset, place in places.items() if offset < lasti), default=None)
    if at is None or _compares(steps, at):
        return None
    depth = 0
    """How many values lie above it."""
    for here in range(at + 1, min(at + FURTHEST, len(steps))):
        step = steps[here]
        name, many = step.opname, step.arg or 0
        if name == "SWAP":
            depth = many - 1 if depth == 0 else 0 if depth == many - 1 else depth
        elif name == "COPY":
            depth += many != 1 or depth > 0
        elif depth == 0 and name in ("UNPACK_SEQUENCE", "UNPACK_EX"):
            return _side_by_side(steps, here)
        elif name.startswith(_STORES):
            targets = step.argval if isinstance(step.argval, tuple) else (step.argval,)
            stored = 1 if "LOAD" in name else len(targets)
            if depth < stored:
                return str(targets[depth])
            depth += dis.stack_effect(step.opcode, step.arg, jump=False)
        elif name in ("STORE_ATTR", "STORE_SUBSCR"):
            return _part(steps, here) if depth == _TARGETS[name] else None
        elif name == "BUILD_TUPLE" and depth < many:
            following = steps[here + 1]
            if (following.opname, following.arg) != ("UNPACK_SEQUENCE", many):
                return None
            names = _names(steps, here + 2, many)
            return names[many - 1 - depth] if names else None
        else:
            takes = 0 if name.startswith(_LOADS) else _taken(name, many)
            if takes > depth:
                return None
            depth += dis.stack_effect(step.opcode, step.arg, jump=False)
    return None


def in_loop(code: CodeType, lasti: int) -> bool:
    """Whether an instruction is run again and again where it stands."""
    return any(start <= lasti <= end for start, end in _loops(code))


def variables(code: CodeType) -> tuple[set[str], set[str]]:
    """The names that code, and what is defined in it, gives itself; those of them that loops do."""
    given, running = set(code.co_varnames) | set(code.co_cellvars), set()
    steps, _ = _read(code)
    for here, step in enumerate(steps):
        if step.opname.startswith(_STORES):
            names = step.argval if isinstance(step.argval, tuple) else (step.argval,)
            given.update(map(str, names))
            if steps[here - 1].opname == "FOR_ITER":
                running.add(str(names[0]))
    for inner in within(code):
        more, loops = variables(inner)
        given, running = given | more, running | loops
    return given, running


def within(code: CodeType) -> Iterator[CodeType]:
    """The code of the functions that are defined in it, directly."""
    return (each for each in code.co_consts if isinstance(each, CodeType))


_TARGETS: Final = {"STORE_ATTR": 1, "STORE_SUBSCR": 2}
"""How deep what is stored lies below what tells where."""


def _taken(name: str, many: int) -> int:
    """How many values an instruction takes; of one that is not known, all."""
    if name.startswith("BUILD_"):
        return many
    if name in _CALLS:
        return many + _CALLS[name]
    return _TAKES.get(name, 1 << 30)


_CALLS: Final = {"CALL": 2, "CALL_KW": 3}
"""What calls take besides their arguments."""


@lru_cache(maxsize=200)
def _read(code: CodeType) -> tuple[list[dis.Instruction], dict[int, int]]:
    steps = list(dis.get_instructions(code))
    return steps, {step.offset: place for place, step in enumerate(steps)}


@lru_cache(maxsize=200)
def _loops(code: CodeType) -> list[tuple[int, int]]:
    """Where each loop begins and ends."""
    jumps = (step for step in _read(code)[0] if "JUMP" in step.opname)
    return [(step.argval, step.offset) for step in jumps if step.argval < step.offset]


def _names(steps: list[dis.Instruction], here: int, count: int) -> list[str] | None:
    """The variables that so many values go to, the uppermost first."""
    found: list[str] = []
    while len(found) < count and here < len(steps):
        step = steps[here]
        if not step.opname.startswith(_STORES) or "LOAD" in step.opname:
            return None
        found += map(str, step.argval) if isinstance(step.argval, tuple) else [str(step.argval)]
        here += 1
    return found[:count]


def _side_by_side(steps: list[dis.Instruction], here: int) -> str | None:
    """`a, b`, or `a, *b, c`: what tells how many stand before and behind the star is in one."""
    many, star = steps[here].arg or 0, steps[here].opname == "UNPACK_EX"
    count = (many & 0xFF) + 1 + (many >> 8) if star else many
    names = _names(steps, here + 1, count)
    if names and star:
        names[many & 0xFF] = f"*{names[many & 0xFF]}"
    return ", ".join(names) if names else None


def _part(steps: list[dis.Instruction], here: int) -> str | None:
    """`self.w` or `y[0]`, where that is all that is said of the place."""
    step, last = steps[here], steps[here - 1]
    if step.opname == "STORE_ATTR":
        return f"{last.argval}.{step.argval}" if last.opname.startswith(_LOADS) else None
    owner = steps[here - 2]
    if not owner.opname.startswith(_LOADS):
        return None
    if last.opname in ("LOAD_CONST", "LOAD_SMALL_INT"):
        return f"{owner.argval}[{last.argval!r}]"
    return f"{owner.argval}[{last.argval}]" if last.opname.startswith(_LOADS) else None


def _compares(steps: list[dis.Instruction], at: int) -> bool:
    """Whether an instruction calls one of Python's functions that compare."""
    place = steps[at].positions
    if not steps[at].opname.startswith("CALL") or place is None:
        return False
    start = place.lineno, place.col_offset
    return any(
        step.argval in COMPARING
        and step.positions is not None
        and (step.positions.lineno, step.positions.col_offset) == start
        for step in steps[:at]
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    )
