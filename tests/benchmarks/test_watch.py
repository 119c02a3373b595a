"""What is read as a card is also watched, so that its last change counts."""

from __future__ import annotations

import re

from benchmarks.browser import CARD, WATCH


def test_every_kind_of_card_is_watched() -> None:
    found = re.search(r'parts = "(.*)"', WATCH.read_text(encoding="utf-8"))
    assert found
    kinds = {re.split(r"\[open\]|:not", part)[0] for part in CARD.split(", ")}
    assert kinds == set(found[1].split(", ")) - {".js-plotly-plot"}
