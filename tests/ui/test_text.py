"""Text from the tables is never read as markup."""

from __future__ import annotations

import re

import pytest

from tapeline.ui.text import SPECIAL, link, plain


@pytest.mark.parametrize("words", ["**bold** _it_ `code` [a](b) <b>x</b> $x$ :red[hot] :smile: # h ~s~ | a | 1. x", "=1+1", "ordinary words"])
def test_every_mark_of_markdown_is_escaped(words: str) -> None:
    escaped = plain(words)
    assert not SPECIAL.search(re.sub(r"\\.", "", escaped))
    assert re.sub(r"\\(.)", r"\1", escaped).replace("\u2060", "") == words


def test_a_link_cannot_break_out() -> None:
    assert link("A](x) B", "https://example.org/a>b c") == r"[A\]\(x\) B](<https://example.org/a%3Eb%20c>)"


def test_only_web_addresses_become_links() -> None:
    assert link("x", "javascript:alert(1)") == "x"


def test_an_encoded_address_stays_as_it_is() -> None:
    assert link("x", "https://example.org/a%20b?c=d&e=f#g") == "[x](<https://example.org/a%20b?c=d&e=f#g>)"
