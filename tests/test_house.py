"""The house keeps its own rules: sizes, doors, colours in one place, documents that tell the truth."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

CODE = sorted([*ROOT.glob("*.py"), *ROOT.glob("pages/*.py"), *ROOT.glob("tapeline/**/*.py")])
FUNCTION_LINES, PAGE_LINES, MODULE_LINES = 40, 50, 300


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_function_and_no_module_outgrows_its_room(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MODULE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno + 1 <= FUNCTION_LINES, node.name


@pytest.mark.parametrize("path", sorted(ROOT.glob("pages/*.py")), ids=lambda path: path.name)
def test_a_page_is_a_paragraph(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= PAGE_LINES
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda))]


@pytest.mark.parametrize("path", [*sorted(ROOT.glob("*.py")), *sorted(ROOT.glob("pages/*.py"))], ids=lambda path: path.name)
def test_pages_and_server_import_only_what_they_may(path: Path) -> None:
    allowed = {"gc", "streamlit", "starlette", "tapeline", "pathlib", "collections", "contextlib", "typing", "__future__"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        assert {str(name).split(".")[0] for name in names} <= allowed


def test_every_colour_stands_in_the_configuration_alone() -> None:
    found = {path.name for path in [*CODE, *ROOT.glob("assets/*.css")] if re.search(r"#[0-9A-Fa-f]{6}\b|rgb\(\d", path.read_text(encoding="utf-8"))}
    assert found == set()


def test_direct_dependencies_are_pinned_and_named_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r")):
                package, version = line.split("==")
                assert version
                assert f"`{package}`" in readme, package


def test_every_command_of_the_documents_exists() -> None:
    from tapeline.cli import _parser

    choices = next(action.choices for action in _parser()._actions if isinstance(action.choices, dict))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md", "data/README.md", "docs/method.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert set(re.findall(r"python -m tapeline (\w+)", text)) <= set(choices), name
        assert set(re.findall(r"`make (\w+)`", text)) <= targets, name


def test_documents_link_to_files_that_are_there() -> None:
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "data" / "README.md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), (path.name, target)


def test_the_citation_names_the_version_of_the_data() -> None:
    from tapeline import package

    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f'version: "{package.read_codebook(package.SHIPPED).version}"' in citation


def test_the_citation_has_what_its_format_requires() -> None:
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    keys = re.findall(r"^([a-z-]+):", text, re.MULTILINE)
    known = {"abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi", "identifiers", "keywords", "license", "license-url",
             "message", "preferred-citation", "references", "repository", "repository-artifact", "repository-code", "title", "type", "url",
             "version"}  # fmt: skip
    assert {"authors", "cff-version", "message", "title"} <= set(keys) <= known, "the keys of Citation File Format 1.2.0"
    assert len(set(keys)) == len(keys)
    assert re.search(r"^cff-version: 1\.2\.0$", text, re.MULTILINE) and re.search(r"^type: (dataset|software)$", text, re.MULTILINE)
    assert re.search(r'^date-released: "20\d\d-\d\d-\d\d"$', text, re.MULTILINE)


def test_nothing_reads_outside_the_project() -> None:
    for path in [*CODE, *ROOT.glob("tests/**/*.py"), ROOT / "Makefile", ROOT / ".ci" / "run"]:
        if path != Path(__file__):
            assert "../shared" not in path.read_text(encoding="utf-8"), path


def test_the_configuration_is_one_that_streamlit_knows() -> None:
    from streamlit import config

    look = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    def options(section: dict[str, object], prefix: str) -> list[str]:
        return [
            name for key, value in section.items() for name in (options(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"])
        ]

    known = set(config.get_config_options())
    assert set(options(look, "")) <= known
