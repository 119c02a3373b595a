"""Colours of charts, read from the one place where they stand: `.streamlit/config.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Mode = Literal["light", "dark"]
CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"
DASHES = ("solid", "dash", "dot")
MORE_DASHES = ("dashdot", "longdash", "longdashdot")
IN_INK = "nvidia"
IN_COLOUR = (
    "openai", "meta", "deepseek", "google", "anthropic", "microsoft", "xai",
    "oracle", "alibaba", "amd", "softbank", "broadcom", "tsmc", "amazon",
    "apple", "coreweave", "tencent", "baidu", "spacex", "intel", "mistral",
)  # fmt: skip
"""Companies with a colour of their own: the first seven solid, the next seven the same hues dashed, then dotted.

Shares that are often drawn together have different hues.
"""


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as CSS hex strings."""

    paper: str
    side: str
    ink: str
    muted: str
    rule: str
    accent: str
    series: tuple[str, ...]

    def company(self, company_id: str) -> str:
        """Return the colour that a company keeps everywhere."""
        if company_id == IN_INK:
            return self.ink
        if company_id in IN_COLOUR:
            return self.series[IN_COLOUR.index(company_id) % len(self.series)]
        return self.muted

    def faded(self, colour: str, opacity: float) -> str:
        """Return a colour at some opacity."""
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return f"rgba({red},{green},{blue},{opacity})"


def dash(company_id: str) -> str:
    """Return the dash that tells companies of one hue apart."""
    return DASHES[IN_COLOUR.index(company_id) // 7] if company_id in IN_COLOUR else "solid"


def apart(company_ids: Iterable[str]) -> list[str]:
    """Return a dash for each of some lines, named by company, so that no two of one hue look alike; a company's own comes first."""
    used: set[tuple[object, str]] = set()
    found = []
    for company_id in company_ids:
        hue = IN_COLOUR.index(company_id) % 7 if company_id in IN_COLOUR else company_id == IN_INK
        own = dash(company_id)
        every = (own, *(one for one in (*DASHES, *MORE_DASHES) if one != own))
        stroke = next((one for one in every if (hue, one) not in used), own)
        used.add((hue, stroke))
        found.append(stroke)
    return found


@cache
def palette(mode: Mode) -> Palette:
    """Return the colours of the light or the dark theme."""
    look = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][mode]
    return Palette(
        paper=look["backgroundColor"],
        side=look["secondaryBackgroundColor"],
        ink=look["textColor"],
        muted=look["grayColor"],
        rule=look["borderColor"],
        accent=look["primaryColor"],
        series=tuple(look["chartCategoricalColors"]),
    )
