"""The palette: readable on its paper, and apart for every common kind of colour vision."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tapeline.charts.theme import IN_COLOUR, Mode, dash, palette
from tapeline.charts.theme import contrast as measured

VISION = {
    "typical": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Linear RGB seen with full dichromacy (Machado, Oliveira and Fernandes 2009, severity 1)."""

TO_LMS = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]]
)
TO_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]]
)
APART = 10.0
"""Least distance in OKLab, times 100; two colours at 2 are just told apart side by side."""


def linear(colour: str) -> np.ndarray:
    channel = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, vision: str) -> np.ndarray:
    return TO_LAB @ np.cbrt(TO_LMS @ np.clip(np.asarray(VISION[vision]) @ linear(colour), 0, 1)) * 100


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_and_marks_stand_out_from_the_paper(mode: Mode) -> None:
    colours = palette(mode)
    for paper in (colours.paper, colours.side):
        assert contrast(colours.ink, paper) >= 7
        assert contrast(colours.muted, paper) >= 4.5
        assert contrast(colours.accent, paper) >= 4.5
    for colour in colours.series:
        assert contrast(colour, colours.paper) >= 3, colour


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_series_stay_apart_for_every_kind_of_colour_vision(mode: Mode, vision: str) -> None:
    colours = palette(mode)
    for one, other in itertools.combinations([colours.ink, *colours.series], 2):
        assert np.linalg.norm(seen(one, vision) - seen(other, vision)) >= APART, (one, other)


def test_a_company_keeps_its_colour_and_no_two_share_colour_and_dash() -> None:
    colours = palette("light")
    looks = {(colours.company(name), dash(name)) for name in (*IN_COLOUR, "nvidia")}
    assert len(looks) == len(IN_COLOUR) + 1
    assert colours.company("nvidia") == colours.ink
    assert colours.company("somebody-else") == colours.muted


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_and_quiet_marks_in_any_colour_are_readable_and_stay_near_it(mode: Mode) -> None:
    colours = palette(mode)
    for colour in (colours.muted, colours.accent, *colours.series):
        assert contrast(colours.words(colour), colours.paper) >= 4.5
        assert contrast(colours.ink, colours.ground(colour)) >= 4.5
        channels = [float(part) for part in colours.quiet(colour)[5:-1].split(",")] if colours.quiet(colour) != colour else []
        if channels:
            paper = [int(colours.paper[at : at + 2], 16) for at in (1, 3, 5)]
            shown = [channel * channels[3] + beneath * (1 - channels[3]) for channel, beneath in zip(channels[:3], paper, strict=True)]
            assert 3 <= contrast("#" + "".join(f"{round(part):02x}" for part in shown), colours.paper) < 3.4, colour
    assert colours.words(colours.ink) == colours.ink
    assert palette("light").words("#013D74") == "#013D74", "a colour that can be read is left alone"
    assert 4.5 <= contrast(palette("light").words("#159E8D"), palette("light").paper) < 4.7, "no darker than it must be"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_primary_colour_carries_words_signs_and_can_be_read_where_streamlit_writes_in_it(mode: Mode) -> None:
    colours = palette(mode)
    beneath = "#FFFFFF" if mode == "light" else "#121212"  # what Chromium paints for CSS's Canvas, as assets/reach.css asks
    assert contrast(colours.accent, beneath) >= 4.5
    assert contrast(colours.accent, "#FFFFFF") >= 3, "the check in a box, the thumb of a switch"
    for paper in (colours.paper, colours.side):
        tint = "#" + "".join(f"{round(int(colours.accent[at : at + 2], 16) * 0.1 + int(paper[at : at + 2], 16) * 0.9):02x}" for at in (1, 3, 5))
        assert contrast(colours.accent, tint) >= 4.5, "a chosen pill: the colour on a tenth of itself"


def test_contrast_is_as_wcag_defines_it() -> None:
    assert measured("#000000", "#FFFFFF") == pytest.approx(21)
    assert measured("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)
    assert measured("#B0102A", "#FBFAF7") == pytest.approx(contrast("#FBFAF7", "#B0102A"))


def test_a_faded_colour_keeps_its_hue() -> None:
    assert palette("light").faded("#102030", 0.5) == "rgba(16,32,48,0.5)"
