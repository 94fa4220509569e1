"""The only room that knows Apache Beam: transforms, passes, runners."""

import logging

logging.disable(logging.WARNING)  # Beam warns on import of cloud libraries that nobody here asked for
from pipeline.beam.refine import Refine  # noqa: E402

logging.disable(logging.NOTSET)

__all__ = ["Refine"]
