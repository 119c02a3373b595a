"""How numbers and dates are said to people: 40 bn USD, -17.0 %, 27 January 2025."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import pandas as pd

SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k"))
MINUS = "\N{MINUS SIGN}"
THIN = "\N{NARROW NO-BREAK SPACE}"


def short(value: float) -> str:
    """Say a number in at most four figures and a scale: 671000000000 is '671 bn'."""
    size, sign = abs(value), MINUS if value < 0 else ""
    for scale, name in SCALES:
        if size >= scale and (scale > 1e3 or size >= 1e5):
            return f"{sign}{_figures(size / scale)}{THIN}{name}"
    return f"{sign}{_figures(size) if size < 1e3 else f'{size:,.0f}'.replace(',', THIN)}"


def quantity(figure: Any) -> str:
    """Say a figure row (value, low, high, approximate, unit, behaviour) with its unit and its doubt; only changes carry a sign."""
    about = "about " if figure.approximate else ""
    if not math.isnan(figure.low):
        return f"{about}{short(figure.low)} to {short(figure.high)} {figure.unit}"
    if figure.unit == "per cent":
        return f"{about}{per_cent(figure.value / 100) if figure.behaviour == 'flow' else f'{figure.value:g}{THIN}%'}"
    return f"{about}{short(figure.value)} {figure.unit}"


def per_cent(fraction: float | None, digits: int = 1) -> str:
    """Say a return with its sign: -0.1697 is '-17.0 %'; an absent one is a dash."""
    if fraction is None or math.isnan(fraction):
        return "–"
    text = f"{abs(fraction) * 100:.{digits}f}"
    sign = "" if float(text) == 0 else MINUS if fraction < 0 else "+"
    return f"{sign}{text}{THIN}%"


@lru_cache(8192)
def day(date: pd.Timestamp, precision: str = "day") -> str:
    """Say a date as exactly as it is known: 27 January 2025, January 2025, first quarter of 2025."""
    if precision == "quarter":
        return f"{('first', 'second', 'third', 'fourth')[date.quarter - 1]} quarter of {date.year}"
    return f"{date.day} {date:%B %Y}" if precision == "day" else f"{date:%B %Y}"


@lru_cache(8192)
def iso(date: pd.Timestamp, precision: str = "day") -> str:
    """Write a date as exactly as it is known, in ISO form: 2025-01-27, 2025-01, 2025-Q1."""
    if precision == "quarter":
        return f"{date.year}-Q{date.quarter}"
    return f"{date:%Y-%m-%d}" if precision == "day" else f"{date:%Y-%m}"


def count(number: int, one: str, many: str | None = None) -> str:
    """Say how many: 1 milestone, 2 milestones."""
    return f"{number:,}".replace(",", THIN) + f" {one if number == 1 else many or one + 's'}"


def span(days: float) -> str:
    """Say a length of time: 11 days, 8 months, 2 years 4 months."""
    months = round(abs(days) / 30.4375)
    if months < 3:
        return count(round(abs(days)), "day")
    if months < 24:
        return count(months, "month")
    years, rest = divmod(months, 12)
    return f"{count(years, 'year')} {count(rest, 'month')}" if rest else count(years, "year")


def listing(names: list[str], most: int = 3) -> str:
    """Say a list: A, B and 4 more."""
    if len(names) <= most:
        return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"


def _figures(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
