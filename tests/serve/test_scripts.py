"""Plotly's script comes from the installed package, small and once."""

from __future__ import annotations

import gzip
from pathlib import Path

import plotly
from starlette.applications import Starlette

from tapeline.serve import scripts
from tests.serve.asking import Told, ask

SCRIPT = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def asked(address: str, **headers: str) -> Told:
    return ask(Starlette(routes=scripts.every()), f"/{address}", **headers)


def test_its_address_names_its_version() -> None:
    assert plotly.__version__ in scripts.ADDRESS


def test_the_script_is_the_package_s_own_and_kept_for_good() -> None:
    told = asked(scripts.ADDRESS, accept_encoding="gzip, br")
    assert told.status == 200
    assert told.headers["content-encoding"] == "gzip"
    assert "immutable" in told.headers["cache-control"]
    assert gzip.decompress(told.body) == SCRIPT.read_bytes()
    assert len(told.body) < len(SCRIPT.read_bytes()) / 3


def test_who_cannot_unpack_gets_it_plain() -> None:
    told = asked(scripts.ADDRESS, accept_encoding="identity")
    assert "content-encoding" not in told.headers
    assert told.body == SCRIPT.read_bytes()


def test_another_version_is_not_there() -> None:
    assert asked(scripts.ADDRESS.replace("plotly-", "plotly-0.")).status == 404
