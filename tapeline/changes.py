"""What changed in the data, version by version: the data sections of CHANGELOG.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = ROOT / "CHANGELOG.md"


class Change(NamedTuple):
    """What one version changed in the data: its heading and its points, as Markdown."""

    heading: str
    points: str


def of_data(path: Path = CHANGELOG) -> list[Change]:
    """Read the data sections, newest first; none where there is no change log."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    versions = re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    found = [(heading, re.search(r"^### The data\s*\n(.*?)(?=^### |\Z)", body, re.MULTILINE | re.DOTALL)) for heading, body in versions]
    return [Change(heading.strip(), section[1].strip()) for heading, section in found if section]
