"""What the numbers of a group say in words, by the rules that docs/method.md lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tapeline.event_study.inference import Statistics, quantile, two_sided
from tapeline.event_study.panel import Array
from tapeline.event_study.parameters import Parameters
from tapeline.event_study.placebo import Placebo

CLEAR, PROBABLE = 0.01, 0.05
POWER = 0.8
FEW_DATES = 10
MINUS = "\N{MINUS SIGN}"
BEYOND = {"market": "its market exposure explains", "market_adjusted": "its market", "mean_adjusted": "its own mean"}


@dataclass(frozen=True)
class Headline:
    """The one test that the verdict rests on: its name, its p, the standard error of the effect (a fraction) and its degrees of freedom."""

    test: str
    p: float
    se: float
    freedom: float


@dataclass(frozen=True)
class Verdict:
    """What happened, how sure that is, and what spoils it; `smallest` is the least effect this sample would show four times in five."""

    effect: str
    certainty: str
    caveats: tuple[str, ...]
    test: str
    p: float
    smallest: float

    def __str__(self) -> str:
        sentences = [f"{self.effect}: {self.certainty}." if self.certainty else f"{self.effect}."]
        if self.caveats:
            sentences.append(f"Mind: {'; '.join(self.caveats)}.")
        return " ".join(sentences)


@dataclass(frozen=True)
class Facts:
    """What a verdict is made from. `freedom`, `car_sd` and `raw` (the share's own return over the window) are of a lone event."""

    label: str
    window: Statistics
    placebo: Placebo
    n_dates: int
    freedom: float
    car_sd: float
    raw: float
    skipped: int
    overlapping: int
    flags: Sequence[str]


def headline(facts: Facts) -> Headline:
    """Choose the test: t(n - k) for one event, placebo (or KP) where all share a date, KP else. Never Patell."""
    n, mean, test = float(facts.window.n), float(facts.window.mean), facts.placebo
    if n == 0:
        return Headline("none", float("nan"), float("nan"), float("nan"))
    if n == 1:
        t = np.asarray(mean / facts.car_sd)
        return Headline("t", float(two_sided(t, facts.freedom)), facts.car_sd, facts.freedom)
    if facts.n_dates == 1 and np.isfinite(test.p):
        return Headline("placebo", test.p, float(np.std(test.effects, ddof=1)), np.inf)
    se = float(facts.window.sd * facts.window.inflation / np.sqrt(n))
    return Headline("KP", float(two_sided(facts.window.kp_t, n - 1)), se, n - 1)


def smallest_effect(chosen: Headline, parameters: Parameters) -> float:
    """Return the effect (a fraction) that the headline test would find with a power of 80 %."""
    reach: Array = quantile(0.5 + parameters.confidence / 2, chosen.freedom) + quantile(POWER, chosen.freedom)
    return float(reach * chosen.se)


def judge(facts: Facts, parameters: Parameters) -> Verdict:
    """Say what happened, how sure it is, and what spoils it."""
    chosen = headline(facts)
    smallest = smallest_effect(chosen, parameters)
    if chosen.test == "none":
        nothing = f"{facts.label}: nothing could be measured" if facts.label else "Nothing could be measured"
        return Verdict(nothing, "", _caveats(facts, chosen), "none", chosen.p, smallest)
    return Verdict(_effect(facts, parameters), _certainty(facts, chosen, smallest), _caveats(facts, chosen), chosen.test, chosen.p, smallest)


def _effect(facts: Facts, parameters: Parameters) -> str:
    """Say what happened, beyond what the model explains."""
    mean, n = float(facts.window.mean), int(facts.window.n)
    first, last = parameters.window
    when = f"on day {_day(first)}" if first == last else f"over days {_day(first)} to {_day(last)}"
    beyond = BEYOND[parameters.model]
    if n == 1:
        same = np.sign(facts.raw) == np.sign(mean)
        verb = ("fell" if mean < 0 else "rose") if same else "did"
        more = "more" if same else "worse" if mean < 0 else "better"
        return f"{facts.label} {verb} {_size(mean)} {more} than {beyond} {when}"
    dates = "one date" if facts.n_dates == 1 else f"{facts.n_dates} dates"
    name = f"{facts.label}, {n} events" if facts.label else f"{n} events"
    return f"{name} on {dates}: on average {_size(mean)} {'less' if mean < 0 else 'more'} than {beyond.replace('its', 'their')} {when}"


def _certainty(facts: Facts, chosen: Headline, smallest: float) -> str:
    """Say how sure it is, by the headline test; then how the placebo sees it."""
    test = f"{chosen.test}, {_p(chosen.p)}"
    if not np.isfinite(chosen.p):
        return "no test can be made of so few"
    if chosen.p < CLEAR:
        text = f"clearly beyond chance ({test})"
    elif chosen.p < PROBABLE:
        text = f"probably beyond chance ({test})"
    else:
        text = f"not distinguishable from noise ({test}); the smallest effect this sample would show four times in five is {_size(smallest)}"
    placebo = facts.placebo
    if np.isfinite(placebo.p) and len(placebo.dates):
        text += f"; {_rank(placebo)}"
    if chosen.test != "placebo" and np.isfinite(placebo.p) and (placebo.p < PROBABLE) != (chosen.p < PROBABLE):
        text += f"; the placebo disagrees ({_p(placebo.p)}), so take it with care"
    return text


def _rank(placebo: Placebo) -> str:
    """Say how many other sessions saw as much."""
    number = f"{len(placebo.statistics):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    if placebo.at_least == 0:
        return f"larger than on any of {number} other sessions"
    if placebo.at_least * 2 <= len(placebo.statistics):
        return f"larger than on all but {placebo.at_least} of {number} other sessions"
    return f"as large on {placebo.at_least} of {number} other sessions"


def _caveats(facts: Facts, chosen: Headline) -> tuple[str, ...]:
    """List what spoils it: few dates, shared dates, overlaps, skipped events, and what else happened."""
    found = list(facts.flags)
    n = int(facts.window.n)
    if n > 1 and facts.n_dates == 1:
        found.append("all events share one date, so they are one observation of what that day brought")
    elif n > 1 and facts.n_dates < FEW_DATES:
        found.append(f"only {facts.n_dates} distinct dates")
    elif n > facts.n_dates:
        found.append(f"the {n} events fall on {facts.n_dates} dates")
    if n > 1 and chosen.test == "KP" and facts.n_dates == 1:
        found.append(f"no placebo ({facts.placebo.reason})")
    if facts.overlapping:
        found.append(f"{facts.overlapping} of the events overlap with another event of the same share")
    if facts.skipped:
        found.append(f"{facts.skipped} {'more' if n else 'asked for'} could not be measured")
    return tuple(found)


def _size(value: float) -> str:
    return f"{abs(value) * 100:.1f}\N{NARROW NO-BREAK SPACE}%" if abs(value) >= 0.0095 else f"{abs(value) * 100:.2f}\N{NARROW NO-BREAK SPACE}%"


def _day(day: int) -> str:
    return "0" if day == 0 else f"{MINUS if day < 0 else '+'}{abs(day)}"


def _p(value: float) -> str:
    return "p below 0.001" if value < 0.001 else f"p = {value:.3f}" if value < 0.1 else f"p = {value:.2f}"
