"""A data folder that is larger than the shipped one: the same kinds of rows many times over, and shares that walk at random.

The same call makes the same folder, byte for byte; nobody should take it for data about the world.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from tapeline import package

HANGING = ("sources", "figures")


def folder(target: Path, times: int = 1, tickers: int | None = None) -> Path:
    """Copy the shipped data into a new folder with `times` the milestones and `tickers` instruments (as many as there are by default)."""
    shutil.copytree(package.SHIPPED, target)
    _milestones(target, times)
    if tickers is not None:
        _tickers(target, tickers)
    package.read_codebook(target).stamp()
    return target


def _read(target: Path, table: str) -> pd.DataFrame:
    return pd.read_csv(target / f"{table}.csv", dtype=str, keep_default_na=False)


def _write(frame: pd.DataFrame, target: Path, table: str) -> None:
    frame.to_csv(target / f"{table}.csv", index=False, lineterminator="\n")


def _milestones(target: Path, times: int) -> None:
    """Repeat each milestone with its sources and figures under new ids, on other days of the same years."""
    if times == 1:
        return
    rows = _read(target, "milestones")
    last = rows["date"].max()
    copies = [rows, *(_moved(rows, copy, last) for copy in range(1, times))]
    _write(pd.concat(copies).sort_values(["date", "milestone_id"], kind="stable"), target, "milestones")
    for table in HANGING:
        frame = _read(target, table)
        _write(pd.concat([frame, *(_renamed(frame, copy) for copy in range(1, times))]), target, table)


def _moved(rows: pd.DataFrame, copy: int, last: str) -> pd.DataFrame:
    """Return the milestones once more, each up to 60 days off and told to be a copy."""
    days = np.random.default_rng(copy).integers(-60, 61, len(rows)).astype("timedelta64[D]")
    exact = rows["date_precision"] == "day"
    date = (pd.to_datetime(rows["date"]) + days).dt.strftime("%Y-%m-%d").where(exact, rows["date"])
    titled = rows["title"] + f" ({copy + 1})"
    return rows.assign(milestone_id=rows["milestone_id"] + f"-copy-{copy + 1}", date=date.where(date <= last, last), title=titled)


def _renamed(frame: pd.DataFrame, copy: int) -> pd.DataFrame:
    """Return sources or figures once more, under the ids of a copy of their milestones."""
    old, new = frame["milestone_id"], frame["milestone_id"] + f"-copy-{copy + 1}"
    source = [name.replace(before, after, 1) for name, before, after in zip(frame["source_id"], old, new, strict=True)]
    return frame.assign(milestone_id=new, source_id=source)


def _tickers(target: Path, wanted: int) -> None:
    """Keep the first instruments, or add shares that walk at random; exposures, earnings and the index follow."""
    shares = _read(target, "instruments")
    kept = shares[shares["kind"] != "index"].head(max(wanted - (shares["kind"] == "index").sum(), 1))
    kept = pd.concat([kept, shares[shares["kind"] == "index"]]).head(wanted) if wanted < len(shares) else shares
    new = [f"X{number:04d}" for number in range(wanted - len(kept))]
    _write(pd.concat([kept, _shares(kept, new)]), target, "instruments")
    _write(_index(target, list(kept["ticker"]), new), target, "market_index")
    known = set(kept["ticker"])
    for table in ("exposures", "earnings"):
        frame = _read(target, table)
        rows = [frame[frame["ticker"].isin(known)]]
        _write(pd.concat([*rows, _exposures(frame, target, new)]) if table == "exposures" else rows[0], target, table)


def _shares(kept: pd.DataFrame, new: list[str]) -> pd.DataFrame:
    pattern = kept[kept["benchmark"] != ""].iloc[:1]
    pattern = kept[(kept["calendar"] == "XNYS") & (kept["kind"] == "equity")].iloc[:1] if len(pattern) else kept.iloc[:1]
    copies = pd.concat([pattern] * len(new), ignore_index=True) if new else kept.iloc[:0]
    return copies.assign(ticker=new, name=[f"Random walk {name}" for name in new])


def _exposures(frame: pd.DataFrame, target: Path, new: list[str]) -> pd.DataFrame:
    """Relate each new share to a company, in turn."""
    companies = list(_read(target, "companies")["company_id"])
    pattern = frame[frame["relation"] == "customer"].iloc[:1]
    copies = pd.concat([pattern] * len(new), ignore_index=True) if new else frame.iloc[:0]
    return copies.assign(ticker=new, company_id=[companies[at % len(companies)] for at in range(len(new))], since="", until="")


def _index(target: Path, kept: list[str], new: list[str]) -> pd.DataFrame:
    index = _read(target, "market_index")
    steps = np.random.default_rng(0).normal(0.0005, 0.02, (len(index), len(new)))
    steps[:1] = 0
    levels = pd.DataFrame(100 * np.exp(np.cumsum(steps, axis=0)), columns=new).round(3).astype(str)
    return pd.concat([index[["date", *(name for name in index.columns[1:] if name in set(kept))]], levels], axis=1)
