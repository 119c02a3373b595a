"""Servers on 127.0.0.1: start one, wait until it is healthy, read its processor time and memory, stop it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
PATIENCE = 300.0
STREAMLIT = ("-m", "streamlit", "run")
HEADLESS = ("--server.headless=true", "--server.address=127.0.0.1", "--browser.gatherUsageStats=false")


class NotUp(Exception):
    """A server did not become healthy."""


@dataclass(frozen=True)
class App:
    """A page to measure: how to start it on a port, and the path that answers once it is ready."""

    name: str
    command: tuple[str, ...]
    health: str = "/_stcore/health"

    def on(self, port: int) -> list[str]:
        """Return the command that serves the page on a port."""
        return [sys.executable, *(word.replace("{port}", str(port)) for word in self.command)]


def streamlit(name: str, script: str) -> App:
    """Return a page that Streamlit serves."""
    return App(name, (*STREAMLIT, script, *HEADLESS, "--server.port={port}"))


TAPELINE = streamlit("Tapeline", "app.py")
PLAIN = streamlit("plain Streamlit", "benchmarks/rivals/plain.py")
ECHO = streamlit("echo", "benchmarks/rivals/echo.py")
DASH = App(
    "Dash", ("-m", "gunicorn", "--workers", "1", "--threads", "8", "--bind", "127.0.0.1:{port}", "--log-level", "error",
             "benchmarks.rivals.dash_page:server"), "/_alive",
)  # fmt: skip


@dataclass(frozen=True)
class Server:
    """A server that runs: its address, how long it took to be healthy, its processes."""

    app: App
    address: str
    seconds: float
    process: psutil.Process

    def cpu(self) -> float:
        """Return the processor seconds that its processes have used."""
        return float(sum(times.user + times.system for times in (process.cpu_times() for process in self._all())))

    def memory(self) -> float:
        """Return the memory of its own, resident, in MB."""
        return float(sum(process.memory_full_info().uss for process in self._all())) / 2**20

    def _all(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def running(app: App, port: int, scratch: Path, data: Path | None = None, more: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start a server, wait until it is healthy, and stop it at the end; it never asks the network for prices."""
    log = scratch / f"{app.name.replace(' ', '-')}-{port}.log"
    environment = {
        **os.environ, "TAPELINE_OFFLINE": "1", "TAPELINE_DATABASE_URL": f"sqlite:///{scratch / 'market.db'}",
        "TAPELINE_DATA": str(data) if data else "", "PYTHONPATH": str(ROOT), **(more or {}),
    }  # fmt: skip
    began = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(app.on(port), cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        seconds = _healthy(f"http://127.0.0.1:{port}{app.health}", process, log) - began
        yield Server(app, f"http://127.0.0.1:{port}", seconds, psutil.Process(process.pid))
    finally:
        _stop(process)


def _healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> float:
    """Wait until an address answers; return when it did."""
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return time.perf_counter()
        except OSError:
            time.sleep(0.02)
    raise NotUp(f"The server behind {url} did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


def ports(first: int) -> Iterator[int]:
    """Count up the ports that servers are started on."""
    yield from range(first, first + 200)
