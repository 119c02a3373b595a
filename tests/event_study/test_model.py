"""Our fit against statsmodels, against numbers worked out by hand, and where data fail."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from tapeline.event_study import model, panel
from tapeline.event_study.parameters import Parameters
from tests.event_study.conftest import DAYS, changed, made_up, study


@pytest.mark.parametrize("row", [260, 400, 697])
@pytest.mark.parametrize("column", [0, 5])
def test_the_market_model_is_that_of_statsmodels(row: int, column: int) -> None:
    given = made_up()
    found = study(given, [column], [row], window=(-2, 2))
    estimation, window = slice(row - 250, row - 10), slice(row - 2, row + 3)
    fit = sm.OLS(given.returns[estimation, column], sm.add_constant(given.market[estimation, column])).fit()
    prediction = fit.get_prediction(sm.add_constant(given.market[window, column]))
    assert [found.fit.alpha[0], found.fit.beta[0]] == pytest.approx(fit.params, abs=1e-14)
    assert [found.fit.sigma[0] ** 2, found.fit.r2[0], found.fit.n[0]] == pytest.approx([fit.mse_resid, fit.rsquared, 240], rel=1e-11)
    abnormal = given.returns[window, column] - prediction.predicted_mean
    assert found.fit.ar[:, 0] == pytest.approx(abnormal, abs=1e-14)
    assert found.fit.sar[:, 0] == pytest.approx(abnormal / prediction.se_obs, rel=1e-10)


def test_the_car_has_the_full_variance_of_statsmodels() -> None:
    given, row = made_up(), 400
    found = study(given, [3], [row], window=(-5, 5))
    estimation, window = slice(row - 250, row - 10), slice(row - 5, row + 6)
    fit = sm.OLS(given.returns[estimation, 3], sm.add_constant(given.market[estimation, 3])).fit()
    design = sm.add_constant(given.market[window, 3])
    covariance = fit.mse_resid * np.eye(11) + design @ fit.cov_params() @ design.T
    assert found.car_se[0] == pytest.approx(np.sqrt(covariance.sum()), rel=1e-11)
    assert found.car_t[0] == pytest.approx((given.returns[window, 3] - fit.predict(design)).sum() / np.sqrt(covariance.sum()), rel=1e-10)
    assert found.car_p[0] == pytest.approx(2 * stats.t.sf(abs(found.car_t[0]), 238), rel=1e-12)
    assert found.path(0).high[-1] - found.path(0).value[-1] == pytest.approx(1.9699815 * found.car_se[0], rel=1e-6)


def test_the_two_models_without_a_regression_by_hand() -> None:
    given, row = made_up(), 400
    share, market = given.returns[:, 2], given.market[:, 2]
    before, window = share[row - 250 : row - 10], slice(row - 1, row + 2)
    mean = study(given, [2], [row], model="mean_adjusted")
    assert mean.fit.sigma[0] == pytest.approx(before.std(ddof=1), rel=1e-12)
    assert mean.car[0] == pytest.approx((share[window] - before.mean()).sum(), abs=1e-14)
    assert mean.car_se[0] == pytest.approx(before.std(ddof=1) * np.sqrt(3 + 9 / 240), rel=1e-12)
    assert mean.fit.freedom[0] == 239
    adjusted = study(given, [2], [row], model="market_adjusted")
    difference = (share - market)[row - 250 : row - 10]
    assert adjusted.fit.sigma[0] == pytest.approx(np.sqrt((difference**2).mean()), rel=1e-12)
    assert adjusted.car[0] == pytest.approx((share - market)[window].sum(), abs=1e-14)
    assert adjusted.car_se[0] == pytest.approx(adjusted.fit.sigma[0] * np.sqrt(3), rel=1e-12)
    assert (adjusted.fit.freedom[0], adjusted.fit.alpha[0], adjusted.fit.beta[0]) == (240, 0, 1)


def test_a_missing_day_of_the_estimation_is_left_out_for_that_share_alone() -> None:
    given, row = made_up(), 400
    holes = given.returns.copy()
    holes[[300, 301, 350], 0] = np.nan
    found = study(changed(given, returns=holes), [0, 1], [row, row])
    there = np.setdiff1d(np.arange(row - 250, row - 10), [300, 301, 350])
    fit = sm.OLS(given.returns[there, 0], sm.add_constant(given.market[there, 0])).fit()
    assert [found.fit.alpha[0], found.fit.beta[0], found.fit.n[0]] == pytest.approx([*fit.params, 237], abs=1e-13)
    assert found.fit.market_mean[0] == pytest.approx(given.market[there, 0].mean(), abs=1e-15)
    assert found.fit.beta[1] == pytest.approx(study(given, [1], [row]).fit.beta[0], abs=1e-13)


def test_a_gap_in_the_window_leaves_the_car_missing_and_the_days_there() -> None:
    given, row = made_up(), 400
    holes = given.returns.copy()
    holes[row + 1, 0] = np.nan
    found = study(changed(given, returns=holes), [0, 1], [row, row])
    assert found.status == ("no return on day +1", "ok")
    assert np.isnan(found.car[0]) and np.isfinite(found.fit.ar[:2, 0]).all()
    assert found.group.days.n.tolist() == [2, 2, 1] and found.group.window.n == 1


@pytest.mark.parametrize(
    ("row", "status"), [(50, "skipped: 40 valid sessions in the estimation window, at least 100 needed"), (699, "no return on day +1")]
)
def test_an_event_near_an_end_of_the_data_says_what_it_lacks(row: int, status: str) -> None:
    found = study(made_up(), [0], [row])
    assert found.status == (status,)
    assert np.isnan(found.car[0])


def test_a_young_share_with_a_hundred_days_is_studied() -> None:
    assert study(made_up(), [0, 0], [110, 109]).status == ("ok", "skipped: 99 valid sessions in the estimation window, at least 100 needed")


def test_a_constant_market_gives_no_number_and_never_infinity() -> None:
    given = made_up()
    flat = given.market.copy()
    flat[:395] = 0.001
    found = study(changed(given, market=flat), [0, 1], [400, 690])
    assert found.status == ("skipped: its market did not move in the estimation window", "ok")
    assert np.isnan(found.fit.ar[:, 0]).all() and np.isnan(found.fit.alpha[0])


def test_a_share_without_a_return_or_without_a_move_says_so() -> None:
    given = made_up()
    empty = given.returns.copy()
    empty[:, 0], empty[:, 1], empty[:, 2] = np.nan, 0.0, given.market[:, 2]
    found = study(changed(given, returns=empty), [0, 1, 2, -1], [400, 400, 400, 400])
    assert found.status[0] == "skipped: 0 valid sessions in the estimation window, at least 100 needed"
    assert found.status[1] == found.status[2] == "no standard error: in the estimation window its returns are exactly those of the model"
    assert found.status[3] == "no session for day 0"
    assert np.isnan(found.car_t).all() and found.car[2] == pytest.approx(0, abs=1e-15)
    assert found.group.window.n == 0
    assert str(found.group.verdict) == "Nothing could be measured. Mind: 4 asked for could not be measured."


def test_whole_rows_and_single_pairs_come_to_the_same() -> None:
    given = made_up(shares=4)
    rows, columns = np.repeat([300, 420, 500], 4), np.tile(np.arange(4), 3)
    whole, some = study(given, columns, rows), study(given, columns[:-1], rows[:-1])
    for name in ("ar", "sar", "car", "car_sd", "sigma"):
        assert getattr(whole.fit, name)[..., :-1] == pytest.approx(getattr(some.fit, name), rel=1e-12), name


def test_shares_of_different_exchanges_keep_their_own_sessions_and_market() -> None:
    draw = np.random.default_rng(1)
    series = [(days := np.sort(draw.choice(DAYS[:800], 500, replace=False)), draw.normal(0, 0.02, 500), draw.normal(0, 0.01, 500)) for _ in range(2)]
    both = panel.of(["A", "B"], [one[0] for one in series], [one[1] for one in series], [one[2] for one in series])
    found = study(both, [0, 1], [400, 410])
    for number, row in ((0, 400), (1, 410)):
        alone = panel.of(["X"], [series[number][0]], [series[number][1]], [series[number][2]])
        assert found.car_t[number] == pytest.approx(study(alone, [0], [row]).car_t[0], rel=1e-12)
    assert days is series[1][0]


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"model": "capm"}, "model: found 'capm'; expected one of market, mean_adjusted, market_adjusted."),
        ({"window": (1, -1)}, "window: found 1:-1; expected the first day before the last."),
        ({"window": (-20, 1)}, "estimation: found -250:-11, which reaches into the event window -20:1; end it before, as -250:-11."),
        ({"path": (0, 5)}, "path: found 0:5; expected it to hold the window -1:1."),
        ({"estimation": (-15, -11)}, "estimation: found -15:-11; expected ten days or more."),
    ],
)
def test_choices_that_contradict_each_other_are_refused(choices: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match="found") as error:
        Parameters(**choices)  # type: ignore[arg-type]
    assert str(error.value) == message


def test_simple_and_logarithmic_returns_by_hand() -> None:
    assert panel.simple_returns([100, 83, np.nan, 90]) == pytest.approx([np.nan, -0.17, np.nan, np.nan], nan_ok=True)
    assert panel.simple_returns([100, 83], log=True)[1] == pytest.approx(np.log(0.83))
    assert model.measure(made_up(), np.array([], dtype=np.int64), np.array([], dtype=np.int64), Parameters()).car.size == 0
