"""A PostgreSQL of one's own on 127.0.0.1, in a folder that goes with it; from Debian's package or any other that is found."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOT_FOUND = "PostgreSQL is not installed here, so the store was tested with SQLite alone (Debian, Ubuntu: sudo apt-get install postgresql)"


def binaries() -> Path | None:
    """Return the folder with initdb and postgres, the newest of several; None where there is none."""
    named = shutil.which("initdb")
    known = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found = sorted(known, key=lambda path: float(path.parent.name)) or ([Path(named).resolve().parent] if named else [])
    return next((path for path in reversed(found) if (path / "postgres").exists()), None)


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """Start a server on a free port; yield its address. It refuses to run as root, so root lends it another user."""
    lent = {"user": "nobody"} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="tapeline-postgres-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    try:
        if lent:
            os.chown(folder, pwd.getpwnam(lent["user"]).pw_uid, -1)
        base = folder / "base"
        begin = [str(programs / "initdb"), "-D", str(base), "-U", "tapeline", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(begin, check=True, capture_output=True, cwd=folder, **lent)  # type: ignore[call-overload]
        options = ["-D", str(base), "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen([str(programs / "postgres"), *options], stdout=log, stderr=log, cwd=folder, **lent)  # type: ignore[call-overload]
        try:
            _wait(port, server, folder / "log")
            yield f"postgresql://tapeline@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    for _ in range(200):
        assert server.poll() is None, log.read_text()
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="tapeline", dbname="postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise AssertionError(f"PostgreSQL did not start:\n{log.read_text()}")
