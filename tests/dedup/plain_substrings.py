"""What `substrings` removes, in plain Python, and by a suffix array: the truths that the arrays are held against."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Spans = dict[int, list[tuple[int, int]]]  # tie -> words that go, from and to
Groups = list[list[tuple[int, int]]]  # equal windows: (tie, first word)


def merged(windows: Mapping[int, set[int]], tokens: int) -> Spans:
    """Windows that overlap or touch are one span."""
    spans: Spans = {}
    for tie, starts in windows.items():
        own: list[tuple[int, int]] = []
        for start in sorted(starts):
            begin = own.pop()[0] if own and own[-1][1] >= start else start
            own.append((begin, start + tokens))
        spans[tie] = own
    return spans


def spans_of(groups: Groups, tokens: int, keeps_one: bool) -> Spans:
    """Of each group of equal windows all go but the first: that of the smallest tie, and in its text the first."""
    gone: dict[int, set[int]] = defaultdict(set)
    for group in groups:
        for tie, start in sorted(group)[keeps_one:]:
            gone[tie].add(start)
    return merged(gone, tokens)


def groups_by_dict(texts: Mapping[int, str], tokens: int) -> Groups:
    """Every window, in a dict."""
    seen = defaultdict(list)
    for tie, text in texts.items():
        words = text.split()
        for start in range(len(words) - tokens + 1):
            seen[tuple(words[start : start + tokens])].append((tie, start))
    return [group for group in seen.values() if len(group) > 1]


def suffix_array(symbols: NDArray[np.int64]) -> NDArray[np.int64]:
    """The suffixes in order, by doubling (Manber and Myers 1993)."""
    rank, step, count = np.unique(symbols, return_inverse=True)[1].astype(np.int64), 1, len(symbols)
    while True:
        behind = np.full(count, -1)
        behind[:-step] = rank[step:]
        order = np.lexsort((behind, rank))
        new = (np.diff(rank[order], prepend=-1) != 0) | (np.diff(behind[order], prepend=-2) != 0)
        rank = np.empty(count, np.int64)
        rank[order] = np.cumsum(new) - 1
        step *= 2
        if rank.max() == count - 1 or step >= count:
            return order


def common_prefixes(symbols: NDArray[np.int64], order: NDArray[np.int64]) -> list[int]:
    """Symbols that each suffix shares with the one before it in order (Kasai et al. 2001)."""
    listed, rank, common, length = symbols.tolist(), np.argsort(order).tolist(), [0] * len(order), 0
    for place, where in enumerate(rank):
        if where == 0:
            length = 0
            continue
        other = int(order[where - 1])
        while max(place, other) + length < len(listed) and listed[place + length] == listed[other + length]:
            length += 1
        common[where] = length
        length = max(length - 1, 0)
    return common


def groups_by_suffix_array(texts: Mapping[int, str], tokens: int) -> Groups:
    """Neighbouring suffixes with `tokens` symbols in common; a symbol of its own ends each text."""
    numbers: dict[str, int] = {}
    symbols: list[int] = []
    home: list[tuple[int, int]] = []
    for at, (tie, text) in enumerate(texts.items()):
        words = text.split()
        symbols += [numbers.setdefault(word, len(numbers)) for word in words] + [-1 - at]
        home += [(tie, place) for place in range(len(words) + 1)]
    array = np.array(symbols)
    order = suffix_array(array)
    groups: Groups = []
    for place, shared in zip(order.tolist(), common_prefixes(array, order), strict=True):
        if shared < tokens:
            groups.append([])
        groups[-1].append(home[place])
    return [group for group in groups if len(group) > 1]


def words_left(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The words outside of the spans."""
    gone = {word for start, stop in spans for word in range(start, stop)}
    return [word for place, word in enumerate(text.split()) if place not in gone]
