"""From the mean of a document's rows to its most probable label: hierarchical softmax or softmax.

Truth: HierarchicalSoftmaxLoss and SoftmaxLoss in facebookresearch/fastText, src/loss.cc. Both add 1e-5 to each
probability before its logarithm, and so does this.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from classifiers.fasttext_file import MOST_TOKENS, FastTextModel
from classifiers.subwords import Floats, Places, padded_rows
from pipeline.text.kernel import kernel

TINY = 1e-5  # the library's std_log: log(x + 1e-5)
LEAST = float(np.log(TINY))  # paths below are not followed: the library's threshold of 0
NO_LABEL = -1

Best = tuple[Places, NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Tree:
    """Hierarchical softmax: at inner node n, `outputs[n]` tells its `right` child from its `left`.

    Children below len(outputs) + 1 are labels, child c above is the inner node c - labels; the last one is the root.
    """

    outputs: Floats
    left: Places
    right: Places

    @classmethod
    def of(cls, model: FastTextModel) -> "Tree":
        left, right = huffman(model.label_counts)
        return cls(padded_rows(model.outputs), left, right)

    def best(self, means: Floats) -> Best:
        labels, scores = np.full(len(means), NO_LABEL, np.int64), np.zeros(len(means))
        best_leaves(means, self.outputs, self.left, self.right, labels, scores)
        return labels, np.exp(scores)


@dataclass(frozen=True, eq=False)
class Softmax:
    """One row of `outputs` for each label."""

    outputs: Floats

    @classmethod
    def of(cls, model: FastTextModel) -> "Softmax":
        return cls(padded_rows(model.outputs))

    @cached_property
    def _columns(self) -> Floats:
        return np.ascontiguousarray(self.outputs.T)

    def best(self, means: Floats) -> Best:
        labels, probabilities = np.zeros(len(means), np.int64), np.zeros(len(means))
        best_shares(means, self._columns, labels, probabilities)
        return labels, probabilities


def huffman(counts: Places) -> tuple[Places, Places]:
    """The children of each inner node, the rarest labels deepest, as HierarchicalSoftmaxLoss::buildTree joins them.

    Labels stand by falling count: the rarest is the last. Of a label and a node of the same count the node is taken.
    """
    labels = len(counts)
    totals = [*counts.tolist(), *[MOST_TOKENS] * (labels - 1)]
    leaf, node = labels - 1, labels
    children: list[list[int]] = []
    for inner in range(labels, 2 * labels - 1):
        pair = []
        for _ in range(2):
            if leaf >= 0 and totals[leaf] < totals[node]:
                pair.append(leaf)
                leaf -= 1
            else:
                pair.append(node)
                node += 1
        totals[inner] = totals[pair[0]] + totals[pair[1]]
        children.append(pair)
    both = np.array(children, np.int64).reshape(-1, 2)
    return both[:, 0].copy(), both[:, 1].copy()


@kernel
def best_leaves(
    means: Floats, outputs: Floats, left: Places, right: Places, labels: Places, scores: NDArray[np.float64]
) -> None:
    """The label of the most probable path from the root and the logarithm of its probability.

    Depth first, the more probable child first; a path is left where it is less probable than the best label so far.
    """
    leaves = len(left) + 1
    nodes, reached = np.empty(2 * leaves + 2, np.int64), np.empty(2 * leaves + 2, np.float64)
    for document in range(len(means)):
        best, top = LEAST, 1
        nodes[0], reached[0] = 2 * leaves - 2, 0.0
        while top > 0:
            top -= 1
            node, score = nodes[top], reached[top]
            if not score >= best:  # a NaN is left, too
                continue
            if node < leaves:
                labels[document], best = node, score
                continue
            product = np.float32(0.0)
            for column in range(means.shape[1]):
                product += outputs[node - leaves, column] * means[document, column]
            chance = 1.0 / (1.0 + np.exp(-np.float64(product)))
            to_left, to_right = score + np.log(1.0 - chance + TINY), score + np.log(chance + TINY)
            right_first = to_right > to_left
            nodes[top], reached[top] = (left if right_first else right)[node - leaves], min(to_left, to_right)
            nodes[top + 1], reached[top + 1] = (right if right_first else left)[node - leaves], max(to_left, to_right)
            top += 2
        scores[document] = best


@kernel
def best_shares(means: Floats, columns: Floats, labels: Places, probabilities: NDArray[np.float64]) -> None:
    """The label of the largest logit and its share, of each document by itself.

    A product of matrices would sum in an order that depends on how many documents there are.
    """
    logits = np.empty(columns.shape[1], np.float32)
    for document in range(len(means)):
        logits[:] = 0
        for column in range(means.shape[1]):
            weight = means[document, column]
            for label in range(len(logits)):
                logits[label] += weight * columns[column, label]
        best = logits.argmax()
        total = 0.0
        for label in range(len(logits)):
            total += np.exp(np.float64(logits[label] - logits[best]))
        labels[document], probabilities[document] = best, 1.0 / total + TINY
