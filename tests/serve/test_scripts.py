"""Plotly's script comes from the installed package, small and once."""

from __future__ import annotations

import gzip
from pathlib import Path

import plotly
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware

from tapeline.serve import scripts
from tests.serve.asking import Told, ask

STATIC = Path(streamlit.__file__).parent / "static" / "static"
SCRIPT = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def asked(address: str, **headers: str) -> Told:
    return ask(Starlette(routes=scripts.every(), middleware=[Middleware(scripts.Compressed, static=STATIC)]), f"/{address}", **headers)


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


def test_streamlit_s_own_scripts_and_styles_come_compressed() -> None:
    for path in (max((STATIC / "js").glob("index.*.js")), next((STATIC / "css").glob("*.css"))):
        told = asked(f"static/{path.parent.name}/{path.name}", accept_encoding="gzip")
        assert (told.status, told.headers["content-encoding"]) == (200, "gzip")
        assert gzip.decompress(told.body) == path.read_bytes()


@pytest.mark.parametrize("name", ["js/nothing.js", "js/..%2f..%2findex.html", "js/%2e%2e", "css/"])
def test_nothing_else_is_given_away(name: str) -> None:
    assert asked(f"static/{name}").status == 404
