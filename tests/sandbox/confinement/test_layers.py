"""Each layer alone: every other one is off, and it still holds what it is there for.

A probe that gets through without the layer and not with it shows that it is the layer that holds.
"""

import os
import platform
import signal
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.asking import Raw, alive
from viz.errors import RunStopped
from viz.sandbox.confinement import landlock, seccomp
from viz.sandbox.confinement.syscalls import ALLOWED, NUMBERS, REFUSED
from viz.sandbox.server.client import Sandbox
from viz.sandbox.server.limits import Limits
from viz.sandbox.server.supervisor import Forking

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's layers")

ROOT = os.geteuid() == 0 if hasattr(os, "geteuid") else False

PROBES = {
    "read a file": "result = open('/etc/passwd').read(1)",
    "write a file": "open('{here}/made', 'w').write('x'); result = 'x'",
    "list a folder": "import os; result = len(os.listdir('/')) and 'x'",
    "read the parent's environment": (
        "import os; result = open(f'/proc/{os.getppid()}/environ').read(1)"
    ),
    "connect": (
        "import socket; s = socket.socket(); s.settimeout(.2)\n"
        "try: s.connect(('127.0.0.1', 9))\n"
        "except ConnectionRefusedError: result = 'x'"
    ),
    "send a datagram": (
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))\n"
        "result = 'x'"
    ),
    "fork": (
        "import os\npid = os.fork()\nif pid == 0: os._exit(0)\nos.waitpid(pid, 0); result = 'x'"
    ),
    "make code": (
        "import mmap; mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC); result = 'x'"
    ),
    "signal the parent": "import os; os.kill(os.getppid(), 0); result = 'x'",
    "take 4 GB": "result = bytes(4 << 30) and 'x'",
    "fill a file that is open": (
        "import os, tempfile; f = tempfile.TemporaryFile(); f.write(b'x' * 10**5); f.flush()\n"
        "result = 'x'"
    ),
    "write to an inherited descriptor": "import os; os.write(2, b'')\nresult = 'x'",
    "be root": "import os; result = 'x' if os.geteuid() == 0 else ''",
    "look up a user by a path": "import os; result = os.stat('/etc/passwd').st_size and 'x'",
}

HOLDS = {
    ("landlock",): {
        "read a file",
        "write a file",
        "list a folder",
        "read the parent's environment",
        "connect",
        "signal the parent",
        "fill a file that is open",
    },
    ("seccomp",): {
        "read a file",
        "write a file",
        "list a folder",
        "read the parent's environment",
        "connect",
        "send a datagram",
        "fork",
        "make code",
        "signal the parent",
        "fill a file that is open",
        "write to an inherited descriptor",
        "look up a user by a path",
    },
    ("limits",): {"read a file", "write a file", "connect", "take 4 GB", "list a folder"},
    ("descriptors",): {"write to an inherited descriptor"},
    ("user",): {"be root"} if ROOT else set(),
}
"""Layer → the probes that it stops with every other layer off."""


@pytest.fixture(scope="module")
def bare() -> Iterator[Raw]:
    """A sandbox whose children wear nothing until their source puts it on."""
    limits = Limits(soft=1.0, scripts=0.0, notice=1.5, hard=1.6, places=1).fitted()
    with Sandbox.over(Forking(limits, (), "tests.sandbox.raw:answering")) as sandbox:
        yield Raw(sandbox)


def _gets_through(raw: Raw, probe: str, here: Path, layers: tuple[str, ...] = ()) -> bool:
    here.chmod(0o777)
    source = PROBES[probe].replace("{here}", str(here))
    if layers:
        source = f"wear{('privileges', *layers)}\n{source}"
    try:
        return raw(source).printed not in ("", "False")
    except RunStopped:
        return False


def test_without_layers_the_probes_get_through(bare, tmp_path):
    """Else the tests below would show nothing."""
    held = {probe for probe in PROBES if not _gets_through(bare, probe, tmp_path)}
    assert held <= ({"be root"} if not ROOT else set())


@pytest.mark.parametrize("layers", HOLDS, ids=lambda layers: layers[0])
def test_a_layer_holds_alone(raw, bare, tmp_path, layers):
    if absent := set(raw.sandbox._backend.missing()) & set(layers):
        pytest.skip(f"this system has no {absent}")
    probes = HOLDS[layers]
    assert not {probe for probe in probes if _gets_through(bare, probe, tmp_path, layers)}
    assert not (tmp_path / "made").exists() or "write a file" not in probes


def test_all_layers_together_stop_every_probe(raw, tmp_path):
    assert not {probe for probe in PROBES if _gets_through(raw, probe, tmp_path)}
    assert raw.sandbox.missing == ()
    assert raw.sandbox.level == "full"


ORPHAN = """
import os, time
middle = os.fork()
if middle == 0:
    if os.fork() == 0:
        {wear}
        open({note!r}, 'w').write(str(os.getpid()))
        time.sleep(20)
        os._exit(0)
    while not (os.path.exists({note!r}) and os.path.getsize({note!r})):
        time.sleep(0.01)
    os._exit(0)
os.waitpid(middle, 0)
"""


@pytest.mark.parametrize("wear", ["wear('parent death')", "pass"])
def test_a_child_dies_with_its_parent(bare, tmp_path, wear):
    note = tmp_path / "pid"
    tmp_path.chmod(0o777)
    assert bare(ORPHAN.format(wear=wear, note=str(note))).failure is None
    pid = int(note.read_text())
    until = time.monotonic() + (0.5 if wear == "pass" else 10)
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.01)
    survived = alive(pid)
    if survived:
        os.kill(pid, signal.SIGKILL)
    assert survived == (wear == "pass")


def _run_filter(machine: str, arch: int, number: int, *arguments: int) -> int:
    """What the filter answers: an interpreter of classic BPF in a few lines."""
    code = seccomp.program(machine, (3, 4))
    data = struct.pack("<IIQ6Q", number, arch, 0, *arguments, *([0] * (6 - len(arguments))))
    at, accumulator = 0, 0
    while True:
        op, true, false, constant = struct.unpack_from("=HBBI", code, 8 * at)
        at += 1
        if op == seccomp.LOAD:
            accumulator = struct.unpack_from("<I", data, constant)[0]
        elif op == seccomp.RETURN:
            return constant
        else:
            met = {
                seccomp.EQUAL: accumulator == constant,
                seccomp.AT_LEAST: accumulator >= constant,
                seccomp.ANY_BIT: bool(accumulator & constant),
            }[op]
            at += true if met else false


@pytest.mark.parametrize("machine", NUMBERS)
class TestFilter:
    def answer(self, machine: str, name: str, *arguments: int) -> int:
        arch = seccomp.AUDIT_ARCH[machine]
        return _run_filter(machine, arch, NUMBERS[machine][name], *arguments)

    def test_writes_only_to_two_descriptors(self, machine):
        answers = {to: self.answer(machine, "write", to) for to in (0, 1, 2, 3, 4, 5, 100)}
        assert {to for to, answer in answers.items() if answer == seccomp.ALLOW} == {3, 4}

    def test_no_memory_becomes_executable(self, machine):
        for name, anonymous in (("mmap", 0x22), ("mprotect", 0)):
            allowed = [
                protection
                for protection in range(8)
                if self.answer(machine, name, 0, 4096, protection, anonymous) == seccomp.ALLOW
            ]
            assert allowed == [0, 1, 2, 3]

    def test_no_file_is_mapped(self, machine):
        assert self.answer(machine, "mmap", 0, 4096, 1, 0x02) == seccomp.REFUSE

    def test_every_other_number_is_refused_or_kills(self, machine):
        arch = seccomp.AUDIT_ARCH[machine]
        free = {NUMBERS[machine][name] for name in (*ALLOWED, "write", "mmap", "mprotect")}
        for number in set(range(600)) - free:
            assert _run_filter(machine, arch, number) != seccomp.ALLOW

    def test_a_foreign_machine_and_foreign_numbers_kill(self, machine):
        foreign = next(arch for name, arch in seccomp.AUDIT_ARCH.items() if name != machine)
        number = NUMBERS[machine]["exit_group"]
        assert _run_filter(machine, foreign, number) == seccomp.KILL
        arch = seccomp.AUDIT_ARCH[machine]
        assert _run_filter(machine, arch, number | seccomp.X32_BIT) == seccomp.KILL

    def test_the_tables_name_what_the_filter_names(self, machine):
        assert set(NUMBERS[machine]) <= {*ALLOWED, *REFUSED, "write", "mmap", "mprotect"}
        assert set(ALLOWED) <= set(NUMBERS[machine])


def _numbers_in(header: Path) -> dict[str, int]:
    rows = (line.split() for line in header.read_text().splitlines())
    return {
        row[1].partition("_NR")[2].partition("_")[2]: int(row[2])
        for row in rows
        if len(row) == 3 and row[1].startswith("__NR") and row[2].isdecimal()
    }


@pytest.mark.parametrize(
    ("machine", "header"),
    [
        ("x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        ("aarch64", "/usr/include/asm-generic/unistd.h"),
    ],
)
def test_the_numbers_are_the_kernels(machine, header):
    path = Path(header)
    if not path.exists():
        pytest.skip("the kernel's headers are not installed")
    kernel = _numbers_in(path)
    ours = NUMBERS[machine]
    kernel.setdefault("newfstatat", kernel.get("fstatat", -1))  # the generic header's word
    assert {name: kernel.get(name) for name in ours} == ours


def test_this_machine_is_known_to_the_filter():
    assert seccomp.supported() == (platform.machine() in NUMBERS)


@pytest.mark.parametrize(
    ("version", "size", "files"), [(1, 8, 0x1FFF), (2, 8, 0x3FFF), (4, 16, 0x7FFF), (7, 24, 0xFFFF)]
)
def test_landlock_gives_up_all_that_its_version_knows(version, size, files):
    rules = landlock.ruleset(version)
    assert len(rules) == size
    assert struct.unpack_from("=Q", rules)[0] == files
    assert all(part for part in struct.unpack(f"={size // 8}Q", rules))
