"""Connected components in rounds over ranges of nodes, for graphs that no memory holds.

Kiveris, Lattanzi, Mirrokni, Rastogi, Vassilvitskii, "Connected Components in MapReduce and Beyond" (SoCC 2014),
section 4: large-star and small-star keep every component connected, and leave nothing to change only where each
node but the smallest has one edge, to the smallest of its component.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.dedup.clusters import Addresses, Components, Edges, ranked

Starts = NDArray[np.bool_]

LARGEST = np.uint64(0xFFFFFFFFFFFFFFFF)


def both_ways(edges: Edges) -> Edges:
    """Each edge from either end; from a node to itself none."""
    proper = edges[edges[:, 0] != edges[:, 1]]
    return np.concatenate([proper, proper[:, ::-1]])


def smallest_neighbours(edges: Edges) -> tuple[Addresses, Addresses, Addresses]:
    """The first ends of edges, ascending, the smallest second end that each has, and the same for each edge."""
    nodes, places = ranked(edges[:, 0])
    smallest = np.full(len(nodes), LARGEST)
    np.minimum.at(smallest, places, edges[:, 1])
    return nodes, smallest, smallest[places]


def large_star(edges: Edges) -> tuple[Edges, int]:
    """For a range of nodes, all edges of which are here as (node, neighbour): larger neighbours move to the smallest.

    The node itself is among those of which the smallest is taken. Gives the edges (larger, smaller), never more of
    them, and how many now lead elsewhere.
    """
    _, _, smallest = smallest_neighbours(edges)
    above = edges[:, 1] > edges[:, 0]
    node, larger = edges[above, 0], edges[above, 1]
    target = np.minimum(smallest[above], node)
    return np.stack([larger, target], axis=1), int((target != node).sum())


def small_star(edges: Edges) -> tuple[Edges, int]:
    """For a range of nodes, all edges of which to smaller ones are here: these move to the smallest of them.

    Gives the edges (larger, smaller), never more of them, and how many now lead elsewhere.
    """
    nodes, smallest, target = smallest_neighbours(edges)
    others = edges[:, 1] != target
    moving = np.stack([edges[others, 1], target[others]], axis=1)
    return np.concatenate([np.stack([nodes, smallest], axis=1), moving]), len(moving)


def in_order(edges: Edges) -> tuple[Edges, Starts]:
    """The edges by their first and then their second end, each once; and where another first end begins."""
    ordered = edges[np.lexsort((edges[:, 1], edges[:, 0]))]
    fresh = np.ones(len(ordered), np.bool_)
    fresh[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    ordered = ordered[fresh]
    starts = np.ones(len(ordered), np.bool_)
    starts[1:] = ordered[1:, 0] != ordered[:-1, 0]
    return ordered, starts


def labels(stars: Edges) -> tuple[Components, int]:
    """Of stars as the rounds leave them: every node's label, the centres' own among them; and how much is wrong.

    Wrong is a node's second label, and a label larger than its node: then these are no stars.
    """
    centres = np.unique(stars[:, 1])
    ordered, starts = in_order(np.concatenate([stars, np.stack([centres, centres], axis=1)]))
    wrong = int((~starts).sum() + (ordered[:, 1] > ordered[:, 0]).sum())
    return Components(ordered[starts, 0], ordered[starts, 1]), wrong


def disagreeing(found: Components, expected: Edges) -> int:
    """How many of `expected` (node, label) are not what was found; a node without a label is none."""
    node, label = expected[:, 0], expected[:, 1]
    if not len(found.address):
        return len(node)
    place = np.minimum(np.searchsorted(found.address, node), len(found.address) - 1)
    return int(((found.address[place] != node) | (found.label[place] != label)).sum())
