"""The config's `dedup`: a step for each kind of duplicates, with who survives, within what, and what a kind needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.dedup.keep import DEFAULTS, RANKED, Policy, columns_of
from pipeline.dedup.minhash import PRESETS, Scheme, for_jaccard, preset
from pipeline.dedup.verify import BAND, VERIFY
from pipeline.lines_config import LINE_KEYS, Lines, read_lines
from pipeline.semantic_config import SEMANTIC_KEYS, read_semantic
from pipeline.step_config import OVER, absolute
from pipeline.substrings_config import SUBSTRING_KEYS, read_substrings
from pipeline.yaml_lines import ConfigError, Node, nearest

DEFAULT_PRESET = "fineweb"
SCOPES = ("global", "language", "source", "crawl")
EDITORS = ("lines", "substrings")  # kinds that change texts, and drop what that leaves too short
REASONS = {  # what a document is dropped for
    "url": "url.older",
    "exact": "exact.duplicate",
    "minhash": "minhash.duplicate",
    "lines": "lines.too_short",
    "substrings": "substrings.too_short",
    "semantic": "semantic.duplicate",
}
MEMORY = 1_000_000_000  # bytes: a union-find over 125 million documents
HASHES = 128  # of a signature that is made for a Jaccard (datasketch's num_perm)
SIMILAR = 0.8  # `threshold` where none is given: NeMo Curator's, and The Pile's dedup within 0.1


@dataclass(frozen=True)
class Near:
    """What minhash needs besides: the signatures, and how a pair that shares a band is looked at again."""

    scheme: Scheme
    verify: str = BAND
    threshold: float = SIMILAR
    contained: float | None = None  # instead: the share of a document's shingles that stand in a larger one

    @property
    def by_bands(self) -> bool:
        """Whether a shared band is enough."""
        return self.verify == BAND and self.contained is None


@dataclass(frozen=True)
class DedupStep:
    """A kind of duplicates. `keep`: who survives, the first name decides first. `how`: what the kind alone needs."""

    kind: str
    keep: tuple[Policy, ...]
    scope: str = "global"
    how: Any = None


@dataclass(frozen=True)
class DedupConfig:
    """`against`: the folders of earlier runs that take part; `flip`: their survivors may lose.

    `memory`: bytes that one worker may take to join clusters; more documents are joined in passes over the disk.
    """

    over: str = "survivors"
    steps: tuple[DedupStep, ...] = ()
    against: tuple[str, ...] = ()
    flip: bool = False
    memory: int = MEMORY

    @property
    def scheme(self) -> Scheme | None:
        """Of the signatures that 01-refine makes: the minhash step's."""
        return next((step.how.scheme for step in self.steps if step.kind == "minhash"), None)


@dataclass(frozen=True)
class Kind:
    """How a kind of duplicates is written: its own keys, and what reads them (relative files are in the folder)."""

    keys: tuple[str, ...] = ()
    read: Callable[[Mapping[str, Node], Path], Any] = lambda _given, _folder: None
    keeps: bool = True  # one document in the place of others, by `keep`


def read_near(given: Mapping[str, Node], _folder: Path) -> Near:
    """`preset`, or `jaccard` with `hashes`; `verify` and its `threshold`."""
    verify = given["verify"].choice(VERIFY) if "verify" in given else BAND
    if "threshold" in given and verify == BAND:
        raise given["threshold"].error(f"says nothing with `verify: {BAND}` (verify: {' or '.join(VERIFY[1:])})")
    if "contained" in given and "verify" in given:
        raise given["contained"].error(
            "beside `verify` (one of the two: similar pairs, or documents held by larger ones)"
        )
    threshold = given["threshold"].number(0, 1) if "threshold" in given else SIMILAR
    return Near(
        read_scheme(given), verify, threshold, given["contained"].number(0, 1) if "contained" in given else None
    )


def read_scheme(given: Mapping[str, Node]) -> Scheme:
    if "jaccard" not in given:
        if "hashes" in given:
            raise given["hashes"].error("belongs to `jaccard`, for which bands are computed; a preset has its own")
        return preset(given["preset"].choice(list(PRESETS)) if "preset" in given else DEFAULT_PRESET)
    if "preset" in given:
        raise given["jaccard"].error("beside `preset` (one of the two: a published scheme, or bands computed for it)")
    hashes = given["hashes"].integer(1, 10_000) if "hashes" in given else HASHES
    return for_jaccard(given["jaccard"].number(0.05, 1), hashes)


KINDS: dict[str, Kind] = {
    "url": Kind(),
    "exact": Kind(),
    "minhash": Kind(("preset", "jaccard", "hashes", "verify", "threshold", "contained"), read_near),
    "lines": Kind(LINE_KEYS, read_lines, keeps=False),
    "substrings": Kind(SUBSTRING_KEYS, read_substrings, keeps=False),
    "semantic": Kind(SEMANTIC_KEYS, read_semantic),
}


def read_dedup(node: Node, folder: Path) -> DedupConfig:
    given = node.mapping(("over", "steps", "against", "flip", "memory"))
    over = given["over"].choice(OVER) if "over" in given else "survivors"
    steps: dict[str, DedupStep] = {}
    for entry in given["steps"].items() if "steps" in given else []:
        step = read_dedup_step(entry, folder)
        if step.kind in steps:
            raise entry.error(f"{step.kind} twice (each kind of duplicates is looked for once)")
        refuse_unstored(step, over, entry)
        steps[step.kind] = step
    against = given["against"].texts(at_least=1) if "against" in given else ()
    if "flip" in given and not against:
        raise given["flip"].error("says nothing without `against` (earlier runs, whose survivors may lose)")
    flip = given["flip"].flag() if "flip" in given else False
    memory = given["memory"].integer(1) if "memory" in given else MEMORY
    return DedupConfig(over, tuple(steps.values()), tuple(absolute(run, folder) for run in against), flip, memory)


def refuse_unstored(step: DedupStep, over: str, node: Node) -> None:
    """Texts are read again from kept/, where those that 01-refine dropped do not stand."""
    if over == "all" and isinstance(step.how, Near) and not step.how.by_bands:
        asked = f"verify: {step.how.verify}" if step.how.contained is None else f"contained: {step.how.contained:g}"
        raise node.error(f"`{asked}` with `over: all` (the texts of dropped documents are not kept)")


def read_dedup_step(node: Node, folder: Path = Path()) -> DedupStep:
    """A step written `KIND` or `KIND: {keep: [...], scope: ..., preset: ...}`."""
    if not isinstance(node.value, dict):
        kind, given = node.choice(list(KINDS)), {}
    else:
        keys = node.mapping(KINDS)
        if len(keys) != 1:
            raise node.error(f"{len(keys)} kinds of duplicates in one step{nearest('', KINDS)}")
        kind, parameters = next(iter(keys.items()))
        allowed = (*["keep"] * KINDS[kind].keeps, "scope", *KINDS[kind].keys)
        given = {} if parameters.value is None else parameters.mapping(allowed)
    how = KINDS[kind].read(given, folder)
    return DedupStep(
        kind=kind,
        keep=read_keep(given["keep"]) if "keep" in given else tuple(DEFAULTS.get(kind, ())),
        scope=given["scope"].choice(SCOPES) if "scope" in given else usual_scope(how),
        how=how,
    )


def usual_scope(how: Any) -> str:
    """Where the config names none: of lines their formula's."""
    return how.counted_as.scope if isinstance(how, Lines) else "global"


def read_keep(node: Node) -> tuple[Policy, ...]:
    """Names of policies, and `{source: [books, web]}` or `{licence: [...]}`, the first of which survives."""
    entries = node.items() if isinstance(node.value, list) else [node]
    return tuple(read_policy(entry) for entry in entries)


def read_policy(node: Node) -> Policy:
    if isinstance(node.value, dict):
        (name, order), *more = node.mapping(RANKED, ()).items() or [("", node)]
        if more or not name:
            raise node.error(f"one order of values is wanted (allowed: {', '.join(RANKED)})")
        return name, order.texts(at_least=1)
    if node.text() in RANKED:
        raise node.error(f"{node.value} needs an order (keep: [{{{node.value}: [first, second]}}])")
    try:
        columns_of([node.text()])
    except ValueError as error:
        raise node.error(str(error).removeprefix("keep: ")) from error
    return node.text()


def refuse_unknown_orders(path: Path, config: DedupConfig, sources: Sequence[str]) -> None:
    """A `when`, or an order of sources, that names one which no input has would decide nothing, silently."""
    for step in config.steps:
        orders = [policy for policy in step.keep if isinstance(policy, tuple)]
        ordered = [name for by, order in orders if by == "source" for name in order]
        asked = getattr(step.how, "when", {}).get("source", ())
        unknown = sorted({*ordered, *asked} - set(sources))
        if unknown:
            raise ConfigError(f"{path}: dedup {step.kind}: no input has the source {unknown[0]} ({', '.join(sources)})")
