"""Chains of keepers over steps are followed to their ends by ranges, as plain Python follows them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.beam.dedup_job import KEPT, DedupJob, Element
from pipeline.beam.keepers import drops_by_keeper, final_keepers, gone_by_address, once_each, one_link
from pipeline.dedup.ranges import address_of, pack
from tests.beam.feature_parts import EXACT, MINHASH, URL

JOB = DedupJob("", "f", "survivors", (URL, EXACT, MINHASH), ranges=3)
UNITS = 4
Drops = dict[int, tuple[int, int]]  # dropped -> its keeper, and the step


@st.composite
def drops(draw: st.DrawFn) -> Drops:
    """Three steps, in each of which some of those alive go, for some that stay."""
    alive, found = list(range(24)), Drops()
    for step in range(3):
        staying = draw(st.lists(st.sampled_from(alive), min_size=1, unique=True))
        for document in set(alive) - set(staying):
            if draw(st.booleans()):
                found[document] = draw(st.sampled_from(staying)), step
        alive = [document for document in alive if document not in found]
    return found


def address(document: int) -> int:
    return int(address_of(document % UNITS, np.array([document // UNITS]))[0])


def elements(found: Drops, step: int) -> list[Element]:
    """As a step tells the units."""
    sent = []
    for unit in range(UNITS):
        mine = [d for d, (_, number) in found.items() if number == step and d % UNITS == unit]
        if mine:
            ordinals = np.array([d // UNITS for d in mine], np.uint32)
            keeper = np.array([address(found[d][0]) for d in mine], np.uint64)
            whose, which = np.array([unit], np.int32), np.array([step], np.uint8)
            sent.append((unit, pack(unit=whose, step=which, ordinal=ordinals, keeper=keeper)))
    return sent


def grouped(sent: list[Element]) -> list[tuple[int, list[bytes]]]:
    groups: dict[int, list[bytes]] = {}
    for key, value in sent:
        groups.setdefault(key, []).append(value)
    return list(groups.items())


def followed(found: Drops) -> dict[int, tuple[int, int]]:
    """By the functions of the pass, grouping by grouping: address -> final keeper and step."""
    units = grouped([element for step in range(3) for element in elements(found, step)])
    moving = [each for unit, values in units for each in drops_by_keeper(unit, values, JOB)]
    gone = [[each for unit, values in units for each in gone_by_address(unit, values, JOB, since)] for since in (1, 2)]
    moving = [each for key, values in grouped(moving + gone[0]) for each in one_link(key, values, JOB)]
    finals = [each for key, values in grouped(moving + gone[1]) for each in final_keepers(key, values)]
    told: dict[int, tuple[int, int]] = {}
    for unit, values in grouped(finals):
        heard = once_each(values)
        assert len(set(heard["ordinal"].tolist())) == len(heard["ordinal"])
        whose = address_of(unit, heard["ordinal"]).tolist()
        told |= dict(zip(whose, zip(heard["final"].tolist(), heard["step"].tolist(), strict=True), strict=True))
    return told


@given(drops())
def test_every_chain_is_followed_to_its_end(found: Drops) -> None:
    expected = {}
    for document, (keeper, step) in found.items():
        while keeper in found:
            keeper = found[keeper][0]
        expected[address(document)] = address(keeper), step
        expected[address(keeper)] = address(keeper), KEPT
    assert followed(found) == expected
