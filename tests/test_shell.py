"""The explorer from a shell: what it writes, what it says, and its status."""

from __future__ import annotations

import io
import json
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from viz import __main__ as shell
from viz.records import MAX_SEED, Trace
from viz.sandbox import Sandbox

RUN = ["sin(x)*x**2", "--at", "x=1.5"]


@pytest.fixture
def warm(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox that is ready already answers in the place of one that each call starts."""
    monkeypatch.setattr("viz.sandbox.Sandbox", lambda **_: nullcontext(sandbox))


def test_a_run_without_options_is_told_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.main(RUN) == 0
    out = capsys.readouterr().out
    assert out.startswith("Trace of expression: 3 operations, 1 backward pass → 2.244\n")
    assert "SinBackward0" in out


STARTS = {
    "svg": b"<svg",
    "png": b"\x89PNG",
    "pdf": b"%PDF",
    "dot": b"digraph",
    "html": b"<!doctype html>",
    "json": b"{",
}


@pytest.mark.usefixtures("warm")
def test_every_form_is_written(tmp_path: Path) -> None:
    files = {name: tmp_path / f"out.{name}" for name in STARTS}
    told = [each for name, file in files.items() for each in (f"--{name}", str(file))]
    assert shell.main([*RUN, *told, "--direction", "LR", "--theme", "dark"]) == 0
    for name, file in files.items():
        assert file.read_bytes().startswith(STARTS[name]), name
    assert Trace.from_json(files["json"].read_text("utf-8")).value.values[0] == pytest.approx(
        2.2443638
    )


@pytest.mark.usefixtures("warm")
def test_curves_are_written_too(tmp_path: Path) -> None:
    files = {name: tmp_path / f"out.{name}" for name in ("svg", "html", "csv", "json")}
    told = [each for name, file in files.items() for each in (f"--{name}", str(file))]
    assert shell.main(["1/x", "--curve", "-10", "10", "--order", "2", *told]) == 0
    assert (
        files["svg"].read_text("utf-8").count('stroke-width="1.8"') == 6
    )  # three lines, parted by the pole
    assert files["csv"].read_text("utf-8").startswith("x,f,f′,f″\n-10.0,-0.1,-0.01")
    assert "plotly" in files["html"].read_text("utf-8")
    assert json.loads(files["json"].read_text("utf-8"))["curve"]["x"][0] == -10.0


@pytest.mark.usefixtures("warm")
def test_text_comes_from_a_file_and_from_stdin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f.py").write_text("\ufeffdef f(x):\n    return x * x\n", "utf-8")
    assert shell.main([str(tmp_path / "f.py"), "--at", "x=3"]) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("x * x * x"))
    assert shell.main(["-", "--at", "x=3"]) == 0
    out = capsys.readouterr().out
    assert "→ 9" in out
    assert "→ 27" in out


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sin(x"], "never closed"),
        (["x.foo"], "not allowed"),
        (["__import__('os')"], "not allowed"),
        (["x @ x", "--at", "x=1.0"], "matmul"),
        (["x", "--at", "x"], "NAME=VALUE"),
        (["x", "--at", "x=open('a')"], "input x"),
        (["x", "--order", "9"], "--order 9: derivatives go from 1 to 4"),
        (["nowhere.py"], "nowhere.py: No such file"),
        (["a.ipynb"], "nbconvert --to script a.ipynb"),
        (["x", "--svg", "-", "--json", "-"], "only one form can go to stdout"),
        (["1/x", "--curve", "-1", "1", "--dot", "a.dot"], "--dot is not for a curve"),
        (["x", "--csv", "a.csv"], "--csv is not for a run"),
        (["x", "--along", "x"], "--along is not for a run"),
        (["x", "--curve", "0", "1", "--no-fold"], "--no-fold is not for a curve"),
        (["x", "--curve", "0", "1", "--depth", "1"], "--depth is not for a curve"),
        (["x", "--svg", "/nowhere/a.svg"], "nowhere"),
        (["x", "--svg", "a.PNG"], "--svg a.PNG: a file of this name is written by --png"),
        (["x", "--curve", "0", "1", "--svg", "a.csv"], "is written by --csv"),
        (["import os"], "recorded nothing"),
        (["print(1)"], "let a script begin with a leaf"),
    ],
)
def test_what_is_wrong_is_told_on_stderr(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.main(arguments) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert "Traceback" not in told.err


@pytest.mark.usefixtures("warm")
def test_what_a_script_prints_and_what_is_to_be_said_of_it_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    leaf = "x = torch.tensor(2.0, requires_grad=True)\n(x * x).backward()\n"
    assert shell.main([f"{leaf}torch.compile(torch.sin)\nprint('three')\nx.grad"]) == 0
    out, err = capsys.readouterr()
    assert "\n\nthree\n\ntensor(4.)\n\nnode " in out
    assert "compiles nothing here" in err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        shell.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("autograd-explorer ")


def test_a_text_that_looks_like_an_option_is_told_where_to_stand(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        shell.main(["-x**2"])
    assert "comes last, after --" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("x*2 --curve -1e3 -.5", "x*2 --curve  -1e3  -.5"),
        ("x*2 --curve -inf 1 --svg -", "x*2 --curve  -inf 1 --svg -"),
        ("--at x=1 y=2 x*y --svg a.svg", "x*y --at x=1 y=2 --svg a.svg"),
        ("--at x=1 x==y", "x==y --at x=1"),
        ("--svg a.svg --at x=1", "--svg a.svg --at x=1"),
        ("x*y --at x=1 y", "x*y --at x=1 y"),
    ],
)
def test_arguments_are_read_as_they_are_written(given: str, read: str) -> None:
    assert " ".join(shell._readable(given.split())) == read


@pytest.mark.usefixtures("warm")
def test_of_a_curve_that_there_is_not_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "x = torch.ones(1)"
    assert shell.main([text, "--curve", "-1e1", "1", "--svg", str(tmp_path / "a.svg")]) == 2
    assert shell.main([text, "--curve", "-1e1", "1"]) == 2
    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_text_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "f.py").write_bytes(b"x = '\xe9'")
    assert shell.main([str(tmp_path / "f.py")]) == 2
    assert "f.py is not UTF-8 text" in capsys.readouterr().err


def test_a_seed_is_a_whole_number(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        shell.main(["x", "--seed=-4"])
    assert ended.value.code == 2
    assert "'-4' is no whole number from 0" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        shell.main(["x", f"--seed={MAX_SEED + 1}"])
    assert f"to {MAX_SEED}" in capsys.readouterr().err


@pytest.mark.usefixtures("warm")
def test_a_curve_of_several_numbers_is_weighed_by_the_gradient(tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    weighed = ["torch.stack([x, x**2])", "--gradient", "[3.0, 10.0]", "--json", str(file)]
    assert shell.main([*weighed, "--curve", "0", "1"]) == 0
    curve = json.loads(file.read_text("utf-8"))["curve"]
    assert (curve["x"][-1], [row[-1] for row in curve["derivatives"]]) == (1.0, [13.0, 23.0])


def test_the_help_reads_well(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        shell.main(["--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert "examples:" in out
    assert max(map(len, out.splitlines())) <= 100
    for name in STARTS:
        assert f"--{name} FILE" in out


def test_serve_opens_the_page_for_oneself(monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit.web import cli

    started: list[list[str]] = []
    monkeypatch.setattr(cli, "main", lambda **_: started.append(sys.argv))
    monkeypatch.setattr(sys, "argv", ["viz"])
    monkeypatch.delenv("AUTOGRAD_EXPLORER_PUBLIC", raising=False)
    monkeypatch.delenv("STREAMLIT_SERVER_ADDRESS", raising=False)
    assert shell.main(["serve", "--server.port", "8700"]) == 0
    [[_, run, file, *options]] = started
    assert run == "run"
    assert Path(file).is_file()
    assert "--server.address=127.0.0.1" in options
    assert options[-2:] == ["--server.port", "8700"]


def test_serve_tells_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.main(["serve", "--help"]) == 0
    out = capsys.readouterr().out
    assert "--server.port PORT" in out
    assert len(out) < 1_000
