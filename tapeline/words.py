"""How numbers and dates are said to people: 40 bn USD, -17.0 %, 27 January 2025."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

SCALES = ((1e15, "quadrillion"), (1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k"))
PLAIN, POWERS = 1e5, 1e18
"""Below the one a number is written out, from the other on as a power of ten."""
MINUS = "\N{MINUS SIGN}"
THIN = "\N{NARROW NO-BREAK SPACE}"
ABSENT = "–"
TURNED = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc](?:[^\u0000-\u024f]|[ '\"-](?=[\u0590-\u08ff]))*")
ISOLATE, ISOLATED = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(value: float) -> str:
    """Say a number in at most five figures and a scale: 671000000000 is '671 bn'; an absent or endless one is a dash."""
    if not math.isfinite(value):
        return ABSENT
    sign, size = MINUS if value < 0 else "", abs(value)
    if size < PLAIN - 0.5:
        return f"{sign}{grouped(size) if size >= 999.5 else _figures(size)}"
    size = float(f"{size:.2e}")
    if size >= POWERS:
        figures, power = f"{size:.2e}".split("e+")
        return f"{sign}{float(figures):g} × 10{power.lstrip('0').translate(RAISED)}"
    scale, name = next(pair for pair in SCALES if size >= pair[0])
    return f"{sign}{_figures(size / scale)}{THIN}{name}"


def grouped(value: float, digits: int = 0) -> str:
    """Write a number out with its thousands apart: 12345.6 is '12 346'."""
    return f"{value:,.{digits}f}".replace(",", THIN).replace("-", MINUS)


def quantity(figure: Any) -> str:
    """Say a figure row (value, low, high, approximate, unit, behaviour) with its unit and its doubt; only changes carry a sign."""
    about, ranged = "about " if figure.approximate else "", not math.isnan(figure.low)
    values = (figure.low, figure.high) if ranged else (figure.value,)
    if figure.unit == "per cent":
        return about + " to ".join(per_cent(value / 100) if figure.behaviour == "flow" else f"{_figures(value, 6)}{THIN}%" for value in values)
    said = [short(value) for value in values]
    return f"{about}{' to '.join(said)} {_single(figure.unit) if said == ['1'] else figure.unit}"


def per_cent(fraction: float | None, digits: int = 1) -> str:
    """Say a return with its sign: -0.1697 is '-17.0 %'; an absent or endless one is a dash."""
    if fraction is None or not math.isfinite(fraction):
        return ABSENT
    text = grouped(abs(fraction) * 100, digits)
    sign = "" if not text.strip("0.") else MINUS if fraction < 0 else "+"
    return f"{sign}{text}{THIN}%"


def share(fraction: float) -> str:
    """Say a part of a whole: 0.25 is '25 %'; a little is never 0 %, nearly all never 100 %; an absent one is a dash."""
    if not math.isfinite(fraction):
        return ABSENT
    whole = min(max(round(fraction * 100), 1 if fraction > 0 else 0), 100 if fraction >= 1 else 99)
    return f"{whole}{THIN}%"


def grown(fraction: float, digits: int = 0, factor_from: float = 1.0) -> str:
    """Say a change: a per cent, from some growth on (a doubling by default) a factor, as '×2.4' or '×1 235'."""
    if not math.isfinite(fraction) or fraction < factor_from:
        return per_cent(fraction, digits)
    return f"×{_figures(fraction + 1, 2) if fraction < 9 else short(round(fraction + 1))}"


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
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


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


def cut(text: str, letters: int) -> str:
    """Shorten words to what there is room for."""
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def isolated(text: str) -> str:
    """Keep words that run from right to left from turning round the numbers beside them; other text stays as it is."""
    return TURNED.sub(f"{ISOLATE}\\g<0>{ISOLATED}", text)


def _figures(value: float, most: int = 3) -> str:
    """Write a number to some significant figures, never with an exponent, its thousands apart."""
    if abs(value) >= 10**most:
        return grouped(value)
    text = np.format_float_positional(value, precision=most, unique=False, fractional=False, trim="-")
    return text.replace("-", MINUS)


def _single(unit: str) -> str:
    """Return a unit as it is said of one: gigawatts, gigawatt; downloads per day, download per day."""
    first, space, rest = unit.partition(" ")
    return f"{first.removesuffix('s')}{space}{rest}"
