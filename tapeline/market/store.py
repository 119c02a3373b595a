"""What was fetched, kept in a database: SQLite in the user's data folder, or the PostgreSQL that a URL names.

Three tables: bars (one a ticker and session), attempts (one each time a ticker was asked for) and leases (so that of many
processes one refreshes). A ticker's bars and its attempt land in one transaction; nothing bad is ever written over good.
"""

from __future__ import annotations

import getpass
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import platformdirs
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from tapeline.errors import StoreError
from tapeline.market.bars import COLUMNS

FILE = "market.db"
BUSY_SECONDS = 3
KEPT_DAYS = 90
SKEW = timedelta(minutes=5)
UNWRITABLE = ("readonly", "read-only", "unable to open")
BROKEN = ("malformed", "not a database", "disk image")

META = sa.MetaData()
BARS = sa.Table(
    "bars", META,
    sa.Column("ticker", sa.String(32), primary_key=True), sa.Column("date", sa.Date, primary_key=True),
    *(sa.Column(name, sa.Float, nullable=name == "volume") for name in COLUMNS),
    sa.Column("currency", sa.String(8), nullable=False), sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
)  # fmt: skip
ATTEMPTS = sa.Table(
    "attempts", META,
    sa.Column("id", sa.Integer, primary_key=True), sa.Column("ticker", sa.String(32), nullable=False, index=True),
    sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False), sa.Column("status", sa.String(16), nullable=False),
    sa.Column("bars", sa.Integer, nullable=False), sa.Column("whole", sa.Boolean, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("retry_in", sa.Float, nullable=False), sa.Column("detail", sa.String(400), nullable=False),
)  # fmt: skip
LEASES = sa.Table(
    "leases", META,
    sa.Column("name", sa.String(32), primary_key=True), sa.Column("holder", sa.String(64), nullable=False),
    sa.Column("until", sa.DateTime(timezone=True), nullable=False),
)  # fmt: skip


class Attempt(NamedTuple):
    """One time that a ticker was asked for; `whole` where all of its series was, `bars` how many were written."""

    ticker: str
    asked_at: datetime
    status: str
    bars: int
    whole: bool
    seconds: float
    retry_in: float
    detail: str


class Store:
    """A database of bars. Every method raises StoreError where the database cannot be used."""

    def __init__(self, engine: sa.Engine):
        self._engine = engine
        try:
            with self._begin() as link:
                META.create_all(link)
        except StoreError:
            engine.dispose()
            raise

    def bars(self, ticker: str) -> pd.DataFrame:
        """Return a ticker's bars as `tapeline.market.bars` has them, with a column currency; empty where there are none."""
        return self._frame(sa.select(BARS).where(BARS.c.ticker == ticker)).drop(columns="ticker")

    def everything(self) -> pd.DataFrame:
        """Return the bars of every ticker: as `bars`, with a column ticker, in order of ticker and date."""
        return self._frame(sa.select(BARS))

    def reach(self) -> dict[str, tuple[pd.Timestamp, pd.Timestamp, int]]:
        """Return the first and last session and the number of bars of each ticker."""
        held = sa.select(BARS.c.ticker, sa.func.min(BARS.c.date), sa.func.max(BARS.c.date), sa.func.count()).group_by(BARS.c.ticker)
        with self._begin() as link:
            return {row[0]: (pd.Timestamp(row[1]), pd.Timestamp(row[2]), row[3]) for row in link.execute(held)}

    def attempts(self, now: datetime) -> dict[str, list[Attempt]]:
        """Return the attempts of each ticker, newest first; those that a wrong clock dated after `now` are not believed."""
        asked = sa.select(ATTEMPTS).where(ATTEMPTS.c.asked_at <= now + SKEW).order_by(ATTEMPTS.c.id.desc())
        found: dict[str, list[Attempt]] = {}
        with self._begin() as link:
            for row in link.execute(asked):
                found.setdefault(row.ticker, []).append(Attempt(row.ticker, _utc(row.asked_at), *row[3:]))
        return found

    def version(self) -> int:
        """Return a number that grows whenever bars were written."""
        with self._begin() as link:
            return link.execute(sa.select(sa.func.max(ATTEMPTS.c.id)).where(ATTEMPTS.c.bars > 0)).scalar() or 0

    def land(self, attempt: Attempt, bars: pd.DataFrame | None = None, currency: str = "") -> None:
        """Write an attempt and, where there are any, the bars that shall stand for the dates they have, in one transaction."""
        rows = [] if bars is None else _rows(attempt, bars, currency)
        with self._begin() as link:
            if rows:
                same = sa.delete(BARS).where(BARS.c.ticker == attempt.ticker, BARS.c.date == sa.bindparam("day"))
                link.execute(same, [{"day": row["date"]} for row in rows])
                link.execute(sa.insert(BARS), rows)
            link.execute(sa.insert(ATTEMPTS), [attempt._asdict()])
            link.execute(sa.delete(ATTEMPTS).where(ATTEMPTS.c.asked_at < attempt.asked_at - timedelta(days=KEPT_DAYS)))

    def lease(self, name: str, holder: str, seconds: float, now: datetime) -> bool:
        """Take or renew the right to do something alone for some seconds; False where another process has it.

        A lease that ends later than any could is the mark of a wrong clock, and is void.
        """
        mine = {"name": name, "holder": holder, "until": now + timedelta(seconds=seconds)}
        void = (LEASES.c.until < now) | (LEASES.c.until > now + timedelta(seconds=seconds) + SKEW)
        try:
            with self._begin() as link:
                taken = link.execute(sa.update(LEASES).where(LEASES.c.name == name, (LEASES.c.holder == holder) | void).values(**mine))
                if taken.rowcount:
                    return True
                if link.execute(sa.select(LEASES.c.name).where(LEASES.c.name == name)).first():
                    return False
                link.execute(sa.insert(LEASES), [mine])
                return True
        except StoreError as error:
            if isinstance(error.__cause__, sa.exc.IntegrityError):
                return False
            raise

    def release(self, name: str, holder: str) -> None:
        """Give a lease back."""
        with self._begin() as link:
            link.execute(sa.delete(LEASES).where(LEASES.c.name == name, LEASES.c.holder == holder))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _frame(self, rows: sa.Select[Any]) -> pd.DataFrame:
        with self._begin() as link:
            frame = pd.DataFrame(link.execute(rows.order_by(BARS.c.ticker, BARS.c.date)).all(), columns=[column.name for column in BARS.columns])
        frame = frame.set_index(pd.DatetimeIndex(pd.to_datetime(frame["date"]), name="date").as_unit("ns"))
        return frame[["ticker", *COLUMNS, "currency"]].astype(dict.fromkeys(COLUMNS, float))

    @contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as link:
                yield link
        except SQLAlchemyError as error:
            raise StoreError(_why(error)) from error


def url(named: str | None = None) -> str:
    """Return the database's URL: TAPELINE_DATABASE_URL, else the one that is named, else SQLite in the user's data folder."""
    chosen = os.environ.get("TAPELINE_DATABASE_URL") or named
    if not chosen:
        return f"sqlite:///{platformdirs.user_data_path('tapeline') / FILE}"
    scheme, _, rest = chosen.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else chosen


def shown(address: str) -> str:
    """Return an address as it may be printed: without its password."""
    return sa.make_url(address).render_as_string(hide_password=True)


def open_(address: str) -> tuple[Store, str]:
    """Open a store; return it with a note on what stood in the way ('' where nothing did).

    A SQLite file that is no database any more is set aside beside the new one. Where its folder cannot be written to, a
    temporary one stands in for it. Raises StoreError where the store cannot be used.
    """
    try:
        found = sa.make_url(address)
    except SQLAlchemyError:
        raise StoreError("the address of the database is no URL as postgresql://user@host/name; see TAPELINE_DATABASE_URL") from None
    if found.get_backend_name() != "sqlite":
        return Store(_engine(found)), ""
    path = Path(found.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Store(_engine(found)), ""
    except OSError as error:
        return _elsewhere(path, str(error.strerror))
    except StoreError as error:
        if any(word in str(error) for word in UNWRITABLE):
            return _elsewhere(path, str(error))
        if not any(word in str(error) for word in BROKEN):
            raise
    note = f"The price store was damaged; it was set aside as {_aside(path)} and is being filled again."
    return Store(_engine(found)), note


def _elsewhere(path: Path, why: str) -> tuple[Store, str]:
    """Open a store in the system's temporary folder, of this user alone."""
    folder = Path(tempfile.gettempdir()) / f"tapeline-{getpass.getuser()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        opened = Store(_engine(sa.make_url(f"sqlite:///{folder / FILE}")))
    except (OSError, StoreError) as error:
        raise StoreError(f"cannot write to {path.parent} ({why}), nor to {folder} ({error})") from error
    return opened, f"Fetched prices cannot be kept in {path.parent} ({why}); they are kept in {folder} for now."


def _aside(path: Path) -> str:
    """Move a file that is no database any more out of the way; return its new name."""
    aside = path.with_name(f"{path.name}.broken-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    try:
        path.replace(aside)
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{path} is no database any more and cannot be set aside: {error.strerror}") from error
    return aside.name


def _engine(address: sa.URL) -> sa.Engine:
    try:
        if address.get_backend_name() != "sqlite":
            return sa.create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": BUSY_SECONDS})
        engine = sa.create_engine(address, connect_args={"timeout": BUSY_SECONDS})
    except (SQLAlchemyError, ImportError) as error:
        raise StoreError(f"the database cannot be used: {error}; see TAPELINE_DATABASE_URL") from error

    @sa.event.listens_for(engine, "connect")
    def _(link: Any, record: Any) -> None:
        link.execute("PRAGMA journal_mode=WAL")
        link.execute("PRAGMA synchronous=NORMAL")

    return engine


def _rows(attempt: Attempt, bars: pd.DataFrame, currency: str) -> list[Mapping[str, Any]]:
    held = bars[list(COLUMNS)].assign(date=pd.DatetimeIndex(bars.index).date, ticker=attempt.ticker, currency=currency, fetched_at=attempt.asked_at)
    rows = [{str(name): value for name, value in row.items()} for row in held.to_dict("records")]
    return [{**row, "volume": None if pd.isna(row["volume"]) else row["volume"]} for row in rows]


def _why(error: SQLAlchemyError) -> str:
    """Say a database's complaint in one line, without statements or secrets."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    if isinstance(error, OperationalError) and "locked" in said:
        return "the price store is locked by another program"
    return f"the price store cannot be used: {said}"


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
