"""Open a page as a link would, without a browser: first the dashboard, which reads the link, then the page."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT


def opened(name: str, *tables: str, **query: list[str] | str) -> AppTest:
    """Run the dashboard with a link's parameters, then one of its pages with some tables opened; neither may fail."""
    test = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    for key, value in query.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception
    for table in tables:
        test.session_state[f"twin-{table}"] = True
    test.switch_page(f"pages/{name}.py").run()
    assert not test.exception, test.exception
    return test


def words(test: AppTest) -> str:
    """Return what stands on the page, without its escapes."""
    shown = [*test.title, *test.header, *test.caption, *test.markdown, *test.info, *test.warning, *test.error]
    return "\n".join(element.value for element in shown).replace("\\", "").replace("\u2060", "")


def headers(test: AppTest) -> list[str]:
    """Return the page's headings, without their escapes."""
    return [element.value.replace("\\", "").replace("\u2060", "") for element in test.header]
