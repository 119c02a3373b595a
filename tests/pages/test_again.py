"""A page that is drawn again for the same view works nothing out anew: no figure, no table, no study."""

from __future__ import annotations

import pytest

from tapeline import once
from tests.pages.opened import opened


@pytest.mark.parametrize("name", ["overview", "reactions", "markets", "funding", "adoption", "openness", "story", "data"])
def test_a_page_drawn_again_works_nothing_out(name: str) -> None:
    test = opened(name) if name != "overview" else opened("data").switch_page("pages/overview.py").run()
    test.run()
    before = once.made()
    test.run()
    assert not test.exception
    assert once.made() == before


def test_groups_drawn_again_work_nothing_out() -> None:
    test = opened("reactions")
    test.session_state["study-mode"] = "Many milestones"
    test.session_state["compare"] = "By kind"
    test.run()
    before = once.made()
    test.run()
    assert not test.exception
    assert once.made() == before
    once.forget()
    test.run()
    assert once.made() > 0, "nothing is counted"
