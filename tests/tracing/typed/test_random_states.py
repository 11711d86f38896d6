"""States of random numbers: those that a run was given come back, no other is taken."""

import pytest
import torch

from viz.tracing.typed.libraries.random_states import (
    GIVEN,
    MOST_KEPT,
    fork_rng,
    get_rng_state,
    set_rng_state,
)


@pytest.fixture(autouse=True)
def as_before():
    before = torch.default_generator.get_state()
    GIVEN.clear()
    yield
    torch.default_generator.set_state(before)
    GIVEN.clear()


def test_numbers_are_drawn_again_from_a_state():
    state = get_rng_state()
    first = torch.rand(3)
    set_rng_state(state)
    assert torch.equal(torch.rand(3), first)


def test_what_is_drawn_within_does_not_count_outside():
    state = get_rng_state()
    expected = torch.rand(2)
    set_rng_state(state)
    with fork_rng():
        torch.rand(5)
    assert torch.equal(torch.rand(2), expected)
    with fork_rng(enabled=False):
        torch.rand(5)
    assert not torch.equal(torch.rand(2), expected)


def test_no_other_state_is_taken():
    state = get_rng_state()
    forged = state.clone()
    forged[8] = 255 - forged[8]
    for wrong in (
        forged,
        state[:-1],
        torch.zeros(5056, dtype=torch.uint8),
        state.reshape(1, -1)[:, ::2],
    ):
        with pytest.raises(RuntimeError, match="only a state"):
            set_rng_state(wrong)
    for wrong in (
        state.float(),
        state.tolist(),
        None,
        torch.nn.Parameter(state, requires_grad=False),
    ):
        with pytest.raises(TypeError):
            set_rng_state(wrong)


def test_only_so_many_are_known():
    first = get_rng_state()
    for _ in range(MOST_KEPT):
        torch.rand(1)
        get_rng_state()
    assert len(GIVEN) == MOST_KEPT
    with pytest.raises(RuntimeError):
        set_rng_state(first)
