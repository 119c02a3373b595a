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
LEGIBLE, VISIBLE = 4.5, 3.0
"""Least contrast of words and of marks with what is beneath them: WCAG 2.2, level AA."""
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

    def words(self, colour: str) -> str:
        """Return a colour for words on the paper, or for a mark that carries words of the paper's colour: as near to its own as can be read."""
        return _towards(self.ink, colour, self.paper)

    def ground(self, colour: str) -> str:
        """Return a colour for an area under words of the ink's colour: as near to its own as lets them be read."""
        return _towards(self.paper, colour, self.ink)

    def quiet(self, colour: str) -> str:
        """Return a colour faded as far as a mark that is still to be seen may be."""
        return next(
            (self.faded(colour, step / 20) for step in range(1, 20) if contrast(_mixed(self.paper, colour, step / 20), self.paper) >= VISIBLE), colour
        )

    def faded(self, colour: str, opacity: float) -> str:
        """Return a colour at some opacity."""
        red, green, blue = _channels(colour)
        return f"rgba({red},{green},{blue},{opacity})"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, from 1 to 21."""
    low, high = sorted(_luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    shares = [channel / 255 for channel in _channels(colour)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(own + (added - own) * share):02x}" for own, added in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


@cache
def _towards(end: str, colour: str, against: str) -> str:
    """Mix a colour with `end`, in steps of a fiftieth, until it can be read with `against`."""
    mixed = (colour, *(_mixed(colour, end, step / 50) for step in range(1, 50)))
    return next((one for one in mixed if contrast(one, against) >= LEGIBLE), end)


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
