"""Dates of every common writing as RFC 3339 in UTC."""

import datetime
import email.utils
from functools import lru_cache

import pyarrow as pa

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def _read(text: str) -> datetime.datetime | None:
    """ISO 8601, else a date of HTTP and mail (RFC 9110, 5322)."""
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return email.utils.parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None


@lru_cache(maxsize=1 << 16)
def rfc3339(text: str) -> str | None:
    """`2024-05-06` -> `2024-05-06T00:00:00Z`. A time without a zone is UTC; what is no date is None."""
    moment = _read(text.strip())
    if moment is None:
        return None
    try:
        return _written(moment.replace(tzinfo=moment.tzinfo or datetime.UTC).astimezone(datetime.UTC))
    except OverflowError:  # the year 1 or 9999 in a zone that leads out of the calendar
        return None


def rfc3339_column(values: pa.Array) -> pa.Array:
    """The column as strings; what is no date becomes null."""
    if pa.types.is_date(values.type):
        values = values.cast(pa.timestamp("ms"))
    if pa.types.is_timestamp(values.type):
        moments = values.cast(pa.timestamp("us", tz="UTC"), safe=False).cast(pa.int64())
        return pa.array([None if us is None else _from_microseconds(us) for us in moments.to_pylist()], pa.string())
    found = [None if text is None else rfc3339(text) for text in values.to_pylist()]
    return pa.array(found, pa.string())


def _from_microseconds(since_1970: int) -> str | None:
    try:
        return _written(EPOCH + datetime.timedelta(microseconds=since_1970))
    except OverflowError:
        return None


def _written(moment: datetime.datetime) -> str:
    return moment.isoformat().removesuffix("+00:00") + "Z"
