"""The visit before the doors open: what it made, the first reader need not wait for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import asyncio
import app
from tapeline import once
from tapeline.ui import visitor

async def first_reader():
    async with app.app.lifespan()(app.app):
        ready = once.made()
        await visitor.come()
        print(ready, once.made() - ready)

asyncio.run(first_reader())
"""


def test_the_first_readers_find_everything_made(tmp_path: Path) -> None:
    known = {**os.environ, "TAPELINE_OFFLINE": "1", "TAPELINE_DATABASE_URL": f"sqlite:///{tmp_path / 'market.db'}"}
    ended = subprocess.run([sys.executable, "-c", PROGRAM], check=False, cwd=ROOT, env=known, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    ready, new = map(int, ended.stdout.split())
    assert ready > 0
    assert new == 0
