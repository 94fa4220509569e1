"""The output layer: the tree of labels, and its best label by following every path."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.fasttext_file import read_model
from classifiers.label_layer import NO_LABEL, TINY, Softmax, Tree, huffman
from tests.classifiers.fasttext_models import write_model


def every_label(tree: Tree, mean: np.ndarray, node: int, score: float) -> dict[int, float]:
    """The logarithm of each label's probability below `node`."""
    labels = len(tree.left) + 1
    if node < labels:
        return {node: score}
    inner = node - labels
    right = 1 / (1 + math.exp(-float(tree.outputs[inner] @ mean)))
    return {
        **every_label(tree, mean, int(tree.left[inner]), score + math.log(1 - right + TINY)),
        **every_label(tree, mean, int(tree.right[inner]), score + math.log(right + TINY)),
    }


def test_the_best_label_is_that_of_the_most_probable_path(tmp_path: Path) -> None:
    tree = Tree.of(read_model(write_model(tmp_path, "hs")))
    means = np.random.default_rng(3).normal(size=(50, tree.outputs.shape[1])).astype(np.float32)
    labels, probabilities = tree.best(means)
    for mean, label, probability in zip(means, labels, probabilities, strict=True):
        scores = every_label(tree, mean, 2 * len(tree.left), 0.0)
        assert label == max(scores, key=lambda each: scores[each])
        assert probability == pytest.approx(math.exp(scores[label]), abs=1e-5)


def test_a_tree_of_one_label_is_sure_of_it() -> None:
    tree = Tree(np.zeros((1, 16), np.float32), *huffman(np.array([5])))
    labels, probabilities = tree.best(np.zeros((2, 16), np.float32))
    assert (labels.tolist(), probabilities.tolist()) == ([0, 0], [1.0, 1.0])


def test_a_path_that_is_not_a_number_gives_no_label() -> None:
    tree = Tree(np.zeros((2, 16), np.float32), *huffman(np.array([5, 3])))
    assert tree.best(np.full((1, 16), np.nan, np.float32))[0].tolist() == [NO_LABEL]


def test_the_rarest_labels_are_joined_first() -> None:
    left, right = huffman(np.array([9, 4, 3, 1]))  # 3 + 1, then that and 4, then that and 9
    assert (left.tolist(), right.tolist()) == ([3, 4, 5], [2, 1, 0])


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_each_label_and_each_node_but_the_root_is_a_child_once(counts: list[int]) -> None:
    left, right = huffman(np.array(counts, np.int64))  # a file may have them in any order
    assert sorted([*left, *right]) == list(range(2 * len(counts) - 2))


def test_softmax_gives_the_largest_share_and_the_librarys_tiny_addition() -> None:
    layer = Softmax(np.array([[1.0, 0.0], [0.0, 2.0]], np.float32))
    labels, probabilities = layer.best(np.array([[3.0, 1.0], [1000.0, 0.0]], np.float32))
    assert labels.tolist() == [0, 0]
    assert probabilities == pytest.approx([math.e**3 / (math.e**3 + math.e**2) + TINY, 1 + TINY])
