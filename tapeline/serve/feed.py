"""An Atom feed of the newest milestones: RFC 4287, one entry a milestone, its sources as links."""

from __future__ import annotations

import re
import uuid
from typing import Any
from xml.etree import ElementTree as xml

import pandas as pd
from starlette.requests import Request

from tapeline import milestones, titles
from tapeline.milestones import Tables, figures_of
from tapeline.rows import each
from tapeline.serve import tables as room
from tapeline.serve.answers import Answer
from tapeline.words import quantity

MOST = 50
ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "application/atom+xml"
UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""


def atom(tables: Tables, request: Request) -> Answer:
    """Answer with the newest milestones that the filter lets through, the newest first."""
    selection, ignored = room.chosen(tables, request)
    rows = milestones.select(tables, selection).iloc[::-1].head(MOST)
    home, query = str(request.base_url), request.url.query
    root = xml.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _add(root, "id", urn(f"feed?{query}"))
    _add(root, "title", titles.of(tables, selection))
    _add(root, "subtitle", titles.description(tables, selection))
    _add(root, "updated", _instant(rows["checked_on"].max() if len(rows) else pd.Timestamp(tables.book.descriptor["created"]).tz_localize(None)))
    _link(root, "self", str(request.url), MEDIA)
    _link(root, "alternate", f"{home}{f'?{query}' if query else ''}", "text/html")
    for licence in tables.book.descriptor.get("licenses", []):
        _link(root, "license", licence["path"])
    _add(root, "rights", ", ".join(licence.get("title", licence["name"]) for licence in tables.book.descriptor.get("licenses", [])))
    author = xml.SubElement(root, "author")
    _add(author, "name", ", ".join(person["title"] for person in tables.book.descriptor.get("contributors", [])) or titles.NAME)
    _add(root, "generator", titles.NAME)
    for row in each(rows):
        _entry(xml.SubElement(root, "entry"), tables, row, home)
    headers = {"X-Tapeline-Ignored": ignored} if ignored else {}
    xml.indent(root)
    return Answer(xml.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n", MEDIA, room.changed(tables.book), headers=headers)


def urn(name: str) -> str:
    """Name something for good, wherever the server stands."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"tapeline:{name}").urn


def _entry(entry: xml.Element, tables: Tables, row: Any, home: str) -> None:
    _add(entry, "id", urn(row.milestone_id))
    _add(entry, "title", row.title)
    _add(entry, "updated", _instant(row.checked_on))
    _add(entry, "published", _instant(row.date))
    _link(entry, "alternate", f"{home}?event={row.milestone_id}", "text/html")
    for url in tables.sources.loc[tables.sources["milestone_id"] == row.milestone_id, "url"]:
        _link(entry, "via", url)
    xml.SubElement(entry, "category", {"term": row.kind, "label": tables.book.labels("milestones", "kind")[row.kind]})
    xml.SubElement(entry, "category", {"term": row.company_id, "label": tables.names[row.company_id]})
    figures = [f"{figure.label}: {quantity(figure)}." for figure in each(figures_of(tables, row.milestone_id))]
    _add(entry, "summary", " ".join([row.summary, *figures]))


def _add(parent: xml.Element, name: str, words: str) -> None:
    xml.SubElement(parent, name).text = UNFIT.sub("", words)


def _link(parent: xml.Element, rel: str, href: str, media: str = "") -> None:
    xml.SubElement(parent, "link", {"rel": rel, "href": href} | ({"type": media} if media else {}))


def _instant(date: pd.Timestamp) -> str:
    return f"{date:%Y-%m-%d}T00:00:00Z"
