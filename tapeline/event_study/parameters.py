"""What a study is asked to do: the model, the windows, and how much to draw."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tapeline.event_study.panel import Index

MODELS = {"market": 2, "mean_adjusted": 1, "market_adjusted": 0}
"""Each model with the number of its estimated coefficients, which the degrees of freedom lose."""


@dataclass(frozen=True)
class Parameters:
    """The choices of one study. Windows are first and last day, both included, in sessions from day 0."""

    model: str = "market"
    estimation: tuple[int, int] = (-250, -11)
    window: tuple[int, int] = (-1, 1)
    path: tuple[int, int] | None = None
    """The days for which daily numbers are given; the window where it is None."""
    minimum: int = 100
    """Least number of valid sessions of the estimation window; four fifths of a window that is shorter than that."""
    log: bool = False
    confidence: float = 0.95
    draws: int = 1999
    seed: int = 2025

    def __post_init__(self) -> None:
        """Raise ValueError where the choices contradict each other."""
        if self.model not in MODELS:
            raise ValueError(f"model: found {self.model!r}; expected one of {', '.join(MODELS)}.")
        shown = self.shown
        for name, (first, last) in (("estimation", self.estimation), ("window", self.window), ("path", shown)):
            if first > last:
                raise ValueError(f"{name}: found {first}:{last}; expected the first day before the last.")
        if self.estimation[1] >= shown[0]:
            raise ValueError(
                f"estimation: found {self.estimation[0]}:{self.estimation[1]}, which reaches into the event window "
                f"{shown[0]}:{shown[1]}; end it before, as -250:-11."
            )
        if self.window[0] < shown[0] or self.window[1] > shown[1]:
            raise ValueError(f"path: found {shown[0]}:{shown[1]}; expected it to hold the window {self.window[0]}:{self.window[1]}.")
        if self.estimation[1] - self.estimation[0] + 1 < 10:
            raise ValueError(f"estimation: found {self.estimation[0]}:{self.estimation[1]}; expected ten days or more.")

    @property
    def shown(self) -> tuple[int, int]:
        """Return first and last day of the daily numbers."""
        return self.path or self.window

    @property
    def days(self) -> Index:
        """Return the days of the daily numbers (P)."""
        return np.arange(self.shown[0], self.shown[1] + 1, dtype=np.int64)

    @property
    def length(self) -> int:
        """Return the number of days of the window (L)."""
        return self.window[1] - self.window[0] + 1

    @property
    def inside(self) -> slice:
        """Return where the window lies among `days`."""
        first = self.window[0] - self.shown[0]
        return slice(first, first + self.length)

    @property
    def least(self) -> int:
        """Return how many valid sessions an estimation needs."""
        return min(self.minimum, math.ceil(0.8 * (self.estimation[1] - self.estimation[0] + 1)))

    @property
    def coefficients(self) -> int:
        """Return how many coefficients the model estimates (k)."""
        return MODELS[self.model]
