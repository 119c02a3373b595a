"""How often the tests of a group reject where some events stand alone and others share a date, without an effect and with one."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tapeline.event_study import panel
from tapeline.event_study.parameters import Parameters
from tapeline.event_study.study import Events, run
from tests.event_study.conftest import DAYS

ALONE, SHARED = (270, 284, 298, 312, 326, 340), (355, 370, 385, 400)


def mixed(effect: float, times: int, seed: int) -> dict[str, float]:
    """How often KP, placebo and BMP reject at 5 % where six events stand alone and four dates have three each, with shares that move together."""
    draw, length, shares = np.random.default_rng(seed), 520, 6
    columns = np.concatenate([np.arange(6), np.tile([0, 2, 4], 4)])
    rows = np.concatenate([ALONE, np.repeat(SHARED, 3)])
    choices = Parameters(window=(0, 0), estimation=(-120, -11), draws=399)
    events, found = Events(tuple(map(str, range(18))), columns, rows), []
    for _ in range(times):
        market, common = draw.normal(0, 0.01, length), draw.normal(0, 0.015, length)
        returns = market[:, None] + common[:, None] + draw.normal(0, 0.015, (length, shares))
        returns[rows, columns] += effect
        one = run(panel.of([str(k) for k in range(shares)], [DAYS[:length]] * shares, list(returns.T), [market] * shares), events, choices).group
        kp, bmp = (float(2 * stats.t.sf(abs(value), 17)) for value in (one.window.kp_t, one.window.bmp_t))
        found.append((kp < 0.05, one.placebo.p < 0.05, bmp < 0.05, one.verdict.p < 0.05))
    return dict(zip(("kp", "placebo", "bmp", "headline"), np.mean(found, axis=0).tolist(), strict=True))


def test_without_an_effect_kp_and_placebo_reject_about_one_time_in_twenty_and_bmp_too_often() -> None:
    share = mixed(0.0, 600, seed=21)
    assert 0.03 <= share["kp"] <= 0.07
    assert 0.03 <= share["placebo"] <= 0.07
    assert share["headline"] == share["kp"]
    assert share["bmp"] > 0.09


def test_their_power_grows_with_the_effect() -> None:
    shares = [mixed(effect, 60, seed=5) for effect in (0.0, 0.01, 0.02, 0.035)]
    for test in ("kp", "placebo"):
        power = [share[test] for share in shares]
        assert power == sorted(power)
        assert power[0] < 0.12
        assert power[-1] > 0.95
