"""Objects are told apart by numbers that are the same in every run."""

from __future__ import annotations

import subprocess
import sys

import torch

from viz.tracing.typed.identity import number_of

SOURCE = """
import sys, torch
from viz.tracing.typed.identity import hash_by_number
hash_by_number()
held = [bytes(1000 + n) for n in range(int(sys.argv[1]))]
tensors = [torch.tensor(n) for n in range(40)]
layers = [torch.nn.Linear(1, n) for n in range(1, 41)]
print([int(t) for t in set(tensors)], [layer.out_features for layer in set(layers)])
print(tensors[3] in set(tensors), len({tensors[0], tensors[0], torch.tensor(0)}))
"""


def told(held: int) -> str:
    command = [sys.executable, "-c", SOURCE, str(held)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_set_of_tensors_or_layers_has_one_order_wherever_they_lie() -> None:
    first = told(0)
    assert told(999) == first
    assert first.endswith("True 2\n")


def test_one_object_has_one_number_and_two_have_two() -> None:
    for make in (lambda: torch.zeros(1), object, list, lambda: len):
        held = [make() for _ in range(9)]
        numbers = [number_of(each) for each in held]
        assert numbers == [number_of(each) for each in held]
        assert len(set(numbers)) == len(set(map(id, held)))


def test_who_comes_after_another_has_another_number() -> None:
    numbers = [number_of(torch.zeros(1)) for _ in range(9)]
    assert numbers == list(range(numbers[0], numbers[0] + 9))
