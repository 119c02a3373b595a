"""The project's documents on the page: method, rules of the data, licence, what changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import streamlit as st

from tapeline import bundle, changes
from tapeline.package import Codebook

ROOT = Path(__file__).resolve().parents[2]
MEASURE = 760
"""Widest line of a text, in pixels: about a hundred letters."""
LIMITS = "Limits"


class Section(NamedTuple):
    """A part of a document: its heading, the anchor that leads to it, its text."""

    heading: str
    anchor: str
    body: str


def sections(text: str) -> tuple[str, list[Section]]:
    """Cut a document at its second-level headings; return what stands before the first, without the title, and the parts."""
    lead, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    cut = [part.partition("\n") for part in parts]
    made = [Section(head.strip(), re.sub(r"[^a-z0-9]+", "-", head.casefold()).strip("-"), body.strip()) for head, _, body in cut]
    return re.sub(r"^# .*\n", "", lead).strip(), made


def linked(text: str, book: Codebook) -> str:
    """Turn links to files of the package into links to where this server gives them; other links into files lose their address."""
    known = bundle.files(book)

    def target(found: re.Match[str]) -> str:
        words, path = found[1], found[2].removeprefix("data/")
        return f"[{words}](/data/package/{path})" if path in known or path == "datapackage.json" else words

    return re.sub(r"\[([^\]]+)\]\((?!https?:|#|/)([^)]+)\)", target, text)


def method(book: Codebook) -> None:
    """Draw the method: what it is about, the way through it, each part; the limits stand out."""
    lead, parts = sections(linked((ROOT / "docs" / "method.md").read_text(encoding="utf-8"), book))
    _lead(lead, parts)
    for part in parts:
        with st.container(border=part.heading == LIMITS, width=MEASURE):
            st.header(part.heading, anchor=part.anchor)
            _body(part.body)


def rules(book: Codebook) -> None:
    """Draw the README of the data package: what is in, by which rules, what is missing."""
    path = book.base / "README.md"
    if not path.is_file():
        st.info("This data package has no README.")
        return
    lead, parts = sections(linked(re.sub(r"<!--.*?-->", "", path.read_text(encoding="utf-8")), book))
    _lead(lead, parts, "data-")
    for part in parts:
        with st.container(width=MEASURE):
            st.header(part.heading, anchor=f"data-{part.anchor}")
            _body(part.body)


def changed() -> None:
    """Draw what each version changed in the data."""
    found = changes.of_data()
    if not found:
        st.info("This copy has no record of changes.")
    for change in found:
        with st.container(width=MEASURE):
            st.header(change.heading, anchor=False)
            st.markdown(change.points)


def licence(book: Codebook) -> None:
    """Draw the licence of the data."""
    path = book.base / "LICENSE.md"
    text = (
        path.read_text(encoding="utf-8")
        if path.is_file()
        else "\n".join(f"* {part['title']}: <{part['path']}>" for part in book.descriptor["licenses"])
    )
    with st.container(width=MEASURE):
        st.markdown(linked(re.sub(r"^# .*\n", "", text), book))
        st.markdown("The code of this dashboard is licensed under the MIT licence.")


def _body(text: str) -> None:
    """Draw the text of a part; its tables as tables that scroll by themselves where they are too wide."""
    for block in filter(str.strip, re.split(r"((?:^\|.*\n?)+)", text, flags=re.MULTILINE)):
        if block.startswith("|"):
            head, _, *rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block.splitlines()]
            st.table(pd.DataFrame(rows, columns=head), hide_index=True)
        else:
            st.markdown(block)


def _lead(lead: str, parts: list[Section], prefix: str = "") -> None:
    with st.container(width=MEASURE):
        st.markdown(lead)
        st.markdown(":small[On this page: " + " · ".join(f"[{part.heading}](#{prefix}{part.anchor})" for part in parts) + "]")
