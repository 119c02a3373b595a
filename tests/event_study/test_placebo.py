"""Placebo, bands, verdict: what chance does, and what is said of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from tapeline.event_study import panel
from tapeline.event_study.panel import Panel
from tapeline.event_study.parameters import Parameters
from tapeline.event_study.study import Events, difference, group, run
from tests.event_study.conftest import DAYS, changed, made_up, study


def shifted(given: Panel, row: int, effect: float, columns: int | None = None) -> Panel:
    """The panel with an effect on one session."""
    returns = given.returns.copy()
    returns[row, :columns] += effect
    return changed(given, returns=returns)


def test_the_placebo_of_one_event_is_every_other_session_by_hand() -> None:
    given, row = made_up(length=500), 400
    found = study(given, [0], [row], window=(0, 0)).group.placebo
    admissible = [r for r in range(500) if min(r - 10, 240) >= 100 and abs(r - row) > 1 + 10]
    each = [study(given, [0], [r], window=(0, 0)).fit.scar[0] for r in admissible]
    assert found.dates.tolist() == [DAYS[r] for r in admissible]
    assert found.statistics == pytest.approx(each, rel=1e-10)
    own = study(given, [0], [row], window=(0, 0)).fit.scar[0]
    assert found.at_least == sum(abs(one) >= abs(own) for one in each)
    assert found.p == (1 + found.at_least) / (1 + len(each))
    assert found.percentile == 100 * np.mean(np.array(each) < own)


def test_shares_of_one_date_move_together_to_another_date() -> None:
    given = made_up(length=500, common=0.02)
    found = study(given, [0, 1, 2], [400] * 3, window=(0, 0)).group.placebo
    at = int(np.flatnonzero(found.dates == DAYS[300])[0])
    assert found.statistics[at] == pytest.approx(study(given, [0, 1, 2], [300] * 3, window=(0, 0)).fit.scar.mean(), rel=1e-10)


def test_exchanges_of_one_cluster_keep_their_lag_in_days() -> None:
    west, east = DAYS[:600], np.delete(DAYS[:600], [100, 250, 333])
    draw = np.random.default_rng(5)
    series = [(days, draw.normal(0, 0.02, len(days)), draw.normal(0, 0.01, len(days))) for days in (west, east)]
    both = panel.of(["W", "E"], *zip(*series, strict=True))  # type: ignore[arg-type]
    rows = np.array([500, int(np.searchsorted(east, west[501]))])
    found = run(both, Events(("w", "e"), np.array([0, 1]), rows, clusters=np.zeros(2, dtype=np.int64)), Parameters(window=(0, 0)))
    chance = found.group.placebo
    at = int(np.flatnonzero(chance.dates == west[332])[0])
    moved = np.array([332, int(np.searchsorted(east, west[334]))])
    again = run(both, Events(("w", "e"), np.array([0, 1]), moved), Parameters(window=(0, 0)))
    assert chance.statistics[at] == pytest.approx(again.fit.scar.mean(), rel=1e-10)


def test_too_few_other_sessions_give_no_p_and_say_why() -> None:
    found = study(made_up(length=200), [0], [180], window=(0, 0)).group
    assert np.isnan(found.placebo.p)
    assert found.placebo.reason == "only 87 other sessions of these shares, at least 100 needed"


def test_the_same_seed_draws_the_same_and_another_one_does_not() -> None:
    given, rows = made_up(), [300, 330, 360, 390, 420, 450]
    first, second = (study(given, range(6), rows, seed=seed).group for seed in (1, 1))
    other = study(given, range(6), rows, seed=2).group
    assert first.placebo.p == second.placebo.p
    assert np.array_equal(first.placebo.statistics, second.placebo.statistics)
    assert not np.array_equal(first.placebo.statistics, other.placebo.statistics)


def test_the_band_of_many_dates_comes_from_dates_drawn_with_all_their_events() -> None:
    given = made_up(shares=3, length=1400)
    rows, columns = np.repeat(np.arange(300, 1350, 50), 3), np.tile(np.arange(3), 21)
    found = study(given, columns, rows, path=(-3, 3)).group
    assert found.path.method == "bootstrap over 21 dates, 1999 draws"
    by_date = found.window.mean - np.array([study(given, [0, 1, 2], [row] * 3).car.mean() for row in rows[::3]])
    spread = float(by_date.std() / np.sqrt(21))
    assert found.path.window_high - found.path.window_low == pytest.approx(2 * 1.96 * spread, rel=0.1)
    assert found.path.low[-1] < found.path.value[-1] < found.path.high[-1]
    assert found.path.value == pytest.approx(np.cumsum(found.days.mean))


def test_the_band_of_few_dates_is_students_and_wider_by_the_correlation() -> None:
    group_ = study(made_up(common=0.02), range(6), [400] * 6).group
    assert group_.path.method.startswith("t(N - 1), widened")
    plain = 2.5705818 * float(group_.window.sd) / np.sqrt(6)
    assert group_.path.window_high - float(group_.window.mean) == pytest.approx(plain * float(group_.window.inflation), rel=1e-6)
    assert float(group_.window.inflation) > 1.5


def test_leave_one_out_is_the_study_without_it() -> None:
    given, rows = made_up(), [300, 360, 420, 480]
    left = study(given, range(4), rows).leave_one_out()
    without = study(given, [0, 2, 3], [300, 420, 480]).group.window
    assert left.caar[1] == pytest.approx(float(without.mean), rel=1e-12)
    assert left.kp_t[1] == pytest.approx(float(without.kp_t), rel=1e-9)
    events = study(given, [0, 1, 2], [300, 300, 400]).leave_one_out(by_date=False)
    assert len(events.caar) == 3


def test_groups_are_compared_over_dates_not_events() -> None:
    given = shifted(made_up(length=1200), 500, 0.0)
    rows = np.array([300, 300, 400, 500, 600, 700, 800])
    found = study(given, [0, 1, 2, 3, 4, 5, 0], rows)
    one, other = group(found, np.arange(4)), group(found, np.arange(4, 7))
    compared = difference(found, one, other)
    first, second = np.array([found.car[:2].mean(), found.car[2], found.car[3]]), found.car[4:]
    expected = stats.ttest_ind(first, second, equal_var=False)
    assert (compared.t, compared.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert np.isnan(difference(found, one, group(found, np.array([6]))).p)


def test_a_verdict_of_one_large_fall() -> None:
    given = shifted(made_up(length=700), 500, -0.15)
    found = study(given, [0], [500], window=(0, 0))
    verdict = group(found, np.array([0]), "NVDA", flags=["the Federal Reserve met"]).verdict
    assert verdict.test == "t"
    assert verdict.effect == f"NVDA fell {abs(found.car[0]) * 100:.1f}\N{NARROW NO-BREAK SPACE}% more than its market exposure explains on day 0"
    assert verdict.certainty == "clearly beyond chance (t, p below 0.001); larger than on any of 567 other sessions"
    assert verdict.caveats == ("the Federal Reserve met",)


def test_noise_is_called_noise_with_the_smallest_effect_it_could_have_shown() -> None:
    found = study(made_up(), range(6), [300, 360, 420, 480, 540, 600])
    verdict = found.group.verdict
    assert verdict.test == "KP" and verdict.p > 0.05
    assert "not distinguishable from noise (KP, p = " in verdict.certainty
    assert f"four times in five is {verdict.smallest * 100:.1f}" in verdict.certainty
    se = float(found.group.window.sd * found.group.window.inflation) / np.sqrt(6)
    assert verdict.smallest == pytest.approx((2.5705818 + 0.9195438) * se, rel=1e-6)
    assert verdict.caveats == ("only 6 distinct dates",)


def test_shared_dates_overlaps_and_skipped_events_spoil_a_verdict() -> None:
    verdict = study(made_up(), [0, 1, 2, 3], [400, 400, 400, 20]).group.verdict
    assert verdict.test == "placebo"
    assert verdict.caveats == ("all events share one date, so they are one observation of what that day brought", "1 more could not be measured")
    near = study(made_up(), [0, 0, 1, 1], [400, 401, 400, 500]).group.verdict
    assert near.test == "KP"
    assert near.caveats == ("only 3 distinct dates", "2 of the events overlap with another event of the same share")


def test_flags_of_events_are_counted_in_the_verdict() -> None:
    flags = (("the Federal Reserve met",), ("the Federal Reserve met", "MSFT reported"))
    events = Events(("a", "b"), np.array([0, 1]), np.array([400, 460]), flags=flags)
    caveats = run(made_up(), events).group.verdict.caveats
    assert caveats[:2] == ("the Federal Reserve met", "MSFT reported (in 1 of 2 windows)")


def test_the_headline_is_never_patell() -> None:
    for columns, rows in (([0], [400]), ([0, 1], [400, 400]), ([0, 1], [400, 401]), ([0, 1, 2], [300, 400, 500])):
        assert study(made_up(), columns, rows).group.verdict.test in ("t", "placebo", "KP")


def simulated(effect: float, times: int, seed: int, dates: int = 1, shares: int = 8) -> float:
    """How often the headline rejects at 5 %, with shares that move together and an effect on day 0 of each date."""
    draw, rejected = np.random.default_rng(seed), 0
    for _ in range(times):
        length = 160 + 130 + 12 * dates
        market, common = draw.normal(0, 0.01, length), draw.normal(0, 0.01, length)
        returns = market[:, None] + common[:, None] + draw.normal(0, 0.02, (length, shares))
        rows = 270 + 12 * np.arange(dates)
        returns[rows] += effect
        given = panel.of([str(k) for k in range(shares)], [DAYS[:length]] * shares, list(returns.T), [market] * shares)
        found = study(given, np.tile(np.arange(shares), dates), np.repeat(rows, shares), window=(0, 0), estimation=(-120, -11))
        rejected += found.group.verdict.p < 0.05
    return rejected / times


def test_without_an_effect_the_headline_of_one_date_rejects_about_one_time_in_twenty() -> None:
    assert 0.03 <= simulated(0.0, 600, seed=11) <= 0.07


def test_without_an_effect_the_headline_of_several_dates_rejects_about_one_time_in_twenty() -> None:
    assert 0.03 <= simulated(0.0, 250, seed=12, dates=12, shares=4) <= 0.07


def test_power_grows_with_the_effect() -> None:
    power = [simulated(effect, 60, seed=13) for effect in (0.0, 0.015, 0.03, 0.06)]
    assert power == sorted(power)
    assert power[0] < 0.15
    assert power[2] > 0.4
    assert power[3] > 0.95


def test_a_study_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        made_up().tickers = ()  # type: ignore[misc]
