"""One door: returns and events in, a Study out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tapeline.event_study import bands, estimates, model, residuals
from tapeline.event_study.bands import LeaveOneOut, Path
from tapeline.event_study.inference import Statistics, infer, q_values, two_sided
from tapeline.event_study.model import Fit
from tapeline.event_study.panel import Array, Index, Mask, Panel
from tapeline.event_study.parameters import Parameters
from tapeline.event_study.placebo import Placebo, placebo
from tapeline.event_study.residuals import Residuals
from tapeline.event_study.threads import one_thread
from tapeline.event_study.verdict import Facts, Verdict, judge

OK = "ok"


@dataclass(frozen=True)
class Events:
    """N events: a label, the share's column of the panel (-1: not there), the row of day 0 (-1: none).

    `problems` say why an event has no row; `flags` what else happened in its window; `clusters` number what belongs together in
    a placebo (default: the date of day 0).
    """

    labels: tuple[str, ...]
    columns: Index
    rows: Index
    problems: tuple[str, ...] = ()
    flags: tuple[tuple[str, ...], ...] = ()
    clusters: Index = field(default_factory=lambda: np.empty(0, dtype=np.int64))


@dataclass(frozen=True)
class Group:
    """What some events did together: statistics a day and over the window, path with band, placebo, verdict. `members` are their numbers."""

    label: str
    members: Index
    n_dates: int
    days: Statistics
    window: Statistics
    path: Path
    placebo: Placebo
    verdict: Verdict


@dataclass(frozen=True)
class Difference:
    """How two groups differ: mean CAR by date, first group's less the second's, with Welch's t over dates."""

    effect: float
    t: float
    freedom: float
    p: float


@dataclass(frozen=True)
class Study:
    """The results of N events; arrays of one value an event are NaN where `status` is not ok and says why."""

    events: Events
    fit: Fit
    residuals: Residuals

    @property
    def parameters(self) -> Parameters:
        """Return what was asked for."""
        return self.fit.parameters

    @property
    def found(self) -> Mask:
        """Tell which events have a day 0 (N)."""
        return self.fit.of_event >= 0

    def of(self, values: Array) -> Array:
        """Return a value of each event from one of each pair of share and session (..., C -> ..., N)."""
        if not values.shape[-1]:
            return np.full((*values.shape[:-1], len(self.found)), np.nan)
        return np.where(self.found, values[..., self.fit.of_event], np.nan)

    @cached_property
    def status(self) -> tuple[str, ...]:
        """Say of each event `ok`, or what is missing and why."""
        fit = self.fit
        whole = (fit.reason == estimates.FITTED) & np.isfinite(fit.ar).all(axis=0)
        fine = self.found & (whole[self.fit.of_event] if len(whole) else False)
        return tuple(OK if one else _status(self, number) for number, one in enumerate(fine.tolist()))

    @cached_property
    def car(self) -> Array:
        """Return each event's CAR over the window (N, fractions)."""
        return self.of(self.fit.car)

    @cached_property
    def car_se(self) -> Array:
        """Return the standard error of each CAR (N)."""
        return np.where(np.isfinite(self.car), self.of(self.fit.car_sd), np.nan)

    @cached_property
    def car_t(self) -> Array:
        """Return each CAR over its standard error (N)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.car / self.car_se

    @cached_property
    def car_p(self) -> Array:
        """Return the two-sided p of each CAR from t(n - k) (N)."""
        return two_sided(self.car_t, self.of(self.fit.freedom))

    @cached_property
    def car_q(self) -> Array:
        """Return Benjamini and Hochberg's q over all events (N)."""
        return q_values(self.car_p)

    @cached_property
    def overlapping(self) -> Mask:
        """Tell which events have another day 0 of the same share nearer than the window is long (N)."""
        return _overlapping(self)

    @cached_property
    def group(self) -> Group:
        """Return what all events did together."""
        return group(self, np.arange(len(self.found)))

    def path(self, event: int) -> Path | None:
        """Return one event's CAR path with its band; None where it could not be measured."""
        cell = int(self.fit.of_event[event])
        return bands.of_event(self.fit, cell) if cell >= 0 and np.isfinite(self.fit.sar[:, cell]).any() else None

    @one_thread
    def leave_one_out(self, members: Index | None = None, by_date: bool = True, window: Statistics | None = None) -> LeaveOneOut:
        """Return the CAAR of some events (default: all) without each date, or each event, in turn; `window` where it is known already."""
        chosen = np.arange(len(self.found)) if members is None else members
        cells = self.fit.of_event[chosen][self.found[chosen]]
        if window is None:
            window = infer(self.fit, self.residuals, self.fit.counts(chosen), with_ranks=False)[1]
        return bands.leave_one_out(self.fit, cells, window, by_date)


@one_thread
def run(panel: Panel, events: Events, parameters: Parameters | None = None) -> Study:
    """Study events: fit each one's model, measure what it did beyond it. Groups and tests are worked out when asked for."""
    rows = np.where(events.columns >= 0, events.rows, -1)
    fit = model.measure(panel, rows, events.columns, parameters or Parameters())
    return Study(events, fit, residuals.scan(fit))


@one_thread
def group(study: Study, members: Index, label: str = "", flags: Sequence[str] | None = None) -> Group:
    """Test some events together. `flags` add to what the events' own say spoils it."""
    fit, members = study.fit, np.asarray(members, dtype=np.int64)
    cells = fit.of_event[members]
    known = cells >= 0
    days, window = infer(fit, study.residuals, fit.counts(members))
    measured = known & np.where(known, fit.usable[cells] if len(fit.rows) else False, False)
    chance = placebo(fit, cells[measured], _clusters(study, members[measured]))
    dates = len(np.unique(fit.places[cells[measured]]))
    lone = int(cells[measured][0]) if measured.sum() == 1 else -1
    facts = Facts(
        label=label or _label(study, members[measured]),
        window=window,
        placebo=chance,
        n_dates=dates,
        freedom=float(fit.freedom[lone]) if lone >= 0 else float("nan"),
        car_sd=float(fit.car_sd[lone]) if lone >= 0 else float("nan"),
        raw=_raw(fit, lone) if lone >= 0 else float("nan"),
        skipped=int((~measured).sum()),
        overlapping=int(study.overlapping[members[measured]].sum()) if measured.sum() > 1 else 0,
        flags=[*(flags or ()), *_flags(study, members[measured])],
    )
    path = bands.of_group(fit, cells[measured], window)
    return Group(label, members, dates, days, window, path, chance, judge(facts, fit.parameters))


def difference(study: Study, one: Group, other: Group) -> Difference:
    """Compare two groups by Welch's t over the mean CAR of each date, so that events of a date count once."""
    first, second = (_by_date(study, members.members) for members in (one, other))
    effect = float(first.mean() - second.mean()) if len(first) and len(second) else float("nan")
    if min(len(first), len(second)) < 2:
        return Difference(effect, float("nan"), float("nan"), float("nan"))
    a, b = first.var(ddof=1) / len(first), second.var(ddof=1) / len(second)
    freedom = float((a + b) ** 2 / (a**2 / (len(first) - 1) + b**2 / (len(second) - 1))) if a + b > 0 else float("nan")
    t = effect / float(np.sqrt(a + b)) if a + b > 0 else float("nan")
    return Difference(effect, t, freedom, float(two_sided(np.asarray(t), freedom)))


def _by_date(study: Study, members: Index) -> Array:
    """Return the mean CAR of each date (D)."""
    cells = study.fit.of_event[members]
    cells = cells[cells >= 0]
    cells = cells[study.fit.usable[cells]]
    dates = np.unique(study.fit.places[cells], return_inverse=True)[1]
    sums: Array = np.bincount(dates, study.fit.car[cells]) / np.maximum(np.bincount(dates), 1)
    return sums


def _clusters(study: Study, members: Index) -> Index:
    if len(study.events.clusters):
        return study.events.clusters[members]
    return study.fit.places[study.fit.of_event[members]]


def _label(study: Study, members: Index) -> str:
    return study.fit.panel.tickers[study.events.columns[members[0]]] if len(members) == 1 else ""


def _raw(fit: Fit, cell: int) -> float:
    """Return the share's own return over the window of one pair, added up."""
    first, last = fit.parameters.window
    row = fit.rows[cell]
    return float(fit.panel.returns[row + first : row + last + 1, fit.columns[cell]].sum())


def _flags(study: Study, members: Index) -> list[str]:
    """Return what else happened in the windows, each once, with how many events it touches where not all."""
    if not study.events.flags:
        return []
    touched: dict[str, int] = {}
    for member in members:
        for flag in dict.fromkeys(study.events.flags[member]):
            touched[flag] = touched.get(flag, 0) + 1
    return [flag if number == len(members) else f"{flag} (in {number} of {len(members)} windows)" for flag, number in touched.items()]


def _overlapping(study: Study) -> Mask:
    fit = study.fit
    order = np.lexsort((fit.rows, fit.columns))
    near = (np.diff(fit.columns[order]) == 0) & (np.diff(fit.rows[order]) < fit.parameters.length)
    cells = np.zeros(len(fit.rows), dtype=bool)
    cells[order[:-1][near]] = cells[order[1:][near]] = True
    cells |= fit.counts() > 1
    found: Mask = np.where(study.found, cells[fit.of_event] if len(cells) else False, False)
    return found


def _status(study: Study, number: int) -> str:
    """Say what one event lacks."""
    fit, cell = study.fit, int(study.fit.of_event[number])
    if cell < 0:
        return (study.events.problems[number] if study.events.problems else "") or "no session for day 0"
    reason, least = fit.reason[cell], fit.parameters.least
    if reason == estimates.TOO_FEW:
        return f"skipped: {int(fit.n[cell])} valid sessions in the estimation window, at least {least} needed"
    if reason == estimates.FLAT_MARKET:
        return "skipped: its market did not move in the estimation window"
    missing = [f"{day:+d}" if day else "0" for day, value in zip(fit.parameters.days, fit.ar[:, cell], strict=True) if np.isnan(value)]
    if reason == estimates.NO_SPREAD:
        return "no standard error: in the estimation window its returns are exactly those of the model"
    return f"no return on day {', '.join(missing)}" if missing else OK
