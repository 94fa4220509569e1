"""Heuristic rules, one file for each published rule set. Pure: no Beam, no files, no clock, no chance."""
