"""Tables over HTTP: one of them, filtered as on the page, or the whole package."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from starlette.requests import Request

from tapeline import bundle, export, milestones
from tapeline.milestones import Tables
from tapeline.package import CODEBOOK, EVERYTHING, Codebook
from tapeline.selection import PARAMETERS, Selection, from_query
from tapeline.serve.answers import Answer, Refusal

FORMATS = {"csv": "text/csv", "json": "application/json", "parquet": "application/vnd.apache.parquet"}
FILTERED = ("milestones", "figures", "sources", "leads")
MEDIA = {".csv": "text/csv", ".md": "text/markdown", ".json": "application/json"}
VIEW = ("share", "event")
"""Parameters of a page's address that choose no rows."""


def table(tables: Tables, request: Request) -> Answer:
    """Answer with a table in a format: milestones as the page shows them, the others as they stand in the package."""
    name, ending = request.path_params["table"], request.path_params["ending"]
    if name not in EVERYTHING or ending not in FORMATS:
        raise unknown(tables, request)
    selection, ignored = chosen(tables, request)
    if not selection.is_empty and name not in FILTERED:
        raise Refusal(400, f"{name} takes no filter; {', '.join(FILTERED)} do. Leave the parameters out.")
    rows = milestones.select(tables, selection)
    if name == "milestones":
        frame, kinds = export.milestones(tables, rows), export.TYPES
    else:
        frame = export.table(tables, name, rows if name in FILTERED else None)
        kinds = export.types(tables.book, name)
    headers = {"X-Tapeline-Ignored": ignored} if ignored else {}
    data = export.csv(frame) if ending == "csv" else (export.as_json if ending == "json" else export.parquet)(frame, kinds)
    return Answer(data, FORMATS[ending], changed(tables.book), export.file_name(name.replace("_", "-"), tables, selection, ending), headers)


def codebook(tables: Tables, request: Request) -> Answer:
    """Answer with the codebook; its paths lead to the files as they lie on disk, so that it can be validated from afar."""
    return Answer(bundle.codebook(tables.book, "package/"), "application/json", changed(tables.book))


def archive(tables: Tables, request: Request) -> Answer:
    """Answer with the whole package as a ZIP."""
    return Answer(bundle.zipped(tables.book), "application/zip", changed(tables.book), f"tapeline_{tables.book.version}.zip")


def file(tables: Tables, request: Request) -> Answer:
    """Answer with a file of the package, byte for byte."""
    name, known = request.path_params["name"], bundle.files(tables.book)
    if name == CODEBOOK:
        return Answer(bundle.codebook(tables.book), MEDIA[".json"], changed(tables.book))
    if name not in known:
        raise Refusal(404, f"the package has no file {name[:80]!r}. It has {', '.join([CODEBOOK, *known])}.")
    return Answer(known[name].read_bytes(), MEDIA.get(Path(name).suffix, "text/plain"), changed(tables.book))


def unknown(tables: Tables, request: Request) -> Refusal:
    """Say what there is under /data/."""
    names, formats = ", ".join(EVERYTHING), ", ".join(FORMATS)
    return Refusal(404, f"there is no {request.url.path[:80]}. Ask for /data/TABLE.FORMAT, TABLE one of {names}, FORMAT one of {formats}; "
                   f"or for /data/{CODEBOOK}, /data/tapeline.zip, /feed.atom.")  # fmt: skip


def nowhere(tables: Tables, request: Request) -> Answer:
    """Refuse what nothing else answers."""
    raise unknown(tables, request)


def chosen(tables: Tables, request: Request) -> tuple[Selection, str]:
    """Read the filter; return it, and the names of parameters that are none of it.

    A value that nothing has is refused: a script that misspells a company must not get them all.
    """
    query = {key: request.query_params.getlist(key) for key in PARAMETERS}
    selection, wrong = from_query(query, tables.book, list(tables.companies["company_id"]))
    if wrong:
        valid = "".join(f"\n{key} takes {_valid(tables, key)}." for key in dict.fromkeys(part.split("=")[0] for part in wrong))
        raise Refusal(400, f"nothing here has {', '.join(part[:80] for part in wrong[:8])}.{valid}")
    others = [key for key in dict.fromkeys(request.query_params) if key not in (*PARAMETERS, *VIEW)]
    return selection, ", ".join(others).encode("ascii", "replace").decode()[:300].translate({13: " ", 10: " "})


def changed(book: Codebook) -> dt.datetime:
    """Return when a file of the package was last written."""
    times = [path.stat().st_mtime for path in (book.base / CODEBOOK, *bundle.files(book).values())]
    return dt.datetime.fromtimestamp(max(times), dt.UTC)


def _valid(tables: Tables, key: str) -> str:
    match key:
        case "company":
            return f"one of {', '.join(tables.companies['company_id'])}"
        case "kind" | "openness":
            return f"one of {', '.join(tables.book.labels('milestones', key))}"
    return "a day as 2025-01-20, with from no later than to"
