"""Rules of sense: whether what the rows say can be true, beside each other and beside what is known elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pandas as pd

from tapeline.errors import Fault
from tapeline.rows import each
from tapeline.rules.frames import Tables, line

GUARDS = ("epoch_dates", "false_claims")
"""Tables in data/guards: release dates of Epoch AI to compare with, and false claims that circulate."""

TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|mc_[ce]id|igshid|cid|ref|ref_src|s)$")
SEARCHES = re.compile(r"^(www\.)?(google|bing|duckduckgo|baidu|yahoo)\.[a-z.]+$")
DAYS_APART = 31


def addresses_are_clean(tables: Tables) -> Iterator[Fault]:
    """An address is https, has a host, no tracking parameters, and is no page of search results."""
    for table, column in (("sources", "url"), ("exposures", "source_url"), ("earnings", "source_url"), ("rate_decisions", "source_url")):
        for row, address in tables[table][column].items():
            if address and (wrong := _unclean(str(address))):
                todo = "Name the page itself, without what was added to its address."
                yield Fault(table, line(row), column, f"{address} ({wrong})", "the https address of the page alone", todo)


def spelled_one_way(tables: Tables) -> Iterator[Fault]:
    """Publishers, lead investors, and products of one company, differ in more than capitals, spaces and signs; a plus is part of a name."""
    milestones = tables["milestones"]
    products = milestones[milestones["product"] != ""]
    for table, column, owners, names in (
        ("sources", "publisher", [""] * len(tables["sources"]), tables["sources"]["publisher"]),
        ("milestones", "product", list(products["company_id"]), products["product"]),
        ("leads", "led_by", [""] * len(tables["leads"]), tables["leads"]["led_by"]),
    ):
        known: dict[tuple[str, str], str] = {}
        for (row, name), owner in zip(names.items(), owners, strict=True):
            first = known.setdefault((owner, re.sub(r"[^\w+]|_", "", str(name).casefold())), str(name))
            if str(name) != first:
                yield Fault(table, line(row), column, repr(name), f"one spelling, {first!r} as above", "Spell it one way.")


def figures_lie_within_bounds(tables: Tables) -> Iterator[Fault]:
    """A figure lies within the bounds that its metric states; one outside is most often a slip of units."""
    figures = tables["figures"]
    metrics = tables["metrics"].drop_duplicates("metric_id").set_index("metric_id")[["least", "most", "unit"]]
    found = figures.join(metrics, on="metric_id")
    value, least, most = (pd.to_numeric(found[name], errors="coerce") for name in ("value", "least", "most"))
    for row in found.index[(value < least) | (value > most)]:
        cell = found.loc[row]
        expected = f"{cell['least']} to {cell['most']} {cell['unit']}"
        yield Fault("figures", line(row), "value", repr(cell["value"]), expected, "Correct the value, or the metric's bounds.")


def totals_never_fall(tables: Tables) -> Iterator[Fault]:
    """A cumulative figure of one product is never below an earlier one."""
    cumulative = tables["metrics"].loc[tables["metrics"]["behaviour"] == "cumulative", "metric_id"]
    figures = tables["figures"][tables["figures"]["metric_id"].isin(cumulative)]
    about = tables["milestones"].drop_duplicates("milestone_id").set_index("milestone_id")[["company_id", "product", "date"]]
    series = figures.join(about, on="milestone_id", how="inner").assign(value=lambda frame: pd.to_numeric(frame["value"], errors="coerce"))
    for _, steps in series.sort_values("date", kind="stable").groupby(["company_id", "product", "metric_id"]):
        highest = steps["value"].cummax().shift()
        for row in steps.index[steps["value"] < highest]:
            expected = f"at least {highest[row]:.0f}, the value before"
            yield Fault("figures", line(row), "value", str(steps.at[row, "value"]), expected, "Correct value, date, product or metric.")


def weights_follow_the_model(tables: Tables) -> Iterator[Fault]:
    """The weights of a product are not out before the row that announced it without them."""
    milestones = tables["milestones"]
    releases = milestones[(milestones["kind"] == "model_release") & (milestones["product"] != "")]
    closed = releases[releases["openness"] == "closed"].groupby(["company_id", "product"])["date"].min()
    for row, release in releases[releases["openness"] == "open_weights"].iterrows():
        announced = closed.get((release["company_id"], release["product"]), "")
        if release["date"] < announced:
            yield Fault("milestones", line(row), "date", repr(release["date"]), f"a day from {announced} on, when it was announced without weights",
                        "Correct one of the dates, or openness.")  # fmt: skip


def dates_agree_with_epoch(tables: Tables) -> Iterator[Fault]:
    """A release is dated within 31 days of Epoch AI's date for the model, or its note says why not."""
    rows = tables["milestones"].rename_axis("line").reset_index()
    both = rows.merge(tables["epoch_dates"], on="milestone_id", suffixes=("", "_epoch"))
    ours, theirs = (pd.to_datetime(both[name], format="%Y-%m-%d", errors="coerce") for name in ("date", "date_epoch"))
    far = both[((ours - theirs).abs() > pd.Timedelta(days=DAYS_APART)) & (both["note"] == "")]
    for row in each(far):
        expected = f"a date within {DAYS_APART} days of {row.date_epoch}, which Epoch AI has for {row.model}"
        yield Fault("milestones", row.line, "date", repr(row.date), expected, "Correct the date, or say why in the note.")


def no_false_claim(tables: Tables) -> Iterator[Fault]:
    """No row repeats a claim that is known to be false: its company, its date and its words."""
    milestones = tables["milestones"]
    text = milestones["title"] + " " + milestones["product"] + " " + milestones["milestone_id"]
    for claim in tables["false_claims"].to_dict("records"):
        said = re.compile(claim["pattern"], re.IGNORECASE)
        alike = milestones["date"].str.startswith(claim["date"]) & text.map(lambda words, said=said: bool(said.search(words)))
        for row in milestones.index[alike & (milestones["company_id"] == claim["company_id"])]:
            yield Fault("milestones", line(row), "date", repr(milestones.at[row, "title"]), f"not this: {claim['why']}", "Remove or correct the row.")


RULES = (
    addresses_are_clean, spelled_one_way, figures_lie_within_bounds, totals_never_fall, weights_follow_the_model,
    dates_agree_with_epoch, no_false_claim,
)  # fmt: skip


def _unclean(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" or "." not in parts.netloc:
        return "no https address"
    extra = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if TRACKING.match(name)]
    if extra:
        return f"tracking parameter {extra[0]}"
    if SEARCHES.match(parts.netloc) and parts.path.startswith(("/search", "/s", "/?q")):
        return "a page of search results"
    return ""
