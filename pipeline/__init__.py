"""gristmill: raw crawl and source shards in, a pretraining corpus and the story of every document out."""

__version__ = "0.1.0"
