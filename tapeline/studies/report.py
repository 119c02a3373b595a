"""A study as JSON: every number at full precision, null where there is none."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd

from tapeline.event_study.study import Study
from tapeline.rows import each
from tapeline.studies.brought import Brought

DAYS = ("t_cross", "patell_z", "bmp_t", "kp_t", "rank_z", "gsign_z")


def as_json(brought: Brought) -> str:
    """Write parameters, events, days and window as one JSON object."""
    return json.dumps(as_dict(brought), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_dict(brought: Brought) -> dict[str, Any]:
    """Return parameters, events, days and window."""
    study = brought.study
    rows = list(each(brought.rows))
    return {
        "parameters": parameters(brought),
        "events": [_event(study, number, row) for number, row in enumerate(rows)],
        "days": _days(study),
        "window": _window(study),
    }


def parameters(brought: Brought) -> dict[str, Any]:
    """Return what was asked for, and what was mended on the way."""
    chosen = brought.study.parameters
    return {
        **brought.asked,
        "model": chosen.model,
        "return_kind": "log" if chosen.log else "simple",
        "estimation": list(chosen.estimation),
        "minimum_estimation": chosen.least,
        "window": list(chosen.window),
        "confidence": chosen.confidence,
        "draws": chosen.draws,
        "seed": chosen.seed,
        "notes": list(brought.notes),
    }


def _event(study: Study, number: int, row: Any) -> dict[str, Any]:
    """Return one event."""
    fit, cell = study.fit, int(study.fit.of_event[number])
    there = cell >= 0
    single = {name: number_or_none(getattr(fit, name)[cell]) if there else None for name in ("alpha", "beta", "sigma", "r2")}
    nothing = [None] * len(fit.parameters.days)
    return {
        "event": row.event,
        "ticker": row.ticker,
        "date": None if row.date is pd.NaT else f"{row.date:%Y-%m-%d}",
        "day_zero": str(fit.panel.date(int(fit.rows[cell]), int(fit.columns[cell]))) if there else None,
        "status": study.status[number],
        "n_estimation": int(fit.n[cell]) if there else None,
        **single,
        "day": fit.parameters.days.tolist(),
        "abnormal_return": [number_or_none(value) for value in fit.ar[:, cell]] if there else nothing,
        "sar": [number_or_none(value) for value in fit.sar[:, cell]] if there else nothing,
        "car": number_or_none(study.car[number]),
        "car_se": number_or_none(study.car_se[number]),
        "car_t": number_or_none(study.car_t[number]),
        "car_p": number_or_none(study.car_p[number]),
    }


def _days(study: Study) -> list[dict[str, Any]]:
    """Return the statistics of each day."""
    found = study.group.days
    return [
        {
            "day": int(day),
            "n": int(found.n[at]),
            "aar": number_or_none(found.mean[at]),
            **{name: number_or_none(getattr(found, name)[at]) for name in DAYS},
        }
        for at, day in enumerate(study.parameters.days)
    ]


def _window(study: Study) -> dict[str, Any]:
    """Return the statistics over the window."""
    group = study.group
    found = group.window
    return {
        "n": int(found.n),
        "n_dates": group.n_dates,
        "caar": number_or_none(found.mean),
        "ci_low": number_or_none(group.path.window_low),
        "ci_high": number_or_none(group.path.window_high),
        **{name: number_or_none(getattr(found, name)) for name in ("t_cross", "patell_z", "bmp_t", "kp_t")},
        "mean_residual_correlation": number_or_none(found.correlation),
        **{name: number_or_none(getattr(found, name)) for name in ("rank_z", "gsign_z")},
        "placebo_p": number_or_none(group.placebo.p),
        "verdict": str(group.verdict),
    }


def number_or_none(value: float | np.floating[Any] | np.ndarray) -> float | None:
    """Return a plain float, None where it is not finite."""
    plain = float(value)
    return plain if math.isfinite(plain) else None
