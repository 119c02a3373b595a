"""A citation names authors, title, version, date and licence, and survives TeX."""

from __future__ import annotations

import re

from tapeline import citation, package
from tapeline.milestones import Tables
from tests.conftest import ROOT


def test_the_set_is_cited_with_version_date_and_licence(tables: Tables) -> None:
    cited = citation.of_set(tables.book)
    made = package.read_codebook(package.SHIPPED).descriptor["created"][:10]
    assert cited.text.startswith(f"The Tapeline contributors ({made[:4]}). Tapeline: AI milestones and the market. Version {tables.book.version}, ")
    assert cited.text.endswith("Data set, CC-BY-4.0.")
    assert cited.bibtex.startswith("@misc{tapeline_") and cited.bibtex.endswith("\n}")
    assert f"version      = {{{tables.book.version}}}" in cited.bibtex
    assert "author       = {{The Tapeline contributors}}" in cited.bibtex


def test_it_says_what_citation_cff_says(tables: Tables) -> None:
    citation_cff = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    descriptor = tables.book.descriptor
    for part in (f'title: "{descriptor["title"]}"', f'version: "{descriptor["version"]}"', f'date-released: "{descriptor["created"][:10]}"',
                 f'- name: "{descriptor["contributors"][0]["title"]}"', f"- {descriptor['licenses'][0]['name']}"):  # fmt: skip
        assert part in citation_cff


def test_a_row_is_cited_with_its_id_day_and_sources(tables: Tables) -> None:
    cited = citation.of_row(tables, "deepseek-r1")
    for part in ("20 January 2025", "row deepseek-r1", "after DeepSeek", tables.book.version, "https://"):
        assert part in cited.text
    assert "@misc{tapeline_deepseek_r1_" in cited.bibtex


def test_every_row_gives_braces_that_close_and_no_bare_signs_of_tex(tables: Tables) -> None:
    for name in tables.milestones["milestone_id"]:
        bibtex = citation.of_row(tables, name).bibtex
        bare = re.sub(r"\\[&%$#_{}]", "", bibtex)
        assert bare.count("{") == bare.count("}"), name
        said = "\n".join(line for line in bare.splitlines()[1:] if not line.startswith("  url"))
        assert not re.search(r"[&%$#_]", said), name
