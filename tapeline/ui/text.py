"""Text from the tables, made safe for Streamlit's Markdown: shown as it stands, never read as markup."""

from __future__ import annotations

import re
from urllib.parse import quote

from tapeline.words import isolated

SPECIAL = re.compile(r"([!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])")
JOINER = "\N{WORD JOINER}"
EMOJI = re.compile(r"\\:(?=\S)")


def plain(words: str) -> str:
    """Escape text so that Markdown, HTML, maths, colours and emoji codes in it are shown and not run."""
    return EMOJI.sub(rf"\\:{JOINER}", SPECIAL.sub(r"\\\1", isolated(words))).replace("\n", " ")


def link(words: str, url: str) -> str:
    """Write a Markdown link whose words and address cannot break out of it; addresses that are not http are left out."""
    if not re.match(r"https?://", url):
        return plain(words)
    return f"[{plain(words)}](<{quote(url, safe=':/?#[]@!$&*+,;=%~.-_()')}>)"
