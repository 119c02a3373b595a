"""Documents on the page keep their parts, and their links lead somewhere."""

from __future__ import annotations

import re

from tapeline import package
from tapeline.milestones import Tables
from tapeline.ui import documents
from tests.conftest import ROOT


def test_a_document_is_cut_at_its_headings() -> None:
    lead, parts = documents.sections("# Title\n\nLead.\n\n## Day 0\n\nBody.\n\n### Small\n\n## Limits\n\nEnd.\n")
    assert lead == "Lead."
    assert parts == [("Day 0", "day-0", "Body.\n\n### Small"), ("Limits", "limits", "End.")]


def test_the_limits_of_the_method_can_stand_out() -> None:
    _, parts = documents.sections((ROOT / "docs" / "method.md").read_text(encoding="utf-8"))
    assert documents.LIMITS in [part.heading for part in parts]


def test_links_into_the_package_lead_to_the_server_and_others_are_words(tables: Tables) -> None:
    text = "[codebook](datapackage.json), [terms](LICENSE.md), [rules](data/README.md), [out](../app.py), [web](https://example.org), [up](#day-0)"
    assert documents.linked(text, tables.book) == (
        "[codebook](/data/package/datapackage.json), [terms](/data/package/LICENSE.md), [rules](/data/package/README.md), out, "
        "[web](https://example.org), [up](#day-0)"
    )
    for path in (package.SHIPPED / "README.md", package.SHIPPED / "LICENSE.md", ROOT / "docs" / "method.md"):
        shown = documents.linked(path.read_text(encoding="utf-8"), tables.book)
        assert all(target.startswith(("https://", "/data/package/")) for target in re.findall(r"\]\(([^)]+)\)", shown)), path.name
