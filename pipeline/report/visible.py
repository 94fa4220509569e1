"""Foreign text made harmless to look at: what a terminal, a browser or Markdown would obey is shown instead."""

import re

KEPT_CONTROLS = "\n\t"
# C0, DEL, C1; bidi marks, overrides and isolates; line and paragraph separators; the invisible operators; BOM;
# surrogates; annotation anchors; tag characters, which hide whole sentences. ZWNJ and ZWJ stay: Persian, emoji.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
PLAIN = re.compile(r"[A-Za-z0-9 ,.\-]|[^\x00-\x7f]")  # characters that no Markdown syntax is made of


def _shown(match: re.Match[str]) -> str:
    character = match.group()
    if character in KEPT_CONTROLS:
        return character
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else f"\u27e8U+{code:04X}\u27e9"


def visible(text: str) -> str:
    """The text with every control, bidi override and hidden character replaced by a sign for it."""
    return UNSAFE.sub(_shown, text.replace("\r\n", "\n"))


def one_line(text: str, characters: int = 160) -> str:
    """As `visible`, on one line, cut after so many characters."""
    flat = " ".join(visible(text).split())
    return flat if len(flat) <= characters else flat[: characters - 1] + "…"


def excerpt(text: str, characters: int = 600) -> str:
    """The beginning, as `visible`; a cut is marked."""
    return visible(text) if len(text) <= characters else visible(text[:characters]) + " …"


def markdown(text: str, characters: int = 160) -> str:
    """One line that Markdown and HTML read as nothing but itself: every sign is an entity."""
    flat = one_line(text, characters)
    dots = "www" in flat.lower()  # GitHub makes links of bare www.
    shown = "".join(c if PLAIN.match(c) and not (dots and c == ".") else f"&#{ord(c)};" for c in flat)
    return re.sub(r"^([-.]|\d+\.)", lambda at: "".join(f"&#{ord(c)};" for c in at.group()), shown)


def payload(data: bytes | None) -> str:
    """A failed record's bytes as text: what is no UTF-8 stands as \\xNN."""
    return (data or b"").decode("utf-8", "backslashreplace")
