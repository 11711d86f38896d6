"""The two commands of the README: what they promise, and how the set-up behind them behaves."""

from __future__ import annotations

import ast
import io
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import environment

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ["python3 deploy/start.py", "python3 tests/run.py"]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_has_each_command_on_a_line_of_its_own(command: str) -> None:
    assert command in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()


def test_the_quick_check_names_what_there_is() -> None:
    quick = runpy.run_path(str(ROOT / "tests" / "run.py"))["QUICK"]
    paths = [ROOT / path for path in quick if not path.startswith("-")]
    assert paths
    assert [path for path in paths if not path.exists()] == []


def test_ci_runs_the_second_command_exactly() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == COMMANDS[1]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("script", ["deploy/environment.py", "deploy/start.py", "tests/run.py"])
def test_an_older_python_can_read_the_set_up(script: str) -> None:
    ast.parse((ROOT / script).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_an_older_python_is_told_which_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(environment.SetupFailed, match=r"needs Python 3\.11 or later"):
        environment.prepared(ROOT, "requirements.txt")


def test_the_cloud_installs_what_the_page_needs() -> None:
    lines = (ROOT / "deploy/community_cloud/requirements.txt").read_text(encoding="utf-8")
    assert f"--extra-index-url {environment.TORCH_CPU}" in lines.splitlines()
    assert "-r ../../requirements.txt" in lines.splitlines()
    system = (ROOT / "packages.txt").read_text(encoding="utf-8").split()
    assert system == list(environment.GRAPHVIZ_NEEDS)


def own(options: list[str], **told: str) -> tuple[list[str], dict[str, str]]:
    """What `deploy/start.py` adds to Streamlit's options and to the environment."""
    folder = str(ROOT / "deploy")
    sys.path.insert(0, folder)
    try:
        from deploy import start
    finally:
        sys.path.remove(folder)
    return start.own(options, told), told


@pytest.mark.parametrize("told", [{}, {"AUTOGRAD_EXPLORER_PUBLIC": "0"}])
def test_the_first_command_makes_a_page_of_one_s_own(told: dict[str, str]) -> None:
    added = own(["--server.port", "8700"], **told)
    assert added == (["--server.address=127.0.0.1"], {"AUTOGRAD_EXPLORER_PUBLIC": "0"})


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--server.address", "0.0.0.0"], {}),
        (["--server.address=::"], {}),
        ([], {"STREAMLIT_SERVER_ADDRESS": "10.1.2.3"}),
        ([], {"AUTOGRAD_EXPLORER_PUBLIC": "1"}),
        (["--server.address=0.0.0.0"], {"AUTOGRAD_EXPLORER_PUBLIC": "0"}),
    ],
)
def test_who_says_where_the_page_is_found_is_left_his_own_word(
    options: list[str], told: dict[str, str]
) -> None:
    assert own(options, **told) == ([], told)


def test_the_cloud_s_file_is_the_page_and_nothing_else() -> None:
    text = (ROOT / "deploy/community_cloud/streamlit_app.py").read_text(encoding="utf-8")
    assert "environ" not in text
    assert "streamlit_app.py" in text


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with requirements that need no download, and a `.venv` of some other Python."""
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "requirements.txt").write_text("-r ../requirements.txt\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").write_text("#!/bin/sh\nexit 3\n")
    return tmp_path


def test_a_fingerprint_covers_the_files_taken_in(project: Path) -> None:
    before = environment.fingerprint(project, "tests/requirements.txt")
    (project / "requirements.txt").write_text("graphviz==0.21\n")
    assert environment.fingerprint(project, "tests/requirements.txt") != before


def test_an_environment_is_made_once_and_mended_when_broken(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    run = environment.run
    monkeypatch.setattr(environment, "run", lambda command: (ran.append(command), run(command)))
    monkeypatch.setattr(environment, "reachable", lambda _url: False)

    python = environment.prepared(project, "requirements.txt")
    program = "import sys; print(sys.prefix != sys.base_prefix)"
    answer = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout == "True\n"
    assert [command[2] for command in ran] == ["venv", "pip"]

    assert environment.prepared(project, "requirements.txt") == python
    assert len(ran) == 2, "nothing has changed: nothing is installed again"

    (project / "requirements.txt").write_text("# nothing still\n")
    environment.prepared(project, "requirements.txt")
    assert [command[2] for command in ran[2:]] == ["pip"]

    python.unlink()
    monkeypatch.setattr(environment, "run", ran.append)
    environment.prepared(project, "requirements.txt")
    assert [command[2] for command in ran[3:]] == ["venv", "pip"]


def test_torch_comes_without_cuda_where_its_index_answers(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(environment, "run", ran.append)
    for offered in (True, False):
        monkeypatch.setattr(environment, "reachable", lambda _url, offered=offered: offered)
        environment.install(Path("python"), project / "requirements.txt")
    with_index, without = (environment.TORCH_CPU in command for command in ran)
    assert with_index == (sys.platform == "linux")
    assert not without


@pytest.mark.parametrize(
    ("programs", "user", "expected"),
    [
        ({"apt-get"}, 0, ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]),
        ({"apt-get", "sudo"}, 1000, ["sudo", "-n", "env"]),
        ({"apt-get"}, 1000, "no sudo"),
        (set(), 0, "no apt-get"),
    ],
)
def test_missing_packages_are_installed_or_named(
    programs: set[str],
    user: int,
    expected: list[str] | str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(environment, "run", ran.append)
    monkeypatch.setattr(
        environment.shutil, "which", lambda name: name if name in programs else None
    )
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    if isinstance(expected, str):
        with pytest.raises(environment.SetupFailed, match=f"{expected}.*Install by hand.*chromium"):
            environment.apt_install("chromium")
        return
    environment.apt_install("chromium")
    update, install = ran
    assert update[: len(expected)] == install[: len(expected)] == expected
    assert install[-1] == "chromium"


@pytest.mark.parametrize("loads", [True, False])
def test_what_drawing_needs_is_installed_where_it_is_missing(
    loads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[str] = []
    monkeypatch.setattr(environment, "answers", lambda _command: "" if loads else None)
    monkeypatch.setattr(environment, "apt_install", lambda *packages: installed.extend(packages))
    environment.graphviz(Path("python"))
    missing = sys.platform == "linux" and not loads
    assert installed == (list(environment.GRAPHVIZ_NEEDS) if missing else [])


def test_the_stand_in_that_asks_for_a_snap_is_no_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = tmp_path / "chromium-browser"
    stand_in.write_text(
        "#!/bin/sh\necho 'requires the chromium snap to be installed' >&2\nexit 1\n"
    )
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environment.system_chromium() is None
    stand_in.write_text("#!/bin/sh\necho 'Chromium 156.0.8078.73'\n")
    assert environment.system_chromium() == str(stand_in)
