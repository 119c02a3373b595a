"""The one quiet line on the market: where its series come from, how far they reach, what is being asked, what failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
import streamlit as st

from tapeline.market.feed import LIVE, Share, State
from tapeline.ui import loaders, screen
from tapeline.ui.text import plain
from tapeline.words import count

BUSY, IDLE = "2s", "15s"
FAILED = {
    "rate_limited": "rate limited by Yahoo Finance", "provider_down": "no answer from Yahoo Finance", "unknown_symbol": "unknown to Yahoo Finance",
    "no_data": "no bars at Yahoo Finance", "partial": "the newest bars are missing at Yahoo Finance",
}  # fmt: skip


def show(view: loaders.View) -> None:
    """Draw the line with its button; look at the feed now and then, and draw the page anew when newer series stand ready."""
    feed = loaders.feed()
    feed.wake()
    working = feed.working()
    st.fragment(_line, run_every=BUSY if working else IDLE)(view.market.version, working)


def words(state: State, now: datetime, zone: tzinfo, online: bool) -> list[str]:
    """Return the parts of the line: source and reach, what is being asked or failed, what is wrong with store or clock."""
    parts = [reach(state.shares)]
    if state.asking:
        parts.append(f"asking Yahoo Finance: {state.asking[0]} of {state.asking[1]}")
    elif not online:
        parts.append("TAPELINE_OFFLINE is set, so nothing newer is asked for")
    else:
        parts += failures(list(state.shares.values()), now, zone)
    late = [share.ticker for share in state.shares.values() if share.hard_stale]
    parts += [f"{_some(late, len(state.shares))} more than three sessions behind"] if late else []
    newest = max((share.as_of for share in state.shares.values()), default=None)
    if newest is not None and newest > pd.Timestamp(now).tz_localize(None) + pd.Timedelta(days=1):
        parts.append(f"this server's clock says {now:%Y-%m-%d}, before the newest session: set it right")
    return [*parts, *([state.notice.rstrip(".")] if state.notice else [])]


def reach(shares: Mapping[str, Share]) -> str:
    """Say where the series come from and how far they reach."""
    live = [share.as_of for share in shares.values() if share.live]
    bundled = [share.as_of for share in shares.values() if not share.live]
    parts = [f"{LIVE}, closes to {max(live):%Y-%m-%d}"] if live else []
    some = f" for {count(len(bundled), 'ticker')}" if live else ""
    parts += [f"bundled index to {max(bundled):%Y-%m-%d}{some}"] if bundled else []
    return f"Market: {'; '.join(parts) or 'none'}"


def failures(shares: Sequence[Share], now: datetime, zone: tzinfo) -> list[str]:
    """Say which tickers failed, why, when, and when they are asked again; one phrase a reason."""
    found = []
    for status, why in FAILED.items():
        bad = [share for share in shares if share.failed == status]
        asked = max((share.asked_at for share in bad if share.asked_at), default=None)
        following = min((share.next_try for share in bad if share.next_try), default=None)
        if asked and following:
            again = f", next try {_clock(following, now, zone)}" if following > now else ", trying again"
            found.append(f"{_some([share.ticker for share in bad], len(shares))}: {why} at {_clock(asked, now, zone)}{again}")
    return found


def _line(version: int, working: bool) -> None:
    feed = loaders.feed()
    feed.wake()
    state = feed.now()
    if state.version != version or feed.working() != working:
        st.rerun(scope="app")
    now = feed.clock()
    with st.container(key="market-line"):
        text, control = st.columns([8, 1], vertical_alignment="center", gap="small") if screen.width() != "phone" else (st, st)
        text.caption(plain("; ".join(words(state, now, zone(), loaders.online()))))
        if state.asking:
            control.progress(state.asking[0] / max(state.asking[1], 1))
        elif loaders.online():
            control.button("Refresh", key="refresh", icon=":material/refresh:", type="tertiary", on_click=_refresh,
                           help="Ask Yahoo Finance for newer closes now. Pages stay as they are meanwhile.")  # fmt: skip


def _refresh() -> None:
    loaders.feed().wake(force=True)


def zone() -> tzinfo:
    """Return the reader's time zone, UTC where the browser does not say."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _some(tickers: Sequence[str], of: int) -> str:
    if len(tickers) == of and of > 3:
        return f"all {of} tickers"
    return " and ".join(tickers[:2]) if len(tickers) <= 2 else f"{tickers[0]} and {len(tickers) - 1} more"


def _clock(moment: datetime, now: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == now.astimezone(zone).date() else f"{local:%Y-%m-%d %H:%M}"
