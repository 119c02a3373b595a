"""What the reader's screen is like: light or dark, and how wide."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from tapeline.charts.theme import Mode, Palette, palette

Width = Literal["phone", "tablet", "laptop", "desktop"]
WATCH = """
export default function({ data, setStateValue }) {
  const upTo = { phone: 640, tablet: 1100, laptop: 1400 };
  const edges = Object.values(upTo).map(pixels => window.matchMedia(`(max-width: ${pixels}px)`));
  const app = document.querySelector("[data-testid=stApp]");
  let theme = data.theme;
  const tell = () => {
    const width = Object.keys(upTo).find(name => window.innerWidth <= upTo[name]) || "desktop";
    if (width !== data.width) setStateValue("width", width);
  };
  const repaint = () => {
    const now = getComputedStyle(app).colorScheme;
    if (now !== theme) setStateValue("theme", theme = now);
  };
  const painted = new MutationObserver(repaint);
  tell();
  repaint();
  painted.observe(app, { attributes: true, attributeFilter: ["class"] });
  edges.forEach(edge => edge.addEventListener("change", tell));
  return () => {
    painted.disconnect();
    edges.forEach(edge => edge.removeEventListener("change", tell));
  };
}
"""
KEY = "screen"

_watch = st.components.v2.component("tapeline_screen", js=WATCH)


def watch() -> None:
    """Put the watcher on the page: it draws nothing and reports when the window's width class or the theme changes.

    Streamlit repaints the page when the reader's system turns dark but does not run the script, so charts would keep their colours.
    """
    _watch(key=KEY, data={"width": width(), "theme": mode()}, on_width_change=lambda: None, on_theme_change=lambda: None, height=1)


def width() -> Width:
    """Return the width class last reported; until then a guess from the browser's name."""
    known = st.session_state.get(KEY)
    if known and known.get("width"):
        return known["width"]  # type: ignore[no-any-return]
    return "phone" if "Mobi" in (st.context.headers.get("User-Agent") or "") else "desktop"


def mode() -> Mode:
    """Return whether the page is light or dark."""
    return "dark" if st.context.theme.type == "dark" else "light"


def colours() -> Palette:
    """Return the colours of the page's theme."""
    return palette(mode())
