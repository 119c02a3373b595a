"""What the reader's screen is like: light or dark, and how wide."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from tapeline.charts.theme import Mode, Palette, palette

Width = Literal["narrow", "medium", "wide"]
WATCH = """
export default function({ data, setStateValue }) {
  const narrow = window.matchMedia("(max-width: 640px)");
  const medium = window.matchMedia("(max-width: 1100px)");
  const tell = () => {
    const width = narrow.matches ? "narrow" : medium.matches ? "medium" : "wide";
    if (width !== data.width) setStateValue("width", width);
  };
  tell();
  narrow.addEventListener("change", tell);
  medium.addEventListener("change", tell);
  return () => {
    narrow.removeEventListener("change", tell);
    medium.removeEventListener("change", tell);
  };
}
"""
KEY = "screen"

_watch = st.components.v2.component("tapeline_screen", js=WATCH)


def watch() -> None:
    """Put the watcher on the page: it draws nothing and reports when the window becomes narrow or wide."""
    _watch(key=KEY, data={"width": width()}, on_width_change=lambda: None, height=1)


def width() -> Width:
    """Return the width class last reported; until then a guess from the browser's name."""
    known = st.session_state.get(KEY)
    if known and known.get("width"):
        return known["width"]  # type: ignore[no-any-return]
    return "narrow" if "Mobi" in (st.context.headers.get("User-Agent") or "") else "wide"


def mode() -> Mode:
    """Return whether the page is light or dark."""
    return "dark" if st.context.theme.type == "dark" else "light"


def colours() -> Palette:
    """Return the colours of the page's theme."""
    return palette(mode())
