"""The whole package in one ZIP: every table, the codebook, licence and README, ready for `frictionless validate`."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from tapeline.package import CODEBOOK, Codebook

DOCUMENTS = ("README.md", "LICENSE.md")


def files(book: Codebook) -> dict[str, Path]:
    """Return where each file of the package lies, by its name in the package: tables, licence, README and what the check compares with."""
    named = {str(resource["path"]): book.base / resource["path"] for resource in book.descriptor["resources"]}
    named |= {name: book.base / name for name in DOCUMENTS}
    named |= {f"guards/{path.name}": path for path in sorted(book.base.glob("guards/*.csv"))}
    return {name: path for name, path in named.items() if path.is_file()}


def codebook(book: Codebook, folder: str = "") -> bytes:
    """Write the codebook with the size and hash that each table has now; `folder` goes before each path."""
    resources = [_stamped(book, resource, folder) for resource in book.descriptor["resources"]]
    return (json.dumps({**book.descriptor, "resources": resources}, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def zipped(book: Codebook) -> bytes:
    """Pack the package: the same files give the same bytes."""
    out, folder = io.BytesIO(), f"{book.descriptor['name']}-{book.version}"
    made = dt.datetime.fromisoformat(book.descriptor["created"]).timetuple()[:6]
    contents = {CODEBOOK: codebook(book), **{name: path.read_bytes() for name, path in files(book).items()}}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            member = zipfile.ZipInfo(f"{folder}/{name}", made)
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(member, data)
    return out.getvalue()


def _stamped(book: Codebook, resource: dict[str, Any], folder: str) -> dict[str, Any]:
    data = (book.base / resource["path"]).read_bytes()
    return {**resource, "path": f"{folder}{resource['path']}", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data)}
