"""The small pieces that every pass's graph shares: units in, and groups that come in the same order everywhere."""

from collections.abc import Iterable, Sequence

import apache_beam as beam

MARKER = b""  # every unit sends one, so that a unit without keys still gets its part


def marker(unit: int) -> tuple[int, bytes]:
    """What every unit brings to a grouping of units."""
    return int(unit), MARKER


def units_of(pipeline: beam.Pipeline, units: Sequence[int], whose: str = "") -> beam.PCollection:
    """The numbers of the units, spread over the workers right away. `whose`: in front of the labels."""
    return pipeline | f"{whose}list" >> beam.Create(list(units)) | f"{whose}spread" >> beam.Reshuffle()


def arrivals(values: Iterable[bytes]) -> list[bytes]:
    """A group's values without the markers, sorted: no engine promises an order."""
    return sorted(value for value in values if value != MARKER)
