"""Dedup arithmetic on arrays of keys, signatures and addresses. Pure: no Beam, no files, no clock, no chance."""

from pipeline.dedup.warming import warm

__all__ = ["warm"]
