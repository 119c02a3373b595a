"""What the tests share: a copy of the data package that a test may break."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tapeline import milestones, package
from tapeline.milestones import Tables

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True, scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every test, and what it starts, from the network and from the user's own store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAPELINE_OFFLINE", "1")
        patch.setenv("TAPELINE_DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('store') / 'market.db'}")
        patch.delenv("TAPELINE_DATA", raising=False)
        yield


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A private copy of the shipped data package."""
    return Path(shutil.copytree(package.SHIPPED, tmp_path / "data"))


@pytest.fixture
def edit(base: Path) -> Callable[[str, str, str], int]:
    """Replace text once in a table of the copy; return the line on which it stood."""

    def replace(table: str, old: str, new: str) -> int:
        path = base / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {table}.csv"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace


@pytest.fixture(scope="session")
def tables() -> Tables:
    """The shipped tables."""
    return milestones.load(package.SHIPPED)
