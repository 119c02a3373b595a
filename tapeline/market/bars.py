"""Daily bars as a provider gives them, made sound: what cannot be true is left out and named, never mended.

A frame of bars has a naive, increasing DatetimeIndex of sessions and the float columns close (split-adjusted),
adj_close (adjusted for dividends too), volume, dividend and split (the ratio, 0 on other days).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

COLUMNS = ("close", "adj_close", "volume", "dividend", "split")
JUMP = 0.4
PENCE = 100
CONFIRMED_BY = 3
BUSY = 2.0
USUAL = 20
HUNDREDTHS = {"GBp": "GBP", "GBX": "GBP", "ZAc": "ZAR", "ILA": "ILS"}


@dataclass(frozen=True)
class Sound:
    """The bars that can be believed, and in words what was left out ('' where nothing was)."""

    bars: pd.DataFrame
    left_out: str = ""


def empty() -> pd.DataFrame:
    """Return no bars, in the shape of bars."""
    return pd.DataFrame({name: pd.Series(dtype=float) for name in COLUMNS}, index=pd.DatetimeIndex([], name="date"))


def sound(raw: pd.DataFrame, jumpy: bool = False) -> Sound:
    """Keep the bars of a provider's frame (Open, High, Low, Close, Adj Close, Volume, Dividends, Stock Splits) that can be true.

    Left out: bars with a price that is missing, not finite or not positive; a high below, or a low above, open or close
    (by more than rounding); weekends; second bars of one date; and closes that jump by more than 40 % without a split.
    A jump is believed where the three sessions after it stay on its level, or twice the usual number of shares changed
    hands; never a factor of a hundred, which is pence for pounds. `jumpy` says that the series may jump, as the VIX does.
    """
    days = pd.DatetimeIndex(raw.index).tz_localize(None).normalize().as_unit("ns").rename("date")
    frame = raw.set_axis(days)
    prices = frame[["Open", "High", "Low", "Close", "Adj Close"]].astype(float)
    priced = pd.Series((np.isfinite(prices.to_numpy()) & (prices.to_numpy() > 0)).all(axis=1), days)
    top, bottom = prices[["Open", "Close"]].max(axis=1), prices[["Open", "Close"]].min(axis=1)
    ordered = (prices["High"] >= top * 0.9999) & (prices["Low"] <= bottom * 1.0001)
    weekday = pd.Series(days.day_of_week < 5, days)
    first = pd.Series(~days.duplicated(keep="last"), days)
    reasons = {"without a price": ~priced, "with high and low that cannot be": priced & ~ordered, "on a weekend": ~weekday, "twice": ~first}
    kept = frame[(priced & ordered & weekday & first).to_numpy()].sort_index()
    bars = pd.DataFrame({
        "close": kept["Close"].astype(float), "adj_close": kept["Adj Close"].astype(float), "volume": kept["Volume"].astype(float),
        "dividend": _or_zero(kept, "Dividends"), "split": _or_zero(kept, "Stock Splits"),
    })  # fmt: skip
    jumps = pd.DatetimeIndex([]) if jumpy else _unexplained(bars)
    words = [f"{int(bad.sum())} {why}" for why, bad in reasons.items() if bad.any()]
    words += [f"{len(jumps)} after a jump without a split ({jumps[0]:%Y-%m-%d})"] if len(jumps) else []
    return Sound(bars.drop(index=jumps), f"bars left out: {', '.join(words)}" if words else "")


def in_whole_units(bars: pd.DataFrame, currency: str) -> tuple[pd.DataFrame, str]:
    """Turn pence, cents and agorot into pounds, rand and shekels; other currencies stay."""
    if currency not in HUNDREDTHS:
        return bars, currency
    return bars.assign(**{name: bars[name] / 100 for name in ("close", "adj_close", "dividend")}), HUNDREDTHS[currency]


def merged(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame | None:
    """Join newer bars to those in store; None where the newer ones were adjusted since, so that all must be asked for again.

    Compares the medians of close and of adjusted close on the dates that both have (yfinance notes: a split changes both,
    a dividend the adjusted one). Without such a date they cannot be compared.
    """
    both = old.index.intersection(new.index)
    later = new[new.index > old.index[-1]]
    ratios = [float((new.loc[both, name] / old.loc[both, name]).median()) for name in ("close", "adj_close")] if len(both) else [np.nan]
    if not np.allclose(ratios, 1, rtol=2e-4) or later["dividend"].any() or later["split"].any():
        return None
    return pd.concat([old[~old.index.isin(new.index)], new]).sort_index()


def replaced(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the newly fetched series, with stored bars on dates that it lacks brought to its scale, so that none is lost."""
    missing = old[~old.index.isin(new.index)]
    both = old.index.intersection(new.index)
    if not len(missing) or not len(both):
        return new if not len(missing) else pd.concat([missing, new]).sort_index()
    nearest = both[np.abs(both.to_numpy()[:, None] - missing.index.to_numpy()[None, :]).argmin(axis=0)]
    scaled = missing.assign(**{
        name: missing[name].to_numpy() * (new.loc[nearest, name].to_numpy() / old.loc[nearest, name].to_numpy()) for name in ("close", "adj_close")
    })  # fmt: skip
    return pd.concat([scaled, new]).sort_index()


def _or_zero(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name].astype(float).fillna(0.0) if name in frame else pd.Series(0.0, frame.index)


def _unexplained(bars: pd.DataFrame) -> pd.DatetimeIndex:
    """Return the dates of closes that jump away from the last one believed, and are not confirmed by those after them."""
    close, split = bars["close"].to_numpy(), bars["split"].to_numpy()
    busy = (bars["volume"] >= BUSY * bars["volume"].rolling(USUAL, min_periods=1).median().shift()).to_numpy()
    far = np.abs(close[1:] / close[:-1] - 1) > JUMP
    if not far.any():
        return pd.DatetimeIndex([])
    start = int(far.argmax())
    believed, bad = close[start], []
    for at in range(start + 1, len(close)):
        ratio = close[at] / believed
        after = close[at + 1 : at + 1 + CONFIRMED_BY]
        steady = len(after) == CONFIRMED_BY and bool((np.abs(after / close[at] - 1) <= JUMP).all())
        hundred = min(abs(ratio / PENCE - 1), abs(ratio * PENCE - 1)) < 0.3
        if abs(ratio - 1) <= JUMP or split[at] or ((steady or busy[at]) and not hundred):
            believed = close[at]
        else:
            bad.append(bars.index[at])
    return pd.DatetimeIndex(bad)
