"""The card as HTML: it says all that the tables say of a milestone, and nothing in a table can break out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as xml

import pandas as pd
import pytest

from tapeline import cards, corrections, milestones, moves, package
from tapeline.market import snapshot
from tapeline.milestones import Tables, figures_of
from tapeline.rows import each
from tapeline.selection import Selection
from tapeline.words import day, per_cent, quantity

ALL = Selection()
HOSTILE = ("</h2><img src=x onerror=alert(1)>", "<script>alert(1)</script> & \"quoted\" 'single'", "=1+1 <b>bold</b>")


@pytest.fixture(scope="module")
def around(tables: Tables) -> pd.DataFrame:
    return moves.around(tables, snapshot.load(package.SHIPPED))


def read(html: str) -> xml.Element:
    """Read a fragment, which is well-formed XML too."""
    return xml.fromstring(html)


def words(part: xml.Element) -> str:
    return " ".join("".join(part.itertext()).split())


def links(part: xml.Element) -> dict[str, str]:
    return {words(link): link.attrib["href"] for link in part.iter("a")}


@pytest.mark.parametrize("name", ["deepseek-r1", "openai-gpt-2", "openai-funding-40bn", "european-union-ai-act-vote", "meta-opt-175b"])
def test_a_card_says_all_that_the_tables_say(tables: Tables, around: pd.DataFrame, name: str) -> None:
    card = read(cards.card(tables, around, name, ALL))
    said, row = words(card), tables.milestones.set_index("milestone_id").loc[name]
    assert words(next(card.iter("h2"))) == row["title"]
    assert row["summary"] in said and row["note"] in said and f"Id: {name}" in said
    assert day(row["date"], row["date_precision"]).replace("\u202f", " ") in said
    for figure in each(figures_of(tables, name)):
        assert " ".join(f"{quantity(figure)} {figure.label}".split()) in said
        assert figure.definition in said
    for source in each(tables.sources[tables.sources["milestone_id"] == name]):
        assert links(card)[source.publisher] == source.url
    badges = [words(item) for item in card.findall("ul[@class='badges']/li")]
    assert badges[:2] == [tables.names[row["company_id"]], tables.book.labels("milestones", "kind")[row["kind"]]]


def test_related_shares_stand_in_a_table_with_their_market_beside_them(tables: Tables, around: pd.DataFrame) -> None:
    table = next(read(cards.card(tables, around, "deepseek-nvidia-record-fall", ALL)).iter("table"))
    assert words(table.find("caption")).startswith("Related shares")  # type: ignore[arg-type]
    assert [words(cell) for cell in table.findall("thead/tr/th")] == ["Share", "Day 0", "On day 0", "[−1, +1]", "Why"]
    lines = {words(line[0]): [words(cell) for cell in line[1:]] for line in table.findall("tbody/tr")}
    of = around[around["milestone_id"] == "deepseek-nvidia-record-fall"].set_index("ticker")
    assert list(lines) == list(of.index)
    nvidia = of.loc["NVDA"]
    assert lines["NVDA"][0] == "2025-01-27"
    assert lines["NVDA"][1] == " ".join(f"{per_cent(nvidia['day'])} / {per_cent(nvidia['market_day'])}".split())
    assert lines["NVDA"][3].startswith("supplier")


def test_what_cannot_be_given_is_said(tables: Tables, around: pd.DataFrame) -> None:
    rows = tables.milestones
    vague = rows[(rows["date_precision"] != "day") & rows["milestone_id"].isin(around["milestone_id"])]["milestone_id"].iloc[0]
    assert "The day is not known" in cards.card(tables, around, vague, ALL)
    alone = rows[~rows["milestone_id"].isin(around["milestone_id"])]["milestone_id"].iloc[0]
    assert "No share in the table is related" in cards.card(tables, around, alone, ALL)
    single = tables.sources.groupby("milestone_id")["publisher"].nunique()
    for count, warned in ((1, True), (2, False)):
        assert ("One source: not confirmed" in cards.card(tables, around, single[single == count].index[0], ALL)) is warned


def test_who_led_a_round_is_named(tables: Tables, around: pd.DataFrame) -> None:
    assert "led by SoftBank" in cards.card(tables, around, "openai-funding-40bn", ALL)


def test_a_row_can_be_cited_and_corrected(tables: Tables, around: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text.text or "" for text in read(cards.card(tables, around, "deepseek-r1", ALL)).findall("details/pre")]
    assert len(texts) == 3
    assert texts[1].startswith("@misc{tapeline_deepseek_r1") and "\n  year" in texts[1]
    assert texts[2] == "\n\n".join(corrections.correction(tables, "deepseek-r1"))
    monkeypatch.setattr(corrections, "repository", lambda: "https://example.org/project")
    card = read(cards.card(replace(tables), around, "deepseek-r1", ALL))
    assert len(card.findall("details/pre")) == 2
    assert links(card)["Correct this row"].startswith("https://example.org/project/issues/new?title=Correct+deepseek-r1&")


def test_it_leads_onward(tables: Tables, around: pd.DataFrame) -> None:
    card = read(cards.card(tables, around, "deepseek-nvidia-record-fall", ALL))
    assert [link.attrib["href"] for link in card.findall("nav[@class='onward']/a")] == [
        "reactions?milestone=deepseek-nvidia-record-fall", "markets?mode=milestone&base=deepseek-nvidia-record-fall",
    ]  # fmt: skip


def test_neighbours_are_those_of_the_filter(tables: Tables, around: pd.DataFrame) -> None:
    selection = Selection(companies=("meta", "deepseek"), text="model")
    ids = list(milestones.select(tables, selection)["milestone_id"])

    def ways(name: str) -> list[tuple[str, str | None]]:
        return [(words(part), part.get("href")) for part in read(cards.card(tables, around, name, selection)).findall("nav[@class='neighbours']/*")]

    def to(name: str) -> str:
        return f"?company=meta&company=deepseek&q=model&event={name}"

    assert ways(ids[3]) == [("← Earlier", to(ids[2])), ("Later →", to(ids[4]))]
    assert ways(ids[0]) == [("← Earlier", None), ("Later →", to(ids[1]))]
    assert ways(ids[-1]) == [("← Earlier", to(ids[-2])), ("Later →", None)]
    assert ways("openai-gpt-2") == []


def test_several_are_listed_up_to_a_hundred(tables: Tables) -> None:
    ids = list(tables.milestones["milestone_id"].iloc[5:8])
    titles = tables.milestones.set_index("milestone_id")["title"]
    found = read(cards.several(tables, ids, Selection(companies=("openai",))))
    assert words(next(found.iter("h2"))) == "3 milestones"
    assert [said.split(" · ", 1)[1] for said in links(found)] == [" ".join(titles[name].split()) for name in ids]
    assert list(links(found).values()) == [f"?company=openai&event={name}" for name in ids]
    assert "narrower filter" not in words(found)
    many = read(cards.several(tables, list(tables.milestones["milestone_id"].iloc[:120]), ALL, 523))
    assert words(next(many.iter("h2"))) == "523 milestones"
    assert len(many.findall("ul/li")) == 100 and "The first 100 of them" in words(many)


def test_text_of_a_table_never_becomes_markup(base: Path, edit: Callable[[str, str, str], int], around: pd.DataFrame) -> None:
    path = base / "milestones.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows.loc[rows["milestone_id"] == "deepseek-r1", ["title", "summary", "note"]] = HOSTILE
    rows.to_csv(path, index=False, lineterminator="\n")
    told = milestones.load(base)
    for html in (cards.card(told, around, "deepseek-r1", ALL), cards.several(told, ["deepseek-r1", "openai-gpt-2"], Selection(text=HOSTILE[0]))):
        parts = read(html)
        assert not {part.tag for part in parts.iter()} & {"img", "script", "b"}
        assert not [name for part in parts.iter() for name in part.attrib if name.startswith("on")]
    said = words(read(cards.card(told, around, "deepseek-r1", ALL)))
    assert all(text in said for text in HOSTILE)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", " https://example.org"])
def test_only_web_addresses_become_links(tables: Tables, around: pd.DataFrame, url: str) -> None:
    card = read(cards.card(replace(tables, sources=tables.sources.assign(url=url)), around, "deepseek-r1", ALL))
    assert card.findall("ul[@class='sources']/li") and not card.findall("ul[@class='sources']//a")
    broken = "https://example.org/' onclick='alert(1)"
    card = read(cards.card(replace(tables, sources=tables.sources.assign(url=broken)), around, "deepseek-r1", ALL))
    assert {link.attrib["href"] for link in card.findall("ul[@class='sources']//a")} == {broken}


def test_every_card_of_the_set_is_well_formed(tables: Tables, around: pd.DataFrame) -> None:
    for name in tables.milestones["milestone_id"].iloc[::7]:
        assert words(next(read(cards.card(tables, around, name, ALL)).iter("h2")))
