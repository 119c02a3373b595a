"""The index carries every return of the closes and none of their levels."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tapeline import package
from tapeline.errors import PriceTableError
from tapeline.market import snapshot

HEADER = "date,ticker,close,adj_close,volume\n"
CLOSES = HEADER + "2025-01-24,NVDA,142.62,142.5842,1\n2025-01-27,NVDA,118.42,118.3903,1\n2025-01-27,9984.T,9000,8950,\n2025-01-28,9984.T,8100,8055,\n"


def derived(tmp_path: Path, text: str) -> pd.DataFrame:
    path = tmp_path / "closes.csv"
    path.write_text(text)
    return snapshot.derive(snapshot.read_closes(path))


def test_every_series_is_100_at_its_first_session(tmp_path: Path) -> None:
    index = derived(tmp_path, CLOSES)
    assert list(index.columns) == ["9984.T", "NVDA"]
    assert snapshot.to_csv(index).decode() == "date,9984.T,NVDA\n2025-01-24,,100\n2025-01-27,100,83.032\n2025-01-28,90,\n"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2025-01-32,NVDA,1,1,\n", "Row 2 (2025-01-32, NVDA, 1): the date is no date as 2025-01-27"),
        ("2025-01-27,NVDA,1,-3,\n", "Row 2 (2025-01-27, NVDA, -3): adj_close is no positive number"),
        ("2025-01-27,NVDA,1,n/a,\n", "Row 2 (2025-01-27, NVDA, nan): adj_close is no positive number"),
        ("2025-01-27,NVDA,1,inf,\n", "adj_close is no positive number"),
        ("2025-01-27,NVDA,1,1,\n2025-01-27,NVDA,1,2,\n", "Row 3 (2025-01-27, NVDA, 2): this ticker and date come a second time"),
        ("", "Found no rows"),
    ],
)
def test_a_bad_row_of_closes_is_named(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(PriceTableError) as error:
        derived(tmp_path, HEADER + row)
    assert message in str(error.value)


def test_a_table_of_another_shape_is_named(tmp_path: Path) -> None:
    with pytest.raises(PriceTableError, match="Expected a CSV with the columns date, ticker, adj_close"):
        derived(tmp_path, "day,price\n2025-01-27,1\n")
    with pytest.raises(PriceTableError, match="no such file"):
        snapshot.read_closes(tmp_path / "nowhere.csv")


def test_the_shipped_index_has_every_instrument_and_the_known_fall() -> None:
    histories = snapshot.load(package.SHIPPED)
    assert len(histories) == 54
    assert all(history.level.iloc[0] == 100 for history in histories.values())
    fall = histories["NVDA"].moves(pd.Series([pd.Timestamp("2025-01-27")]))[0]
    assert fall == pytest.approx(-0.1697, abs=5e-5)
    assert histories["NVDA"].as_of == pd.Timestamp("2026-08-21")
    assert histories["9984.T"].as_of == pd.Timestamp("2026-07-07"), "a series ends where its data end"
