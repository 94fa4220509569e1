"""RedPajama-v2's signals that ask a list: stop words, LDNOOBW's terms, domains of UT1.

togethercomputer/RedPajama-Data:app/src/core/quality_signals/content.py (commit 855a8e0). It has lists for five
languages; a document of another language has neither stop words nor bad ones, one without a language is English.
"""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.documents import Documents
from pipeline.safety.lists import shipped
from pipeline.text.hashing import hash_spans
from pipeline.text.hashset import HashSet, hash_set, hash_words, members_of
from pipeline.text.layer import Text
from pipeline.text.measure import Measure
from pipeline.text.words import Words

LANGUAGES = ("de", "en", "es", "fr", "it")
DOMAIN = r"^(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?//(?P<domain>[^/?#]*)"  # urllib.parse's netloc, cc_net's source_domain
NOT_LISTED = -1


def by_language(docs: Documents, count: Callable[[str], Measure]) -> Measure:
    """What `count` says of each document by the list of its language."""
    languages = np.array(docs.column("language").fill_null("en").to_pylist(), object)
    values = np.zeros(len(languages))
    for language in sorted(set(languages) & set(LANGUAGES)):
        own = languages == language
        values[own] = count(language).values[own]
    return Measure(values)


@cache
def stop_words(language: str) -> HashSet:
    """The set of a language's stop words, as stopwords-json 1.2.0 has them."""
    lines = files("pipeline.filters").joinpath("data", "stop_words", f"{language}.txt").read_text("utf-8").splitlines()
    return hash_set(hash_words([line for line in lines if not line.startswith("#")]))


def stop_word_fraction(docs: Documents, raw_words: Words) -> Measure:
    """Raw words that are stop words, in lower case as the lists are: "The" is none, and "don't" is three words."""
    return by_language(
        docs, lambda language: raw_words.count(members_of(stop_words(language), raw_words.hash)).per(raw_words.count())
    )


@lru_cache(maxsize=16)
def sets_of(terms: tuple[str, ...]) -> tuple[HashSet, Mapping[int, HashSet]]:
    """The first words of all terms, and the terms by their number of words, as sets of hashes."""
    found: dict[int, list[str]] = {}
    for term in terms:
        found.setdefault(1 + term.count(" "), []).append(term)
    first = hash_set(hash_words([term.split(" ")[0] for term in terms]))
    return first, {length: hash_set(hash_words(same)) for length, same in found.items()}


def count_terms(normal: Text, terms: tuple[str, ...]) -> Measure:
    """Runs of normalised words that are a term, as it is written: one with punctuation or a capital is never met.

    A blank stands between two normalised words, so that a run of them is its own join.
    """
    words, counts = normal.words, np.zeros(len(normal), np.int64)
    first, by_length = sets_of(terms)
    begun = np.flatnonzero(members_of(first, words.hash))
    document = np.searchsorted(words.offsets, begun, side="right") - 1
    for length, wanted in by_length.items():
        inside = np.flatnonzero(begun + length <= words.offsets[document + 1])
        at = begun[inside]
        is_term = members_of(wanted, hash_spans(normal.data, words.start[at], words.stop[at + length - 1]))
        counts += np.bincount(document[inside[is_term]], minlength=len(normal))
    return Measure.of(counts)


def bad_words(docs: Documents, normal: Text, listed: tuple[str, ...] | None) -> Measure:
    """By the user's list, or by LDNOOBW's of the document's language."""
    if listed is not None:
        return count_terms(normal, listed)
    return by_language(docs, lambda language: count_terms(normal, shipped(f"ldnoobw/{language}")))


@lru_cache(maxsize=8)
def categories_of(entries: tuple[str, ...]) -> tuple[pa.Array, NDArray[np.int64]]:
    """Domains, and the number of each one's category: what follows it in its entry, 0 where nothing does."""
    split = {domain: category for domain, _, category in (entry.partition(" ") for entry in entries)}
    return pa.array(list(split), pa.string()), np.array([int(category or 0) for category in split.values()], np.int64)


def ut1_category(docs: Documents, entries: tuple[str, ...]) -> Measure:
    """The category of the address's whole domain, port and all, as it is written; NOT_LISTED where it has none."""
    domains, categories = categories_of(entries)
    own = pc.struct_field(pc.extract_regex(docs.column("url").fill_null(""), DOMAIN), "domain")
    place = pc.fill_null(pc.index_in(own, value_set=domains), len(domains)).to_numpy()
    return Measure.of(np.append(categories, NOT_LISTED)[place])
