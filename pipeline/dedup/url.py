"""URLs that name one page: what C4 folds, and what the RFC and the Internet Archive hold equal."""

import re

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.dedup.keys import Keys, string_keys

# C4 (c4_utils.normalize_url) drops http(s)://, www., a query that starts with utm_, ref or feed,
# and trailing slashes. Here only the tracking parameters go, wherever they stand: `?ref=` and
# `?feed=` choose a page on too many sites. RFC 3986 6.2 gives host case, default ports and
# percent-encoding; the Internet Archive's SURT form also sorts the parameters.
NORMALISATION = (
    "without http(s)://, user, www., default port, fragment (but #!), tracking parameters and trailing slashes;"
    " host in lower case; parameters sorted; percent-encoding in capitals, unreserved characters decoded"
)

# The click and recipient identifiers that Brave, Firefox and LibreWolf strip from links, the
# campaign tags of Google Analytics (utm_), Matomo (mtm_, pk_) and HubSpot (hsa_).
TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_")
# fmt: off
TRACKING = frozenset((
    "__hsfp", "__hssc", "__hstc", "__s", "_hsenc", "_hsmi", "_openstat", "_ga", "_gl", "dclid", "fbclid",
    "gbraid", "gclid", "gclsrc", "gad_source", "hsctatracking", "igsh", "igshid", "li_fat_id", "mc_cid",
    "mc_eid", "mibextid", "mkt_tok", "ml_subscriber", "ml_subscriber_hash", "msclkid", "oft_c", "oft_ck",
    "oft_d", "oft_id", "oft_ids", "oft_k", "oft_lk", "oft_sk", "oly_anon_id", "oly_enc_id", "rb_clickid",
    "s_cid", "srsltid", "ttclid", "twclid", "vero_conv", "vero_id", "wbraid", "wickedid", "yclid", "ysclid",
))
# fmt: on
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

SCHEMES = ("", "http", "https")
DEFAULT_PORTS = re.compile("\\.?:(?:80|443)?$")
ENCODED = re.compile("%([0-9a-fA-F]{2})")


def is_tracking(parameter: str) -> bool:
    """Whether a parameter (`name=value`) says only who sent the reader, not which page."""
    name = parameter.partition("=")[0].lower()
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def decode_unreserved(encoded: re.Match[str]) -> str:
    """One %XX: itself in capitals, or the character where encoding it means nothing."""
    character = chr(int(encoded[1], 16))
    return character if character in UNRESERVED else encoded[0].upper()


def page_query(query: str) -> str:
    """The parameters that choose the page, sorted, with their `?`; empty where there are none."""
    parameters = [p for p in query.split("&") if p and not is_tracking(p)]
    return "?" + "&".join(sorted(parameters)) if parameters else ""


def page_host(authority: str) -> str:
    """The host in lower case, with its port where that is not the default one."""
    host = authority.lower()
    if "@" in host:
        host = host.rpartition("@")[2]
    if ":" in host:
        host = DEFAULT_PORTS.sub("", host)
    return host.rstrip(".").removeprefix("www.")


def split_scheme(url: str) -> tuple[str, str]:
    """The scheme in lower case, empty where none is written, and what follows its slashes."""
    scheme, separator, rest = url.partition("://")
    if not separator or not scheme.isalnum():  # `example.com/?to=http://...` has no scheme of its own
        return "", url.removeprefix("//")
    return scheme.lower(), rest


def normal_form(url: str) -> str:
    """The form that all ways to write a page's address share; for comparing, not for fetching."""
    url = url.strip()
    scheme, rest = split_scheme(url)
    if scheme not in SCHEMES:
        return url.rstrip("/")
    if "%" in rest:
        rest = ENCODED.sub(decode_unreserved, rest)
    rest, _, fragment = rest.partition("#")
    place, _, query = rest.partition("?")
    authority, slash, path = place.partition("/")
    form = page_host(authority) + (slash + path).rstrip("/")
    if query:
        form += page_query(query)
    return f"{form}#{fragment}" if fragment.startswith("!") else form


def url_keys(urls: pa.Array | pa.ChunkedArray) -> tuple[Keys, NDArray[np.bool_]]:
    """128 bits of each URL's normal form, and which documents have a URL at all."""
    forms = [normal_form(url) if url else "" for url in urls.to_pylist()]
    return string_keys(pa.array(forms, pa.large_string())), np.array([form != "" for form in forms], np.bool_)
