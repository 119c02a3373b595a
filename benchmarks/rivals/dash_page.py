"""The overview as a tuned Dash page: one callback for all that the filter moves, one for the card, drawn by `Plotly.react`.

The first view comes with the layout, so that opening a link needs no callback. `server` is the WSGI application.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import dash_ag_grid as dag
import flask
from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from benchmarks.rivals import overview
from tapeline.selection import FIRST_DAY, Selection, from_query

CONFIG = {"displayModeBar": False, "doubleClick": False}
SIDE = {"width": "260px", "flex": "none", "padding": "24px 16px", "background": "whitesmoke"}
PAGE = {"display": "flex", "fontFamily": "sans-serif", "alignItems": "stretch"}
DRAWER = {"position": "fixed", "top": 0, "right": 0, "bottom": 0, "width": "640px", "overflow": "auto", "padding": "24px",
          "background": "white", "boxShadow": "0 0 12px grey", "zIndex": 10}  # fmt: skip
COLUMNS = [{"field": name, "flex": 3 if name == "What happened" else 1} for name in overview.COLUMNS]

app = Dash(__name__, title="Overview in Dash", serve_locally=True)
server = app.server


def picture(values: Sequence[float]) -> str:
    """Return small bars as the address of a picture."""
    top = max([*map(abs, values), 1e-9])
    wide = 100 / max(len(values), 1)
    bars = "".join(
        f"<rect x='{at * wide:.2f}' y='{30 - 30 * abs(value) / top:.2f}' width='{wide * 0.8:.2f}' height='{30 * abs(value) / top:.2f}'/>"
        for at, value in enumerate(values)
    )
    drawn = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 30' preserveAspectRatio='none' fill='gray'>{bars}</svg>"
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"


def numbers(shown: overview.Shown) -> list[Any]:
    """Draw the row of numbers."""
    box = {"flex": 1, "height": "108px", "border": "1px solid lightgray", "padding": "16px", "overflow": "hidden"}
    return [
        html.Div([html.Small(number.label), html.H3(number.value), html.Img(src=picture(number.history), width="100%", height=30)], style=box)
        for number in shown.numbers
    ]


def sidebar(wanted: Selection) -> Any:
    """Draw the filter."""
    held = overview.data()
    options = [{"value": key, "label": name} for key, name in sorted(held.names.items(), key=lambda pair: pair[1].casefold())]
    labels = held.tables.book.labels
    return html.Div(style=SIDE, children=[
        html.H2("Overview"),
        html.Label("Companies"), dcc.Dropdown(options, list(wanted.companies), id="company", multi=True),
        html.Label("Kinds"), dcc.Checklist(labels("milestones", "kind"), list(wanted.kinds), id="kind"),
        html.Label("Openness"), dcc.Checklist(labels("milestones", "openness"), list(wanted.openness), id="openness"),
        html.Label("From"), dcc.DatePickerSingle(id="from", date=wanted.start, min_date_allowed=FIRST_DAY, clearable=True),
        html.Label("To"), dcc.DatePickerSingle(id="to", date=wanted.end, min_date_allowed=FIRST_DAY, clearable=True),
        html.Label("Search"), dcc.Input(id="q", value=wanted.text, debounce=True, type="search"),
    ])  # fmt: skip


def layout() -> Any:
    """Draw the page of the link that the reader opened."""
    asked = urlsplit(flask.request.referrer or "").query if flask.has_request_context() else ""
    wanted = overview.chosen(parse_qs(asked))
    shown = overview.show(wanted) or overview.show(Selection())
    assert shown is not None
    controls = [
        dcc.RadioItems(list(overview.RANGES), "Max", id="range", inline=True),
        dcc.Dropdown(list(overview.data().histories), [], id="share", multi=True, placeholder="By relation", style={"width": "400px"}),
    ]
    main = [
        html.H1(shown.title, id="title"), html.P(shown.finding, id="finding"),
        html.Div(numbers(shown), id="numbers", style={"display": "flex", "gap": "16px"}),
        html.Div(controls, style={"display": "flex", "gap": "16px", "alignItems": "center"}),
        dcc.Graph(figure=shown.figure, id="tape", config=CONFIG), html.Small(shown.note, id="note"),
        dag.AgGrid(id="table", rowData=shown.table.to_dict("records"), columnDefs=COLUMNS, getRowId="params.data.id", style={"height": "318px"}),
        html.A("CSV", id="csv", href=f"/milestones.csv?{asked}"),
    ]  # fmt: skip
    return html.Div(style=PAGE, children=[
        sidebar(wanted), html.Div(main, style={"flex": 1, "minWidth": 0, "padding": "32px 48px"}),
        html.Div(id="drawer", role="dialog", hidden=True, style=DRAWER, children=[html.Button("Close", id="close"), html.Div(id="card")]),
    ])  # fmt: skip


app.layout = layout


@app.callback(
    [Output("title", "children"), Output("finding", "children"), Output("numbers", "children"), Output("tape", "figure"), Output("note", "children"),
     Output("table", "rowData"), Output("csv", "href"), Output("from", "date"), Output("to", "date")],
    [Input("company", "value"), Input("kind", "value"), Input("openness", "value"), Input("from", "date"), Input("to", "date"), Input("q", "value"),
     Input("range", "value"), Input("share", "value")],
    prevent_initial_call=True,
)  # fmt: skip
def filtered(*chosen: Any) -> Sequence[Any]:
    """Draw anew what the filter moves."""
    companies, kinds, openness, start, end, text, span, shares = chosen
    moved = ctx.triggered_id == "range"
    if moved:
        first = overview.since(span)
        start, end = first.isoformat() if first else None, None
    query = {"company": companies, "kind": kinds, "openness": openness, "from": [start], "to": [end], "q": [text]}
    wanted = overview.chosen({key: [value for value in values or [] if value] for key, values in query.items()})
    shown = overview.show(wanted, tuple(shares or ()))
    if shown is None:
        return [no_update, "No milestone matches this filter.", *[no_update] * 7]
    address = "/milestones.csv?" + "&".join(f"{key}={value}" for key, values in wanted.to_query().items() for value in values)
    dates = [start, end] if moved else [no_update, no_update]
    return [shown.title, shown.finding, numbers(shown), shown.figure, shown.note, shown.table.to_dict("records"), address, *dates]


@app.callback(
    [Output("drawer", "hidden"), Output("card", "children"), Output("tape", "clickData")],
    [Input("tape", "clickData"), Input("close", "n_clicks")], State("drawer", "hidden"), prevent_initial_call=True,
)  # fmt: skip
def card(clicked: Any, _: Any, hidden: bool) -> Sequence[Any]:
    """Open the card of the mark that was clicked, or close it."""
    if ctx.triggered_id == "close":
        return [True, [], None]
    points = (clicked or {}).get("points") or []
    ids = points[0].get("customdata") if points else None
    if not ids or not isinstance(ids[0], str):
        return [no_update, no_update, no_update]
    told = overview.card(ids[0].split()[0])
    head, body = list(told.shares.columns), told.shares.to_numpy().tolist()
    return [False, [
        html.H2(told.title), html.Small(told.about), html.P(told.summary),
        html.H3("Figures"), html.Ul([html.Li(words) for words in told.figures]),
        html.H3("Sources"), html.Ul([html.Li(html.A(publisher, href=url)) for publisher, url in told.sources]),
        html.H3("Related shares"),
        html.Table([html.Tr([html.Th(cell) for cell in head]), *[html.Tr([html.Td(cell) for cell in line]) for line in body]]),
    ], no_update]  # fmt: skip


@server.route("/milestones.csv")
def file() -> flask.Response:
    """Return the milestones in view as a file."""
    tables = overview.data().tables
    query = flask.request.args.to_dict(flat=False)
    wanted, _ = from_query(query, tables.book, list(tables.companies["company_id"]))
    return flask.Response(overview.csv(wanted), mimetype="text/csv")


@server.route("/_alive")
def alive() -> str:
    """Answer once the data are read and the first view is drawn."""
    overview.show(Selection())
    return "ok"
