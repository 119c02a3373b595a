"""The statistics against slow and plain versions of their formulas, and against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tapeline.event_study import correlation, ranks, residuals
from tapeline.event_study.inference import infer, q_values
from tapeline.event_study.panel import Panel
from tests.event_study.conftest import changed, made_up, study

ROWS = [300, 300, 301, 420, 421, 560]


def plainly(given: Panel, columns: list[int], rows: list[int], first: int, last: int) -> dict[str, np.ndarray | float]:
    """Everything by loops over events, from the formulas as they are printed."""
    events = []
    for column, row in zip(columns, rows, strict=True):
        before, window = slice(row - 250, row - 10), slice(row + first, row + last + 1)
        fit = stats.linregress(given.market[before, column], given.returns[before, column])
        e = given.returns[before, column] - fit.intercept - fit.slope * given.market[before, column]
        ar = given.returns[window, column] - fit.intercept - fit.slope * given.market[window, column]
        distance = given.market[window, column] - given.market[before, column].mean()
        s, sxx, length = (
            np.sqrt((e**2).sum() / 238),
            ((given.market[before, column] - given.market[before, column].mean()) ** 2).sum(),
            last - first + 1,
        )
        c = 1 + 1 / 240 + distance**2 / sxx
        scar = ar.sum() / (s * np.sqrt(length + length**2 / 240 + distance.sum() ** 2 / sxx))
        events.append({"e": e, "ar": ar, "sar": ar / (s * np.sqrt(c)), "car": ar.sum(), "scar": scar, "row": row})
    n, length = len(events), last - first + 1
    car, scar = np.array([one["car"] for one in events]), np.array([one["scar"] for one in events])
    total = 0.0
    for i in range(n):
        for j in range(n):
            shared = max(0, length - abs(rows[i] - rows[j]))
            if i != j and shared:
                lag = rows[j] - rows[i]
                a, b = (events[i]["e"][lag:], events[j]["e"][: 240 - lag]) if lag >= 0 else (events[i]["e"][:lag], events[j]["e"][-lag:])
                total += np.corrcoef(a, b)[0, 1] * shared / length
    r = total / (n * (n - 1))
    ranks = np.array([stats.rankdata(np.concatenate([one["e"], one["ar"]])) / (241 + length) - 0.5 for one in events])
    spread = np.sqrt((ranks.mean(axis=0) ** 2).mean())
    p = np.mean([(one["e"] > 0).mean() for one in events])
    bmp = np.sqrt(n) * scar.mean() / scar.std(ddof=1)
    return {
        "t_cross": np.sqrt(n) * car.mean() / car.std(ddof=1), "patell_z": scar.sum() / np.sqrt(n * 238 / 236), "bmp_t": bmp,
        "kp_t": bmp * np.sqrt((1 - r) / (1 + (n - 1) * r)), "correlation": r, "mean": car.mean(),
        "rank_z": ranks.mean(axis=0)[-length:].sum() / (np.sqrt(length) * spread), "gsign_z": ((car > 0).sum() - n * p) / np.sqrt(n * p * (1 - p)),
        "days": np.array([one["sar"] for one in events]).T, "rank_days": ranks.mean(axis=0)[-length:] / spread,
    }  # fmt: skip


@pytest.mark.parametrize("rows", [ROWS, [400] * 6, [260, 320, 380, 440, 500, 560]], ids=["mixed", "one date", "far apart"])
@pytest.mark.parametrize("window", [(-1, 1), (0, 0), (-2, 5)])
def test_every_statistic_is_its_formula(rows: list[int], window: tuple[int, int]) -> None:
    given, columns = made_up(common=0.01), list(range(6))
    group, plain = study(given, columns, rows, window=window).group, plainly(given, columns, rows, *window)
    for name in ("mean", "t_cross", "patell_z", "bmp_t", "kp_t", "correlation", "rank_z", "gsign_z"):
        assert float(getattr(group.window, name)) == pytest.approx(plain[name], rel=1e-9, abs=1e-12), name
    sar = plain["days"]
    assert isinstance(sar, np.ndarray)
    assert group.days.bmp_t == pytest.approx(np.sqrt(6) * sar.mean(axis=1) / sar.std(axis=1, ddof=1), rel=1e-9)
    assert group.days.patell_z == pytest.approx(sar.sum(axis=1) / np.sqrt(6 * 238 / 236), rel=1e-9)
    assert group.days.rank_z == pytest.approx(plain["rank_days"], rel=1e-9)


def test_a_share_with_two_events_counts_twice_and_each_event_has_its_own_estimation() -> None:
    given = made_up()
    found = study(given, [0, 0, 1], [300, 600, 450])
    assert found.group.window.n == 3
    assert found.fit.beta[0] != found.fit.beta[2]
    assert float(found.group.window.bmp_t) == pytest.approx(plainly(given, [0, 0, 1], [300, 600, 450], -1, 1)["bmp_t"], rel=1e-9)


def test_the_same_share_and_day_twice_is_wholly_correlated() -> None:
    found = study(made_up(), [0, 0], [400, 400])
    assert float(found.group.window.correlation) == pytest.approx(1)
    assert found.overlapping.all()


def test_events_that_share_no_date_have_no_correlation_to_correct_for() -> None:
    group = study(made_up(common=0.02), [0, 1, 2], [300, 400, 500]).group
    assert float(group.window.correlation) == 0
    assert float(group.window.kp_t) == pytest.approx(float(group.window.bmp_t))


def test_windows_that_overlap_in_part_count_in_part() -> None:
    given = made_up(common=0.02)
    near = [float(study(given, [0, 1], [400, 400 + lag]).group.window.correlation) for lag in range(4)]
    full = float(study(given, [0, 1], [400, 400], window=(0, 0)).group.window.correlation)
    assert near[0] == pytest.approx(full)
    assert near[1:] == pytest.approx([full * 2 / 3, full / 3, 0], abs=0.02)


def test_a_single_event_has_no_statistic_of_a_group() -> None:
    group = study(made_up(), [0], [400]).group
    for name in ("t_cross", "patell_z", "bmp_t", "kp_t", "rank_z", "gsign_z", "correlation"):
        assert np.isnan(getattr(group.window, name)) and np.isnan(getattr(group.days, name)).all(), name
    assert group.verdict.test == "t"


def test_gaps_are_aligned_by_date_before_residuals_are_correlated() -> None:
    given = made_up(common=0.02)
    holes = given.returns.copy()
    holes[200:240, 0] = holes[230:300, 1] = np.nan
    found = study(changed(given, returns=holes), [0, 1], [400, 400])
    e = {}
    for k in (0, 1):
        there = [row for row in range(150, 390) if np.isfinite(holes[row, k])]
        fit = stats.linregress(given.market[there, k], holes[there, k])
        e[k] = {row: holes[row, k] - fit.intercept - fit.slope * given.market[row, k] for row in there}
    common = sorted(set(e[0]) & set(e[1]))
    expected = np.corrcoef([e[0][row] for row in common], [e[1][row] for row in common])[0, 1]
    assert float(found.group.window.correlation) == pytest.approx(expected, rel=1e-10)


def test_the_sums_of_many_events_give_the_correlation_of_the_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    given = made_up(shares=5, common=0.02)
    rows, columns = np.repeat([300, 420, 500, 501, 503], 5), np.tile(np.arange(5), 5)
    one_by_one = study(given, columns, rows).group.window.correlation
    monkeypatch.setattr(correlation, "PAIRS", 0)
    assert float(study(given, columns, rows).group.window.correlation) == pytest.approx(float(one_by_one), rel=0.02)
    same_date = study(given, columns[:5], rows[:5])
    monkeypatch.setattr(residuals, "KEPT", 0)
    large = residuals.scan(same_date.fit)
    weights = same_date.fit.counts()
    assert large.values is None
    small, pairs = infer(same_date.fit, large, weights)[1], plainly(given, list(range(5)), [300] * 5, -1, 1)
    assert float(small.correlation) == pytest.approx(pairs["correlation"], rel=1e-9)
    assert float(small.gsign_z) == pytest.approx(pairs["gsign_z"], rel=1e-9)
    assert np.isnan(small.rank_z)


@pytest.mark.parametrize("choices", [{}, {"window": (-4, 5)}, {"window": (30, 45), "estimation": (-100, 20)}], ids=["three days", "ten days", "late"])
def test_moving_sums_of_residuals_are_the_sum_over_every_two_events(monkeypatch: pytest.MonkeyPatch, choices: dict[str, object]) -> None:
    given, rows = made_up(shares=5, common=0.02), np.repeat([270, 300, 301, 303, 366, 420, 423, 690], 5)
    monkeypatch.setattr(residuals, "KEPT", 0)
    found = study(given, np.tile(np.arange(5), 8), rows, **choices)
    fit, (first, last) = found.fit, found.parameters.estimation
    z = np.zeros((40, 700))
    for cell in range(40):
        at, k = slice(fit.rows[cell] + first, fit.rows[cell] + last + 1), fit.columns[cell]
        e = given.returns[at, k] - fit.alpha[cell] - fit.beta[cell] * given.market[at, k]
        if fit.usable[cell]:
            z[cell, at] = e / np.sqrt((e**2).sum())
    length, n = found.parameters.length, int(fit.usable.sum())
    common = np.maximum(length - np.abs(rows[:, None] - rows), 0) / length
    expected = ((z @ z.T * common).sum() - n) / (n * (n - 1))
    assert float(infer(fit, found.residuals, fit.counts())[1].correlation) == pytest.approx(expected, rel=1e-10)


def test_values_that_differ_far_less_than_they_are_large_keep_their_spread() -> None:
    given = made_up(shares=6)
    jump = given.returns.copy()
    jump[400] += 1e4
    group = study(changed(given, returns=jump), list(range(6)), [400] * 6, window=(0, 0)).group
    ar = study(changed(given, returns=jump), list(range(6)), [400] * 6, window=(0, 0)).car
    assert float(group.window.sd) == pytest.approx(ar.std(ddof=1), rel=1e-9)


def test_ties_share_their_rank() -> None:
    given = made_up()
    coarse = changed(given, returns=np.round(given.returns, 2))
    found = study(coarse, [0, 1], [400, 400], model="mean_adjusted", window=(0, 0))
    ranks = [stats.rankdata(np.append(coarse.returns[150:390, k], coarse.returns[400, k])) / 242 - 0.5 for k in (0, 1)]
    mean = np.mean(ranks, axis=0)
    assert float(found.group.window.rank_z) == pytest.approx(mean[-1] / np.sqrt((mean**2).mean()), rel=1e-9)


def test_q_values_are_those_of_scipy_and_a_missing_p_stays_missing() -> None:
    p = np.random.default_rng(3).uniform(size=50) ** 2
    assert q_values(p) == pytest.approx(stats.false_discovery_control(p), rel=1e-12)
    assert q_values([0.01, np.nan, 0.04]) == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)
    assert q_values([]).size == 0


def test_no_event_at_all_has_no_mean() -> None:
    group = study(made_up(), [], []).group
    assert group.window.n == 0 and np.isnan(group.window.mean) and np.isnan(group.days.mean).all()
    assert group.path.method == "no event could be measured"


@pytest.mark.parametrize("model", ["market", "mean_adjusted", "market_adjusted"])
def test_residuals_taken_one_by_one_are_those_taken_by_session(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = made_up()
    holes = given.returns.copy()
    holes[200:240, 0] = holes[:30, 2] = np.nan
    fit = study(changed(given, returns=holes), [0, 1, 2, 3, 0], [400, 150, 160, 420, 699], model=model).fit
    alone = residuals.scan(fit)
    monkeypatch.setattr(residuals, "FEW", 0)
    by_session = residuals.scan(fit)
    assert alone.values is not None and by_session.values is not None
    assert np.isnan(alone.values[:, :100]).any()
    np.testing.assert_allclose(alone.values, by_session.values, rtol=0, atol=1e-15)
    assert alone.positive.tolist() == by_session.positive.tolist()


def test_ranks_are_those_of_scipy_with_gaps_and_ties() -> None:
    values = np.random.default_rng(4).normal(size=(40, 30))
    values[3:9] = values[3:9].round(1)
    values[10:14, 5:9] = np.inf
    assert (ranks._ranks(values) == stats.rankdata(values, axis=1)).all()
