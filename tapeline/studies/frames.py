"""A study as frames: what a page shows, and what a reader takes away with every parameter in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from tapeline.event_study.inference import q_values, two_sided
from tapeline.event_study.study import Group, Study
from tapeline.once import once

STATISTICS = ("t_cross", "patell_z", "bmp_t", "kp_t", "rank_z", "gsign_z")


@once(16)
def events(study: Study, market: str | Sequence[str] = "") -> pd.DataFrame:
    """Return one row an event: event, ticker, day_zero, status, n, alpha, beta, r2, sigma, ar (day 0), car, car_se, t, p, q.

    Fractions. `market` names the market, or each event's. The last columns are the parameters.
    """
    fit, days = study.fit, study.parameters.days
    tickers = [fit.panel.tickers[column] if column >= 0 else "" for column in study.events.columns]
    zero = int(np.searchsorted(days, 0)) if 0 in days else 0
    numbers = {name: study.of(getattr(fit, name)) for name in ("n", "alpha", "beta", "r2", "sigma")}
    frame = pd.DataFrame({"event": study.events.labels, "ticker": tickers, "day_zero": _dates(study), "status": study.status, **numbers})
    frame["ar"] = study.of(fit.ar[zero]) if 0 in days else np.nan
    frame = frame.assign(car=study.car, car_se=study.car_se, t=study.car_t, p=study.car_p, q=study.car_q)
    return frame.assign(market=market if isinstance(market, str) else list(market), **_parameters(study))


def paths(study: Study, members: Sequence[int] | None = None) -> pd.DataFrame:
    """Return one row an event and day: event, ticker, day, date, ar, sar, car (added up from the first day), low, high, and the parameters.

    `members` are the places of the events wanted, all by default.
    """
    days, pieces = study.parameters.days, []
    for number in range(len(study.events.labels)) if members is None else members:
        label, path, cell = study.events.labels[number], study.path(number), int(study.fit.of_event[number])
        if path is None:
            continue
        fit = study.fit
        sessions = fit.panel.calendars[fit.panel.calendar_of[fit.columns[cell]]]
        at = fit.rows[cell] + days
        date = [pd.Timestamp(sessions[row]) if 0 <= row < len(sessions) else pd.NaT for row in at]
        cells = {"day": days, "date": date, "ar": fit.ar[:, cell], "sar": fit.sar[:, cell], "car": path.value, "low": path.low, "high": path.high}
        pieces.append(pd.DataFrame({"event": label, "ticker": fit.panel.tickers[fit.columns[cell]], **cells}))
    columns = ["event", "ticker", "day", "date", "ar", "sar", "car", "low", "high"]
    frame = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns)
    return frame.assign(**_parameters(study))


@once()
def days(group: Group, study: Study) -> pd.DataFrame:
    """Return one row a day: day, n, aar, the statistics, CAAR from the first day with its band, and the parameters."""
    found, path = group.days, group.path
    frame = pd.DataFrame({"day": path.day, "n": found.n, "aar": found.mean, **{name: getattr(found, name) for name in STATISTICS}})
    return frame.assign(caar=path.value, low=path.low, high=path.high, **_parameters(study))


@once()
def groups(found: Sequence[Group], study: Study) -> pd.DataFrame:
    """Return one row a group: label, n, dates, caar, its interval, every statistic, placebo p, headline test, p, q over the groups, verdict."""
    rows = [
        {
            "group": one.label, "n": int(one.window.n), "dates": one.n_dates, "caar": float(one.window.mean), "low": one.path.window_low,
            "high": one.path.window_high, **{name: float(getattr(one.window, name)) for name in STATISTICS},
            "mean_residual_correlation": float(one.window.correlation), "placebo_p": one.placebo.p, "test": one.verdict.test, "p": one.verdict.p,
            "smallest": one.verdict.smallest, "verdict": str(one.verdict),
        }
        for one in found
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    if rows:
        frame.insert(list(frame).index("p") + 1, "q", q_values(frame["p"].to_numpy()))
    return frame.assign(**_parameters(study))


@once(16)
def league(study: Study) -> pd.DataFrame:
    """Return the measured events, largest |t| first, each share and session once, with q over all of them."""
    table = events(study)
    known = table[table["p"].notna()].drop_duplicates(["ticker", "day_zero"])
    known = known.assign(q=q_values(known["p"].to_numpy()))
    return known.loc[known["t"].abs().sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def statistics(group: Group) -> pd.DataFrame:
    """Return each test of the window: test, value, p by its reference distribution."""
    window, n = group.window, float(group.window.n)
    freedom = [n - 1 if name in ("t_cross", "bmp_t", "kp_t") else np.inf for name in STATISTICS]
    value = np.array([float(getattr(window, name)) for name in STATISTICS])
    p = two_sided(value, np.array(freedom))
    chance = group.placebo
    return pd.DataFrame({"test": [*STATISTICS, "placebo"], "value": [*value, chance.statistic], "p": [*p, chance.p]})


def _dates(study: Study) -> list[Any]:
    fit = study.fit
    return [pd.Timestamp(fit.panel.date(int(fit.rows[cell]), int(fit.columns[cell]))) if cell >= 0 else pd.NaT for cell in fit.of_event]


def _parameters(study: Study) -> dict[str, Any]:
    """Return the parameters as columns of one value."""
    chosen = study.parameters
    return {
        "model": chosen.model,
        "returns": "log" if chosen.log else "simple",
        "estimation": f"{chosen.estimation[0]}:{chosen.estimation[1]}",
        "minimum_estimation": chosen.least,
        "window": f"{chosen.window[0]}:{chosen.window[1]}",
        "confidence": chosen.confidence,
        "draws": chosen.draws,
        "seed": chosen.seed,
    }
