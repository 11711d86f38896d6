"""The explorer from a shell: `python -m viz "sin(x)*x**2" --at x=1.5 --svg out.svg`.

`main(arguments)` gives the status: 0, or 2 where something was wrong, which is told on stderr.
Typed text runs in the sandbox, as on the page.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, NoReturn

from viz.errors import ExplorerError
from viz.records import MAX_ORDER, MAX_SEED, Curve, Trace
from viz.records.json_form import record_json
from viz.records.table import table_of

WRONG: Final = 2
BYTE_ORDER: Final = "\ufeff"
"""What some editors put in front of a text."""
PICTURES: Final = ("svg", "png", "pdf", "dot", "html")
DESCRIPTION: Final = """\
Runs a function and writes down what PyTorch's autograd recorded of it.

TEXT is an expression (sin(x)*x**2), a function or a script; the name of a file that holds one; or
- for what comes on stdin. It runs confined, as on the page. Without an option it prints a table of
all operations with their values and gradients.
"""
EXAMPLES: Final = """\
examples:
  python -m viz "sin(x)*x**2" --at x=1.5
  python -m viz "sin(x)*x**2" --at x=1.5 --svg out.svg --json out.json
  python -m viz "(x + y) * z" --at x=-2 y=5 z=-4 --html run.html
  python -m viz "sin(x)*x**2" --curve -10 10 --order 2 --html curve.html
  python -m viz model.py --dot - | dot -Tpng > model.png
  python -m viz serve                      open the page in a browser

FILE may be - for stdout. A TEXT that begins with a minus comes last, after --.
"""
SERVE: Final = """\
usage: python -m viz serve [OPTION ...]

Opens the page in a browser, for this machine alone; Ctrl+C ends it.

options, which are Streamlit's (streamlit run --help lists all of them):
  --server.port PORT          the port (8501, or the next that is free)
  --server.headless true      opens no browser
  --server.address ADDRESS    where others reach it, such as 0.0.0.0: a public page then
"""
_ASSIGNED: Final = re.compile(r"\s*\w+\s*=(?!=)")
"""What a start value looks like."""
NOTHING: Final = """\
autograd recorded nothing here, for no tensor requires grad. Type an expression
or a function, whose parameters are its inputs: sin(x)*x**2. Or let a script begin with a leaf:
x = torch.tensor(2.0, requires_grad=True)"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        if message.endswith("required: TEXT"):
            message += ". One that begins with a minus comes last, after --"
        super().error(message)


class WrongOption(Exception):
    """An option that does not fit the others; its text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the arguments say; the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["serve"]:
        return serve(given[1:])
    options = parser().parse_args(_readable(given))
    try:
        status = explored(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # whoever reads it has enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ExplorerError, WrongOption, OSError, ValueError) as error:
        print(f"autograd-explorer: {_told_error(error)}", file=sys.stderr)
        return WRONG


def _readable(given: Sequence[str]) -> list[str]:
    """The arguments as `argparse` reads them: a range may be written -1e3 or -inf, and what follows
    the start values is the text, unless one stands in front of all options."""
    words = list(given)
    for place in (
        i + shift for i, word in enumerate(given) if word == "--curve" for shift in (1, 2)
    ):
        if place < len(words) and words[place].startswith("-") and _is_number(words[place]):
            words[place] = f" {words[place]}"
    if "--at" not in words or not words[0].startswith("-"):
        return words
    first = last = words.index("--at") + 1
    while last < len(words) and not words[last].startswith("-"):
        last += 1
    if last - first < 2 or _ASSIGNED.match(words[last - 1]):
        return words
    return [words[last - 1], *words[: last - 1], *words[last:]]


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _told_error(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def parser() -> argparse.ArgumentParser:
    """The options, with their help."""
    made = _Parser(
        prog="autograd-explorer"
        if Path(sys.argv[0]).stem == "autograd-explorer"
        else "python -m viz",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=f"autograd-explorer {_version()}")
    made.add_argument("text", metavar="TEXT", help="what is to run; or: serve")
    run = made.add_argument_group("the run")
    run.add_argument(
        "--at",
        metavar="NAME=VALUE",
        nargs="+",
        action="extend",
        default=[],
        help="start values of the inputs, as torch spells them: x=1.5 w='torch.ones(3)'",
    )
    run.add_argument("--order", type=int, default=1, help=f"derivatives, 1 to {MAX_ORDER} (1)")
    run.add_argument("--gradient", metavar="VALUE", help="what the result's gradient starts from")
    run.add_argument("--seed", type=_seed, default=0, help="where random numbers start (0)")
    run.add_argument(
        "--curve",
        nargs=2,
        type=float,
        metavar=("START", "STOP"),
        help="instead of one run: f and its derivatives along one input",
    )
    run.add_argument("--along", metavar="NAME", help="the input of a curve (the first)")
    _add_files(made)
    return made


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_SEED:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 to {MAX_SEED}")
    return int(text)


def _version() -> str:
    try:
        return version("autograd-explorer")
    except PackageNotFoundError:
        return "(not installed: run from its folder)"


def _add_files(made: argparse.ArgumentParser) -> None:
    files = made.add_argument_group("what is written")
    helps = {
        "svg": "the picture, of a curve as well",
        "png": "the same",
        "pdf": "the same",
        "dot": "the graph for Graphviz",
        "html": "a page that plays the run, or shows the curve, without a network",
        "json": "the whole record, of a curve as well",
        "csv": "the samples of a curve",
    }
    for name, text in helps.items():
        files.add_argument(f"--{name}", metavar="FILE", help=text)
    files.add_argument("--direction", choices=("TB", "LR"), default="TB", help="(TB)")
    files.add_argument("--theme", choices=("light", "dark"), default="light", help="(light)")
    files.add_argument(
        "--no-fold", action="store_true", help="every operation on a card of its own"
    )
    files.add_argument(
        "--depth", type=int, help="levels of a model's modules that are boxes of their own"
    )


def explored(options: argparse.Namespace) -> int:
    """Asks the question and writes what was wanted."""
    from viz.sandbox import Sandbox

    wanted = {
        name: getattr(options, name)
        for name in (*PICTURES, "json", "csv")
        if getattr(options, name) is not None
    }
    forms = CURVE_FORMS if options.curve else TRACE_FORMS
    kind = "a curve" if options.curve else "a run"
    for name in wanted.keys() - forms.keys():
        raise WrongOption(f"--{name} is not for {kind}: choose from --{', --'.join(forms)}")
    for name in ("depth", "no_fold") if options.curve else ("along",):
        if getattr(options, name) not in (None, False):
            raise WrongOption(f"--{name.replace('_', '-')} is not for {kind}")
    if not 1 <= options.order <= MAX_ORDER:
        raise WrongOption(f"--order {options.order}: derivatives go from 1 to {MAX_ORDER}")
    for name, file in wanted.items():
        other = Path(file).suffix.lower().removeprefix(".")
        if other != name and other in forms:
            raise WrongOption(f"--{name} {file}: a file of this name is written by --{other}")
    if sum(file == "-" for file in wanted.values()) > 1:
        raise WrongOption("only one form can go to stdout: name a file for the others")
    source, inputs = _source(options.text), dict(map(_assigned, options.at))
    # this machine's own user types: what the kernel cannot confine is for them to decide
    with Sandbox(public=False) as sandbox:
        record: Any = (
            _curve(sandbox, source, inputs, options)
            if options.curve
            else sandbox.trace(
                source, inputs, order=options.order, gradient=options.gradient, seed=options.seed
            )
        )
    empty = isinstance(record, Curve) and not record.x
    for name, file in () if empty else wanted.items():
        _write(forms[name](record, options), file)
    if not wanted and not empty:
        print(_printed(record))
    for note in () if isinstance(record, Curve) else record.program.notes:
        print(note, file=sys.stderr)
    return _told_failure(record)


def _curve(sandbox: Any, source: str, inputs: dict[str, str], options: argparse.Namespace) -> Curve:
    start, stop = options.curve
    found: Curve = sandbox.curve(
        source,
        start,
        stop,
        order=options.order,
        along=options.along,
        inputs=inputs,
        gradient=options.gradient,
        seed=options.seed,
    )
    return found


def _told_failure(record: Trace | Curve) -> int:
    """What stopped the run, or that it left nothing to see, on stderr; the status."""
    failure = record.failure
    if failure is None:
        if isinstance(record, Curve) or record.nodes:
            return 0
        print(f"autograd-explorer: {NOTHING}", file=sys.stderr)
        return WRONG
    where = f"line {failure.span.line}: " if failure.span else ""
    hint = f"\n{failure.hint}" if failure.hint else ""
    said = f": {failure.message}" if failure.message else ""
    print(f"{where}{failure.type}{said}{hint}", file=sys.stderr)
    return WRONG


def _source(text: str) -> str:
    if text == "-":
        return sys.stdin.read().removeprefix(BYTE_ORDER)
    if len(text) >= 1_000 or "\n" in text or not text.endswith((".py", ".txt", ".ipynb")):
        return text
    if text.endswith(".ipynb"):
        raise WrongOption(
            f"{text} is a notebook. Make a script of it: jupyter nbconvert --to script {text}"
        )
    try:
        return Path(text).read_text("utf-8").removeprefix(BYTE_ORDER)
    except UnicodeDecodeError as error:
        raise WrongOption(f"{text} is not UTF-8 text: {error.reason}, byte {error.start}") from None


def _assigned(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip().isidentifier() or not value.strip():
        raise WrongOption(f"--at {text}: write NAME=VALUE, for instance x=1.5")
    return name.strip(), value.strip()


def _printed(record: Trace | Curve) -> str:
    if isinstance(record, Curve):
        return str(CURVE_FORMS["csv"](record, None)).rstrip("\n")
    said = [text for cell in record.cells for text in (cell.printed, cell.shown) if text]
    parts = [repr(record), *said, *([repr(table_of(record))] if record.nodes else [])]
    return "\n\n".join(part.rstrip("\n") for part in parts)


def _write(made: str | bytes, file: str) -> None:
    text = made if isinstance(made, bytes) else made.encode()
    if file == "-":
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    else:
        Path(file).write_bytes(text)


# ── forms ──

Form = Callable[[Any, Any], str | bytes]


def _picture(form: str) -> Form:
    def made(trace: Trace, options: argparse.Namespace) -> str | bytes:
        from viz.drawing import draw
        from viz.drawing.picture.drawing import FORMS

        drawing = draw(
            trace,
            fold=not options.no_fold,
            depth=options.depth,
            direction=options.direction,
            theme=options.theme,
        )
        return FORMS[f".{form}"](drawing)

    return made


def _csv(curve: Curve, _: object) -> str:
    from viz.drawing.figures.files import as_csv

    return as_csv(curve)


def _page(curve: Curve, options: argparse.Namespace) -> str:
    from viz.drawing.figures import plot
    from viz.drawing.figures.files import as_html

    return as_html(plot(curve, dark=options.theme == "dark"), options.text)


def _still(form: str) -> Form:
    def made(curve: Curve, options: argparse.Namespace) -> str | bytes:
        from viz.drawing.stills.chart_picture import CHART_FORMS, ChartPicture

        return CHART_FORMS[f".{form}"](ChartPicture(curve, options.theme))

    return made


TRACE_FORMS: Final[dict[str, Form]] = {
    **{form: _picture(form) for form in PICTURES},
    "json": lambda trace, _: trace.to_json(indent=1) + "\n",
}
CURVE_FORMS: Final[dict[str, Form]] = {
    **{form: _still(form) for form in ("svg", "png", "pdf")},
    "html": _page,
    "csv": _csv,
    "json": lambda curve, _: record_json(curve, indent=1) + "\n",
}


# ── the page ──


def serve(options: Sequence[str]) -> int:
    """Opens the page for oneself: only this machine reaches it, unless an option says otherwise."""
    if not {"-h", "--help"}.isdisjoint(options):
        print(SERVE, end="")
        return 0
    try:
        from viz.page.entry import started
    except ImportError:
        print(
            "autograd-explorer: the page needs more than the library. In the project's folder: "
            'pip install ".[page]"',
            file=sys.stderr,
        )
        return WRONG
    told = any(option.partition("=")[0] == "--server.address" for option in options)
    if not told and "STREAMLIT_SERVER_ADDRESS" not in os.environ:
        os.environ.setdefault("AUTOGRAD_EXPLORER_PUBLIC", "0")
        options = ["--server.address=127.0.0.1", *options]
    return started(options)


if __name__ == "__main__":
    sys.exit(main())
