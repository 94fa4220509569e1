"""The draw: by a hash of (seed, id), within half a document of the budget, whatever the order of the input."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.mixture.draw import draw, rank

TOKENS = st.lists(st.integers(0, 50), min_size=1, max_size=30).map(lambda values: np.array(values, np.int64))


def ranks_of(tokens: NDArray[np.int64], seed: int = 0) -> NDArray[np.uint64]:
    return rank(seed, pa.array([f"document {n}" for n in range(len(tokens))]))


@given(TOKENS, st.integers(0, 5000), st.integers(0, 3))
def test_the_draw_meets_the_budget_within_half_a_document(tokens: NDArray[np.int64], budget: int, seed: int) -> None:
    copies = draw(ranks_of(tokens, seed), tokens, budget)
    if tokens.sum() == 0:
        assert (copies == 0).all()
        return
    assert abs(int(copies @ tokens) - budget) * 2 <= tokens.max()
    assert copies.max() - copies.min() <= 1


@given(TOKENS, st.integers(0, 5000))
def test_no_document_of_lower_rank_is_left_out_for_one_of_higher(tokens: NDArray[np.int64], budget: int) -> None:
    ranks = ranks_of(tokens)
    copies = draw(ranks, tokens, budget)[np.argsort(ranks)]
    assert (np.diff(copies) <= 0).all()


@given(TOKENS, st.integers(0, 5000), st.integers(0, 99))
def test_the_draw_does_not_depend_on_the_order_of_documents(
    tokens: NDArray[np.int64], budget: int, shuffle: int
) -> None:
    ranks = ranks_of(tokens)
    order = np.random.default_rng(shuffle).permutation(len(tokens))
    assert np.array_equal(draw(ranks[order], tokens[order], budget), draw(ranks, tokens, budget)[order])


@pytest.mark.parametrize(
    ("budget", "copies"),
    [(0, [0, 0, 0]), (4, [0, 0, 0]), (5, [0, 0, 0]), (6, [1, 0, 0]), (10, [1, 0, 0]), (16, [1, 1, 0]), (30, [1, 1, 1]),
     (36, [2, 1, 1]), (120, [4, 4, 4])],
)  # fmt: skip
def test_of_three_documents_of_ten_tokens_the_draw_takes(budget: int, copies: list[int]) -> None:
    ranks, tokens = np.array([1, 2, 3], np.uint64), np.full(3, 10)
    assert draw(ranks, tokens, budget).tolist() == copies


def test_another_seed_is_another_order() -> None:
    ids = pa.array([f"document {n}" for n in range(1000)])
    orders = [np.argsort(rank(seed, ids)) for seed in (0, 1)]
    assert np.mean(orders[0] == orders[1]) < 0.02
    assert len(np.unique(rank(0, ids))) == 1000


def test_an_id_has_the_same_rank_for_ever() -> None:
    assert rank(7, pa.array(["a", "b"])).tolist() == RANKS


def test_an_empty_group_draws_nothing() -> None:
    assert len(draw(np.zeros(0, np.uint64), np.zeros(0, np.int64), 100)) == 0


RANKS = [13883648925511820881, 6283621425178530274]
