"""Hypothesis draws the same examples in every run, so that `make test` says the same twice.

`pytest --hypothesis-profile=search` draws new ones.
"""

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("same")
