"""What a reader chose to see: the filter, and how it is written into a link.

A link carries ids, never labels: `?company=deepseek&company=meta&kind=funding&from=2025-01-01&q=llama`. The page, the
download routes and the command line read the same words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tapeline.package import Codebook


@dataclass(frozen=True)
class Selection:
    """A filter; an empty part lets everything through. `start` and `end` are days, both included."""

    companies: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    openness: tuple[str, ...] = ()
    start: dt.date | None = None
    end: dt.date | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether the filter lets everything through."""
        return self == Selection()

    def to_query(self) -> dict[str, list[str]]:
        """Write the filter as the parameters of a link, in a fixed order, leaving out what is empty."""
        words = {
            "company": list(self.companies),
            "kind": list(self.kinds),
            "openness": list(self.openness),
            "from": [self.start.isoformat()] if self.start else [],
            "to": [self.end.isoformat()] if self.end else [],
            "q": [self.text] if self.text else [],
        }
        return {key: values for key, values in words.items() if values}

    def slug(self) -> str:
        """Write the filter as part of a file name."""
        parts = [*self.companies, *self.kinds, *self.openness]
        parts += [f"from-{self.start}"] if self.start else []
        parts += [f"to-{self.end}"] if self.end else []
        parts += ["search"] if self.text else []
        name = "-".join(part.replace("_", "-") for part in parts)
        return name if len(name) <= 80 else f"{name[:80].rsplit('-', 1)[0]}-and-more"


PARAMETERS = ("company", "kind", "openness", "from", "to", "q")
MAX_TEXT = 100
FIRST_DAY = dt.date(2017, 1, 1)
"""Nothing in the data is older; earlier days in a link mean this one, and days to come mean today."""


def from_query(query: Mapping[str, Sequence[str]], book: Codebook, companies: Sequence[str]) -> tuple[Selection, list[str]]:
    """Read the filter from a link's parameters.

    Returns the filter and, in words, each value that was ignored because nothing has it.
    """
    ignored: list[str] = []
    known = {
        "company": companies,
        "kind": list(book.labels("milestones", "kind")),
        "openness": list(book.labels("milestones", "openness")),
    }
    chosen = {key: _known(key, query.get(key, ()), names, ignored) for key, names in known.items()}
    start, end = (_day(key, query.get(key, ()), ignored) for key in ("from", "to"))
    if start and end and start > end:
        ignored.append(f"to={end}, which is before from={start}")
        end = None
    text = " ".join(" ".join(query.get("q", ())).split())[:MAX_TEXT]
    return Selection(chosen["company"], chosen["kind"], chosen["openness"], start, end, text), ignored


def without(selection: Selection, key: str, value: str) -> Selection:
    """Take one value out of the filter; `key` is a parameter of the link."""
    match key:
        case "company":
            return replace(selection, companies=tuple(name for name in selection.companies if name != value))
        case "kind":
            return replace(selection, kinds=tuple(name for name in selection.kinds if name != value))
        case "openness":
            return replace(selection, openness=tuple(name for name in selection.openness if name != value))
        case "from":
            return replace(selection, start=None)
        case "to":
            return replace(selection, end=None)
    return replace(selection, text="")


def _known(key: str, values: Sequence[str], names: Sequence[str], ignored: list[str]) -> tuple[str, ...]:
    kept = dict.fromkeys(value for value in values if value in names)
    ignored += [f"{key}={value}" for value in dict.fromkeys(values) if value and value not in names]
    return tuple(kept)


def _day(key: str, values: Sequence[str], ignored: list[str]) -> dt.date | None:
    for value in filter(None, values[:1]):
        try:
            return min(max(dt.date.fromisoformat(value), FIRST_DAY), dt.date.today())
        except ValueError:
            ignored.append(f"{key}={value}")
    return None
