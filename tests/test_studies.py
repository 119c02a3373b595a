"""Studies of files and of the milestones: day 0, the right market, and what is said of bad rows."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tapeline import cli, milestones, moves, package
from tapeline.errors import StudyInputError
from tapeline.event_study.parameters import Parameters
from tapeline.event_study.study import difference
from tapeline.market import snapshot
from tapeline.milestones import Tables
from tapeline.studies import brought, files, frames, known, report, series

DAYS = pd.bdate_range("2023-01-02", periods=420).difference(pd.to_datetime(["2023-12-25", "2024-01-15"]))
WINDOW = Parameters(window=(0, 0))


def levels() -> pd.DataFrame:
    draw = np.random.default_rng(4)
    market = draw.normal(0, 0.01, len(DAYS))
    returns = {"MKT": market, "AAA": market + draw.normal(0, 0.02, len(DAYS)), "BBB": 0.5 * market + draw.normal(0, 0.02, len(DAYS))}
    return 100 * (1 + pd.DataFrame(returns, index=pd.Index(DAYS, name="date"))).cumprod()


def written(table: pd.DataFrame) -> bytes:
    return table.to_csv(date_format="%Y-%m-%d").encode()


def done(prices: bytes | pd.DataFrame, events: str, parameters: Parameters = WINDOW, market: str = "MKT", returns: bool = False) -> brought.Brought:
    data = prices if isinstance(prices, bytes) else written(prices)
    table = files.read_prices(data, "prices.csv", returns)
    return brought.of_tables(table, files.read_events(events.encode(), "events.csv"), market, parameters)


def day_zero(date: str, session: str = "") -> str | None:
    found = done(levels(), f"ticker,date,session\nAAA,{date},{session}\n")
    day: str | None = report.as_dict(found)["events"][0]["day_zero"]
    return day


def test_news_on_a_holiday_or_a_weekend_moves_forward() -> None:
    assert day_zero("2024-01-15") == "2024-01-16", "a Monday without a session"
    assert day_zero("2024-02-03") == day_zero("2024-02-04", "closed") == "2024-02-05"


def test_news_after_the_close_moves_to_the_next_session() -> None:
    assert day_zero("2024-02-06", "after_close") == "2024-02-07"
    assert day_zero("2024-02-09", "after_close") == "2024-02-12", "over a weekend"
    for session in ("", "unknown", "before_open", "during_session"):
        assert day_zero("2024-02-06", session) == "2024-02-06"


def test_a_date_without_a_value_of_share_or_market_is_no_session() -> None:
    table = levels()
    closed = pd.concat([table, pd.DataFrame({"BBB": 100.0}, index=pd.Index([pd.Timestamp("2024-01-15")], name="date"))]).sort_index()
    closed.index.name = "date"
    assert done(closed, "ticker,date\nAAA,2024-02-06\n").study.car[0] == pytest.approx(done(table, "ticker,date\nAAA,2024-02-06\n").study.car[0])


def test_a_blank_is_missing_and_so_is_the_return_after_it() -> None:
    table = levels()
    table.loc["2024-02-06", "AAA"] = np.nan
    found = done(table, "ticker,date\nAAA,2024-02-05\nAAA,2024-02-06\nAAA,2024-02-07\nAAA,2024-02-08\n")
    assert found.study.status == ("ok", "no return on day 0", "no return on day 0", "ok")
    assert found.study.fit.n[0] == 240


def test_simple_and_logarithmic_returns_are_not_mixed() -> None:
    table, events = levels(), "ticker,date\nAAA,2024-02-06\n"
    simple, log = done(table, events), done(table, events, Parameters(window=(0, 0), log=True))
    again = done(np.log(table).diff(), events, Parameters(window=(0, 0), log=True), returns=True)
    assert log.study.car[0] == pytest.approx(again.study.car[0], rel=1e-9)
    assert simple.study.car[0] != pytest.approx(log.study.car[0], rel=1e-3)
    assert [report.parameters(one)["return_kind"] for one in (simple, log)] == ["simple", "log"]


def test_a_split_that_prices_do_not_carry_is_said() -> None:
    table = levels()
    table.loc["2024-01-10":, "AAA"] /= 10
    found = done(table, "ticker,date\nAAA,2024-02-06\nBBB,2024-02-06\n")
    assert [note for note in found.notes if "AAA moved by" in note and "on 2024-01-10: are its prices adjusted for splits?" in note]
    assert "a move as large as that of a split lies in the windows, so prices may not be adjusted (in 1 of 2 windows)" in str(
        found.study.group.verdict
    )


def test_negative_prices_are_read_as_their_absolute_value_and_counted() -> None:
    table = levels()
    plain = done(table, "ticker,date\nAAA,2024-02-06\n").study.car[0]
    table.iloc[[200, 210], 1] *= -1
    found = done(table, "ticker,date\nAAA,2024-02-06\n")
    assert found.study.car[0] == pytest.approx(plain)
    assert report.parameters(found)["negative_prices"] == 2
    assert "2 negative prices read as the absolute value" in found.notes[0]


def test_unsorted_and_repeated_dates_and_text_in_a_number_are_named_and_the_rest_is_computed() -> None:
    lines = written(levels()).decode().splitlines()
    plain = done("\n".join(lines).encode(), "ticker,date\nBBB,2024-02-06\n").study.car[0]
    lines[10], lines[11] = lines[11], lines[10]
    lines.insert(50, lines[49])
    lines[20] = lines[20].replace(lines[20].split(",")[2], "n.a.?")
    lines.append("27/01/2025,1,2,3")
    lines.append("")
    found = done("\n".join(lines).encode(), "ticker,date\nBBB,2024-02-06\n")
    assert found.study.car[0] == pytest.approx(plain)
    assert found.notes == (
        f"prices.csv, row {len(lines) - 1}, column date: found '27/01/2025'; expected a date as 2025-01-27. 1 such row left out.",
        f"prices.csv, row 12, column date: {lines[11][:10]} comes after a later date. The rows were sorted by date.",
        f"prices.csv, row 51, column date: {lines[50][:10]} comes a second time. The first row of a date counts; 1 row left out.",
        "prices.csv, row 21, column AAA: found 'n.a.?'; expected a number. Read as missing (1 such cell).",
    )


def test_bad_events_are_named_and_the_others_are_computed() -> None:
    events = (
        "ticker,date,event,session\nAAA,2024-02-06,good,\nCCC,2024-02-06,,\nAAA,06.02.2024,,\nAAA,2024-02-06,,evening\n"
        "AAA,2019-01-02,,\nAAA,2026-01-02,,\n,2024-02-06,,\nAAA,2023-03-01,,\n"
    )
    found = done(levels(), events)
    status = found.study.status
    assert status[0] == "ok"
    assert status[1].startswith("events.csv, row 3: 'CCC': no such column in prices.csv; known are")
    assert status[2] == "events.csv, row 4, column date: found '06.02.2024'; expected a date as 2025-01-27"
    assert status[3].startswith("events.csv, row 5, column session: found 'evening'; expected one of before_open,")
    assert status[4] == "events.csv, row 6: 2019-01-02 lies before the data of AAA, which begin 2023-01-03"
    assert status[5].startswith("events.csv, row 7: 2026-01-02 lies after the data of AAA, which end ")
    assert status[6] == "events.csv, row 8, column ticker: found ''; expected the column of a series"
    assert status[7] == "skipped: 31 valid sessions in the estimation window, at least 100 needed"
    assert found.study.group.window.n == 1
    shape = report.as_dict(found)["events"]
    assert [event["car"] is None for event in shape] == [False, *[True] * 7]
    assert (shape[0]["event"], shape[1]["event"], shape[2]["date"]) == ("good", "CCC 2024-02-06", None)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04rest", "prices.csv: found a spreadsheet (or another zip file); expected a CSV in UTF-8."),
        (b"\xff\xfed\x00", "prices.csv: found text in UTF-16; expected a CSV in UTF-8."),
        (b"", "prices.csv: found an empty file; expected a CSV with a header."),
        (b"date,A\n2024-01-01,\xff\n", "prices.csv, row 2: found bytes that are not UTF-8"),
        (b"day,A\n2024-01-01,1\n", "prices.csv, row 1: found no column date among day, A; expected date."),
        (b"date;A\n2024-01-01;1\n", "The columns seem to be separated by semicolons; use commas."),
        (b"date,A,A\n2024-01-01,1,2\n", "prices.csv, row 1: found the column 'A' more than once"),
        (b"date,A\n2024-01-01,1\n2024-01-02,1,2,3\n", "row 3: found 4 cells; expected 2, as in the header."),
        (b"date,A\nyesterday,1\n", "prices.csv: found no row with a date and a number"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(StudyInputError) as error:
        files.read_prices(data, "prices.csv")
    assert message in str(error.value)


def test_an_unknown_market_names_columns_that_come_close() -> None:
    with pytest.raises(StudyInputError, match="found no column 'MKTS' for the market; known are MKT"):
        done(levels(), "ticker,date\nAAA,2024-02-06\n", market="MKTS")
    with pytest.raises(StudyInputError, match="column MKT: found no number"):
        done(levels().assign(MKT=np.nan), "ticker,date\nAAA,2024-02-06\n")


def test_a_large_upload_is_refused_before_it_is_read() -> None:
    with pytest.raises(StudyInputError, match=r"upload: found 50.0 MB; expected at most 5 MB"):
        brought.of_upload(b"x" * 50_000_000, {}, WINDOW)


def test_a_constant_market_and_missing_returns_leave_the_others() -> None:
    found = done(levels().assign(MKT=100.0), "ticker,date\nAAA,2024-02-06\n")
    assert found.study.status == ("skipped: its market did not move in the estimation window",)
    assert json.loads(report.as_json(found))["window"]["caar"] is None
    empty = done(levels().assign(AAA=np.nan), "ticker,date\nAAA,2024-02-06\nBBB,2024-02-06\n")
    assert empty.study.status == ("events.csv, row 2: AAA has no returns", "ok")


def test_the_json_has_the_shape_that_the_command_promises() -> None:
    found = json.loads(report.as_json(done(levels(), "ticker,date\nAAA,2024-02-06\nBBB,2024-02-06\n", Parameters())))
    assert list(found) == ["parameters", "events", "days", "window"]
    assert list(found["events"][0]) == [
        "event", "ticker", "date", "day_zero", "status", "n_estimation", "alpha", "beta", "sigma", "r2", "day", "abnormal_return", "sar",
        "car", "car_se", "car_t", "car_p",
    ]  # fmt: skip
    assert list(found["days"][0]) == ["day", "n", "aar", "t_cross", "patell_z", "bmp_t", "kp_t", "rank_z", "gsign_z"]
    assert list(found["window"]) == [
        "n", "n_dates", "caar", "ci_low", "ci_high", "t_cross", "patell_z", "bmp_t", "kp_t", "mean_residual_correlation", "rank_z", "gsign_z",
        "placebo_p", "verdict",
    ]  # fmt: skip
    assert (found["parameters"]["estimation"], found["parameters"]["market"], found["window"]["n_dates"]) == ([-250, -11], "MKT", 1)
    assert found["events"][0]["day"] == [-1, 0, 1]


def test_the_command_writes_what_the_engine_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.csv").write_bytes(written(levels()))
    (tmp_path / "e.csv").write_text("ticker,date\nAAA,2024-02-06\nCCC,2024-02-06\n")
    line = ["study", "--prices", str(tmp_path / "p.csv"), "--events", str(tmp_path / "e.csv"), "--market", "MKT"]
    assert cli.main([*line, "--estimation", "-200:-11", "--window", "-2:3", "--json", str(tmp_path / "out.json")]) == 0
    printed = capsys.readouterr()
    assert "AAA 2024-02-06: CAR " in printed.out and "1 event measured. AAA " in printed.out
    assert "e.csv, row 3: 'CCC': no such column in p.csv" in printed.err
    found = json.loads((tmp_path / "out.json").read_text())
    assert found["parameters"]["window"] == [-2, 3] and found["events"][0]["n_estimation"] == 190
    assert cli.main([*line, "--json", "-", "--model", "mean_adjusted"]) == 0
    assert json.loads(capsys.readouterr().out)["events"][0]["beta"] == 0


def test_the_command_explains_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["study", "--prices", str(tmp_path / "no.csv"), "--events", "e.csv", "--market", "MKT"]
    assert cli.main(line) == 1
    assert capsys.readouterr().err == "no.csv: no such file. Name a CSV.\n"
    assert cli.main([*line, "--window", "-20:1"]) == 1
    assert "which reaches into the event window -20:1" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main([*line, "--window", "week"])
    assert "found 'week'; expected first and last day as -1:1" in capsys.readouterr().err


@pytest.fixture(scope="module")
def shares(tables: Tables) -> dict[str, series.Series]:
    return known.series_of(tables, snapshot.load(package.SHIPPED))


@pytest.fixture(scope="module")
def pairs(tables: Tables) -> pd.DataFrame:
    return moves.around(tables, snapshot.load(package.SHIPPED))


def test_nvidia_on_27_january_2025_against_the_market(tables: Tables, shares: dict[str, series.Series], pairs: pd.DataFrame) -> None:
    one = pairs[(pairs["milestone_id"] == "deepseek-nvidia-record-fall") & (pairs["ticker"] == "NVDA")]
    found = known.of_milestones(tables, shares, one, Parameters(window=(0, 0), path=(-5, 10)))
    event = frames.events(found.study).iloc[0]
    row = np.searchsorted(shares["NVDA"].sessions, np.datetime64("2025-01-27"))
    assert shares["NVDA"].returns[row] == pytest.approx(-0.1697, abs=5e-5)
    assert event["ar"] == pytest.approx(-0.1321, abs=5e-4)
    assert event["t"] == pytest.approx(-5.05, abs=0.05)
    verdict = str(found.study.group.verdict)
    assert verdict.startswith("NVDA fell 13.2\N{NARROW NO-BREAK SPACE}% more than its market exposure explains on day 0: clearly beyond chance")
    assert "larger than on all but 4 of 1\N{NARROW NO-BREAK SPACE}786 other sessions" in verdict


def test_every_share_is_measured_against_its_own_market_on_its_own_sessions(tables: Tables, shares: dict[str, series.Series]) -> None:
    histories = snapshot.load(package.SHIPPED)
    tokyo, index = shares["9984.T"], histories["^N225"].level
    at = int(np.searchsorted(tokyo.sessions, np.datetime64("2025-03-31")))
    expected = index.loc["2025-03-31"] / index[: pd.Timestamp("2025-03-31")].iloc[-2] - 1
    assert tokyo.market[at] == pytest.approx(expected)
    assert "^GSPC" not in shares and "NVDA" in shares
    assert len(tokyo.sessions) != len(shares["NVDA"].sessions)


def test_groups_count_a_share_and_session_once(tables: Tables, shares: dict[str, series.Series], pairs: pd.DataFrame) -> None:
    found = known.of_milestones(tables, shares, pairs, Parameters())
    groups = known.grouped(found, found.rows["openness"])
    assert [one.label for one in groups] == ["closed", "not_applicable", "open_weights"]
    keys = found.rows.iloc[groups[0].members][["ticker", "day_zero"]].dropna()
    assert not keys.duplicated().any()
    table = frames.groups(groups, found.study)
    assert table["q"].between(0, 1).all() and (table["q"] >= table["p"] - 1e-12).all()
    compared = difference(found.study, groups[0], groups[2])
    assert np.isfinite([compared.t, compared.p]).all()
    top = frames.league(found.study)
    assert top["t"].abs().is_monotonic_decreasing and (top["q"] >= top["p"] - 1e-12).all()


def test_what_else_happened_in_the_window_is_flagged(tables: Tables, shares: dict[str, series.Series], pairs: pd.DataFrame) -> None:
    one = pairs[(pairs["milestone_id"] == "deepseek-nvidia-record-fall") & (pairs["ticker"] == "NVDA")]
    dates = pd.to_datetime(["2025-01-29", "2025-01-28", "2025-01-28", "2025-02-26"])
    others = pd.DataFrame({"date": dates, "ticker": ["", "MSFT", "NVDA", "NVDA"], "label": ["the Federal Reserve met", "a", "b", "c"]})
    assert known.of_milestones(tables, shares, one, Parameters(window=(-1, 2)), others).study.events.flags == (("the Federal Reserve met", "b"),)
    assert known.of_milestones(tables, shares, one, Parameters(window=(0, 0)), others).study.events.flags == ((),)


def test_an_upload_uses_the_series_that_are_there(shares: dict[str, series.Series]) -> None:
    found = brought.of_upload(b"ticker,date,label\nNVDA,2025-01-26,weekend\n9984.T,2025-01-27,\nXYZ,2025-01-27,\n", shares, WINDOW)
    table = frames.events(found.study)
    assert table["day_zero"].dt.strftime("%Y-%m-%d").tolist()[:2] == ["2025-01-27", "2025-01-27"]
    assert table["event"].tolist() == ["weekend", "9984.T 2025-01-27", "XYZ 2025-01-27"]
    assert table["status"].iloc[2].startswith("upload, row 4: 'XYZ': no data for this ticker")


def test_the_frames_carry_every_parameter(tables: Tables, shares: dict[str, series.Series], pairs: pd.DataFrame) -> None:
    some = pairs[pairs["milestone_id"] == "deepseek-r1"]
    study = known.of_milestones(tables, shares, some, Parameters(path=(-2, 4), model="mean_adjusted")).study
    for frame in (frames.events(study), frames.paths(study), frames.days(study.group, study), frames.groups([study.group], study)):
        assert (
            len(frame) and set(frame["model"]) == {"mean_adjusted"} and set(frame["estimation"]) == {"-250:-11"} and set(frame["window"]) == {"-1:1"}
        )
        assert {"returns", "minimum_estimation", "confidence", "draws", "seed"} <= set(frame)
    path = frames.paths(study)
    again = pd.read_csv(io.StringIO(path.to_csv(index=False)), parse_dates=["date"])
    assert again["car"].to_numpy() == pytest.approx(path["car"].to_numpy(), rel=1e-12)
    first = path[path["event"] == path["event"].iloc[0]]
    assert first["car"].to_numpy() == pytest.approx(first["ar"].cumsum().to_numpy())
    assert (first["low"] < first["car"]).all() and (first["car"] < first["high"]).all()


def test_nothing_to_study_is_no_error(tables: Tables, shares: dict[str, series.Series], pairs: pd.DataFrame) -> None:
    nothing = known.of_milestones(tables, shares, pairs.head(0))
    assert str(nothing.study.group.verdict) == "Nothing could be measured."
    assert frames.events(nothing.study).empty and frames.paths(nothing.study).empty
    assert milestones.related(tables, "nvidia", pd.Timestamp("2025-01-27"))["ticker"].is_unique


def test_a_negative_price_an_empty_column_and_a_repeated_event_are_named_by_row_and_column() -> None:
    prices = files.read_prices(b"date,A,B,M\n2024-01-01,1,,5\n2024-01-02,-2,,0\n2024-01-03,3,,6\n", "prices.csv")
    assert prices.notes == (
        "prices.csv, row 3, column A: found -2. 1 negative price read as the absolute value (a bid-ask midpoint in one convention).",
        "prices.csv, row 3, column M: found 0. 1 price of nothing read as missing.",
    )
    events = files.read_events(b"ticker,date\nA,2024-01-03\nB,2024-01-03\nA,2024-01-03\n", "events.csv")
    assert events.notes == ("events.csv, row 4: A on 2024-01-03 stands in row 2 already. 1 such row; each counts.",)
    found = brought.of_tables(prices, events, "M", Parameters())
    assert "prices.csv, column B: found no number." in found.notes
