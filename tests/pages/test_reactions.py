"""The page of reactions as a link opens it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT


def page(mode: str = "One milestone", **query: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / "reactions.py"), default_timeout=120)
    test.session_state["ignored"] = []
    test.session_state["study-mode"] = mode
    if "milestone" in query:
        test.session_state["milestone"] = query.pop("milestone")
    for key, value in query.items():
        test.session_state[key] = value
    test.run()
    assert not test.exception
    return test


def words(test: AppTest) -> str:
    shown = [*test.title, *test.header, *test.subheader, *test.caption, *test.markdown, *test.info, *test.warning, *test.error]
    return "\n".join(element.value for element in shown).replace("\\", "").replace("\u2060", "")


def test_nvidia_on_27_january_2025_on_day_0() -> None:
    test = page(milestone="deepseek-nvidia-record-fall", **{"study-window": "[0, 0]"})
    table = test.dataframe[0].value.set_index("Share")
    assert table.at["NVDA", "Return on day 0"] == "−17.0\u202f%"
    assert table.at["NVDA", "Abnormal on day 0"] == "−13.2\u202f%"
    assert table.at["NVDA", "t"].startswith("−5.0")
    assert "NVDA fell 13.2\u202f% more than its market exposure explains on day 0" in words(test)
    assert "larger than on all but 4 of" in words(test)


def test_what_could_not_be_told_from_noise_is_said_with_the_smallest_effect() -> None:
    shown = words(page(milestone="openai-open-weight-model-plan"))
    assert "Not distinguishable from noise" in shown
    assert "the smallest effect this sample would show four times in five is" in shown
    assert "All together: Its related shares" in shown


def test_a_milestone_without_shares_is_explained() -> None:
    assert "Nothing to measure" in words(page(milestone="european-union-ai-act-vote"))


@pytest.mark.parametrize(
    "what", ["Open-weight releases against closed ones", "American releases against Chinese ones", "Before and after DeepSeek's R1"]
)
def test_two_groups_are_compared(what: str) -> None:
    test = page("Many milestones", compare=what)
    shown = words(test)
    assert "a difference of" in shown
    assert "Welch's t of the means by date" in shown
    assert shown.count(" events on ") == 2
    assert shown.count("Without any one date the mean lies between") == 2


@pytest.mark.parametrize("what", ["By kind", "By company", "By country", "All as one group"])
def test_other_groups_open(what: str) -> None:
    assert "The largest reactions" in words(page("Many milestones", compare=what))


def test_few_events_are_not_compared() -> None:
    assert "Too few to compare" in words(page("Many milestones", company=["european-union"]))


def test_your_own_asks_for_a_file() -> None:
    assert "Your own events" in words(page("Your own"))
