"""What the numbers were measured on: cores, processor, memory, versions; no names and no paths."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = ("streamlit", "plotly", "pandas", "dash", "dash-ag-grid", "gunicorn", "orjson")


def describe(browser: str) -> str:
    """Say on what was measured, in one paragraph."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores ({processor()}), {psutil.virtual_memory().total / 2**30:.0f} GiB, "
        f"{platform.system()}, Python {platform.python_version()}, Chromium {browser} headless; {packages}. Servers and browser on the same cores, "
        f"over the loopback address; load average at the start {load:.1f}."
    )


def processor(path: Path = Path("/proc/cpuinfo")) -> str:
    """Return the processor's model."""
    found = re.search(r"^model name\s*:\s*(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE) if path.is_file() else None
    return found.group(1).strip() if found else platform.processor() or platform.machine()
