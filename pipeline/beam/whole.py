"""Which units are whole, by what the parts say of themselves; never by the runner's word."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pipeline.storage.run_folder import numbers_of, unit_parts
from pipeline.storage.write import read_about

About = dict[str, Any]


class PassFailed(Exception):
    """A pass whose parts do not add up; one line that names the units."""


def abouts(run: Path, stage: str, kind: str, unit: int, fingerprint: str) -> list[About] | None:
    """What the unit's parts of one kind say, in the batches' order; None unless they are whole.

    Whole: batches 0, 1, ... without a gap, each of this fingerprint and unit, `last` on the last one only.
    """
    said = [read_about(path) for path in unit_parts(run, stage, kind, unit)]
    present = [about for about in said if about is not None]
    expected = [(fingerprint, unit, batch, batch == len(said) - 1) for batch in range(len(said))]
    found = [(about["fingerprint"], about["unit"], about["batch"], about["last"]) for about in present]
    return present if said and found == expected else None


def unit_about(run: Path, stage: str, kinds: Sequence[str], unit: int, fingerprint: str) -> list[About] | None:
    """The first kind's abouts where every kind is whole, those in batches with the same ones; None otherwise."""
    every = [abouts(run, stage, kind, unit, fingerprint) for kind in kinds]
    if any(said is None for said in every):
        return None
    batched = [kind for kind in kinds if numbers_of(unit_parts(run, stage, kind, unit)[0])[1] >= 0]
    batches = {len(said or []) for kind, said in zip(kinds, every, strict=True) if kind in batched}
    return every[0] if len(batches) <= 1 else None


def whole_units(run: Path, stage: str, kinds: Sequence[str], units: Iterable[int], fingerprint: str) -> set[int]:
    """The units that need not be done again."""
    return {unit for unit in units if unit_about(run, stage, kinds, unit, fingerprint) is not None}


def remove_unit(run: Path, stage: str, kinds: Sequence[str], unit: int) -> None:
    """Clear what an earlier attempt left of a unit, so that fewer batches this time leave no stranger behind.

    A killed writer leaves its temporary file as well; nobody else would ever remove it.
    """
    for kind in kinds:
        unfinished = (Path(run) / stage / kind).glob(f".part-{unit:05}[-.]*.tmp")
        for path in [*unit_parts(run, stage, kind, unit), *unfinished]:
            path.unlink()


def demand_whole(run: Path, stage: str, kinds: Sequence[str], units: Sequence[int], fingerprint: str) -> list[About]:
    """What every part of the first kind says, units in order; raises PassFailed naming the units that are not whole."""
    found = {unit: unit_about(run, stage, kinds, unit, fingerprint) for unit in units}
    missing = [unit for unit, said in found.items() if said is None]
    if missing:
        named = ", ".join(map(str, missing[:10])) + (" ..." if len(missing) > 10 else "")
        raise PassFailed(
            f"{Path(run) / stage}: {len(missing)} of {len(units)} units are not whole: {named} (run again)"
        )
    return [about for unit in units for about in found[unit] or []]
