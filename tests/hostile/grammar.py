"""Random programs: grown from a small grammar of typed code, or mutated from known texts."""

import random
from typing import Final

NAMES: Final = ["x", "y", "z", "a", "f", "g", "torch", "math", "F", "nn", "plt", "w", "os"]
METHODS: Final = [
    "sin",
    "exp",
    "sum",
    "mean",
    "norm",
    "backward",
    "item",
    "tolist",
    "detach",
    "clone",
    "T",
    "grad",
    "grad_fn",
    "shape",
    "zero_",
    "register_hook",
    "requires_grad_",
    "numpy",
    "reshape",
    "unsqueeze",
    "mul_",
    "add_",
    "data",
    "retain_grad",
    "next_functions",
    "name",
    "variable",
    "apply",
    "parameters",
    "items",
    "format",
    "append",
    "__class__",
    "_base",
]
FUNCTIONS: Final = [
    "sin",
    "cos",
    "exp",
    "relu",
    "sum",
    "max",
    "min",
    "abs",
    "range",
    "len",
    "print",
    "sorted",
    "map",
    "list",
    "float",
    "int",
    "getattr",
    "eval",
    "open",
    "torch.ones",
    "torch.zeros",
    "torch.randn",
    "torch.arange",
    "torch.cat",
    "torch.stack",
    "torch.dot",
    "torch.where",
    "torch.func.grad",
    "torch.func.vmap",
    "torch.autograd.grad",
    "F.softmax",
    "nn.Linear",
    "torch.no_grad",
    "torch.nn.Sequential",
    "torch.linalg.inv",
    "torch.load",
    "torch.os.system",
    "plt.plot",
    "math.sqrt",
    "torch.autograd.functional.jacobian",
    "isinstance",
]
NUMBERS: Final = ["0", "1", "2", "-1", "0.5", "1e30", "10**9", "1j", "True", "None", "'s'", "inf"]
OPERATORS: Final = [
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "@",
    "<",
    ">=",
    "==",
    "and",
    "or",
    "&",
    "in",
]


class Grower:
    """Grows programs; equal seeds give equal programs."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice

    def expression(self, depth: int) -> str:
        one = self.dice.choice
        if depth <= 0:
            return one([one(NAMES[:5]), one(NUMBERS), "x", "x"])
        inner = lambda: self.expression(depth - 1)  # noqa: E731 - a short hand for the table
        return one(
            [
                lambda: f"({inner()} {one(OPERATORS)} {inner()})",
                lambda: f"{one(FUNCTIONS)}({inner()})",
                lambda: f"{one(FUNCTIONS)}({inner()}, {inner()})",
                lambda: f"{inner()}.{one(METHODS)}",
                lambda: f"{inner()}.{one(METHODS)}({self.expression(0)})",
                lambda: f"{inner()}[{inner()}]",
                lambda: f"[{inner()}, {inner()}]",
                lambda: f"[{inner()} for {one('xyzw')} in {inner()}]",
                lambda: f"(lambda {one('xyzw')}: {inner()})",
                lambda: f"({inner()} if {inner()} else {inner()})",
                lambda: f"f'{{{inner()}}}'",
                lambda: f"-{inner()}",
                lambda: f"({one('xyzw')} := {inner()})",
                lambda: f"{one(FUNCTIONS)}({one(['dim', 'out', 'dtype'])}={inner()})",
            ]
        )()

    def block(self, depth: int, indent: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.dice.randint(1, 3)):
            lines += self.statement(depth, indent)
        return lines

    def statement(self, depth: int, indent: int) -> list[str]:
        one, space = self.dice.choice, "    " * indent
        short = self.expression(self.dice.randint(0, 3))
        simple = [
            f"{one(NAMES[:4])} = {short}",
            f"{one(NAMES[:4])} {one('+-*')}= {short}",
            f"{one(NAMES[:4])}.{one(METHODS)} = {short}",
            f"{one(NAMES[:4])}[{self.expression(0)}] = {short}",
            f"{one('xyz')}, {one('xyz')} = {short}",
            f"import {one(['torch', 'math', 'os', 'torch.nn as nn'])}",
            f"raise {one(['ValueError', 'x', 'OSError'])}({short})",
            f"assert {short}",
            f"del {one(NAMES[:4])}",
            f"print({short})",
            f"return {short}" if indent else short,
            short,
        ]
        if depth <= 0 or self.dice.random() < 0.6:
            return [space + one(simple)]
        head = one(
            [
                f"if {short}:",
                f"while {short}:",
                f"for {one('xyz')} in {short}:",
                f"def {one('fgh')}({one('xyz')}, {one('abc')}={self.expression(1)}):",
                f"with {one(['torch.no_grad()', short])}:",
                "try:",
            ]
        )
        lines = [space + head, *self.block(depth - 1, indent + 1)]
        if head == "try:":
            lines += [space + one(["except:", "except Exception as y:", "finally:"])]
            lines += self.block(depth - 1, indent + 1)
        return lines

    def program(self) -> str:
        """An expression, a function or a script."""
        match self.dice.randrange(3):
            case 0:
                return self.expression(self.dice.randint(1, 5))
            case 1:
                body = "\n".join(self.block(2, 1))
                return f"def f(x, y=2.0):\n{body}\n    return {self.expression(2)}"
            case _:
                return "\n".join(self.block(3, 0))


def mutated(text: str, dice: random.Random) -> str:
    """A known text with a few characters changed, lines moved, or parts doubled."""
    for _ in range(dice.randint(1, 4)):
        at, end = sorted(dice.randrange(len(text) + 1) for _ in range(2))
        match dice.randrange(5):
            case 0:
                text = (
                    text[:at] + chr(dice.choice([0, 9, 10, 32, 40, 46, 95, 127, 0x301])) + text[at:]
                )
            case 1:
                text = text[:at] + text[min(end, at + 9) :]
            case 2:
                text = text[:at] + text[at : at + 30] * dice.randint(2, 5) + text[at:]
            case 3:
                text = text[:at] + dice.choice([*METHODS, *FUNCTIONS, *OPERATORS]) + text[at:]
            case _:
                lines = text.split("\n")
                dice.shuffle(lines)
                text = "\n".join(lines)
    return text
