"""The feed is valid Atom: who, what, when, where to read, the newest first."""

from __future__ import annotations

from functools import partial
from xml.etree import ElementTree as xml

import pytest
from starlette.applications import Starlette

from tapeline import milestones
from tapeline.milestones import Tables
from tapeline.selection import Selection
from tapeline.serve import feed, routes
from tests.serve.asking import Told, ask

NAMES = {"a": feed.ATOM}


@pytest.fixture
def get(tables: Tables) -> partial[Told]:
    return partial(ask, Starlette(routes=routes.every(lambda: tables)))


def test_the_newest_fifty_with_all_that_atom_asks_for(get: partial[Told], tables: Tables) -> None:
    answer = get("/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml"
    root = xml.fromstring(answer.body)
    assert root.tag == f"{{{feed.ATOM}}}feed"
    for part in (root, *root.findall("a:entry", NAMES)):
        for name in ("id", "title", "updated"):
            assert [element.text for element in part.findall(f"a:{name}", NAMES)] != [] and part.findtext(f"a:{name}", namespaces=NAMES)
        assert part.findtext("a:id", namespaces=NAMES).startswith("urn:uuid:")  # type: ignore[union-attr]
    assert root.findtext("a:author/a:name", namespaces=NAMES) == "The Tapeline contributors"
    assert root.find("a:link[@rel='self']", NAMES).get("href") == "http://tapeline.test/feed.atom"  # type: ignore[union-attr]
    entries = root.findall("a:entry", NAMES)
    assert len(entries) == feed.MOST == len({entry.findtext("a:id", namespaces=NAMES) for entry in entries})
    days = [entry.findtext("a:published", namespaces=NAMES) for entry in entries]
    assert days == sorted(days, reverse=True)
    newest = tables.milestones.iloc[-1]
    assert days[0] == f"{newest['date']:%Y-%m-%d}T00:00:00Z"
    assert entries[0].findtext("a:title", namespaces=NAMES) == newest["title"]


def test_an_entry_leads_to_card_and_sources(get: partial[Told], tables: Tables) -> None:
    root = xml.fromstring(get("/feed.atom?q=R1+reasoning&company=deepseek").body)
    entry = root.find("a:entry[a:link]", NAMES)
    assert entry is not None
    links = {link.get("rel"): link.get("href") for link in entry.findall("a:link", NAMES)}
    assert links["alternate"] and links["alternate"].startswith("http://tapeline.test/?event=deepseek-")
    assert links["via"] in set(tables.sources["url"])


def test_the_feed_takes_the_filter(get: partial[Told], tables: Tables) -> None:
    rows = milestones.select(tables, Selection(companies=("deepseek",)))
    root = xml.fromstring(get("/feed.atom?company=deepseek").body)
    assert root.findtext("a:title", namespaces=NAMES) == "DeepSeek · Tapeline"
    assert len(root.findall("a:entry", NAMES)) == min(len(rows), feed.MOST)
    empty = xml.fromstring(get("/feed.atom?q=zebra").body)
    assert not empty.findall("a:entry", NAMES) and empty.findtext("a:updated", namespaces=NAMES)


def test_an_entry_keeps_its_id_wherever_the_server_stands() -> None:
    assert feed.urn("deepseek-r1") == "urn:uuid:" + feed.urn("deepseek-r1").removeprefix("urn:uuid:") != feed.urn("deepseek-v3")
    assert feed.UNFIT.sub("", "a\x00b\u202fc") == "ab\u202fc"
