"""Choices that belong to one page: drawn as a row of options, kept in the address where they are not the usual one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st


def one_of(label: str, key: str, words: Mapping[str, str], usual: str) -> str:
    """Draw a choice of one option and return it; `key` is its parameter in the address, absent there while it is the usual one."""
    current = _current(key, words, usual)
    widget = f"{key}-option"
    st.session_state[widget] = current
    st.segmented_control(label, list(words), key=widget, format_func=words.__getitem__, on_change=_keep, args=(key, usual))
    return current


def from_list(label: str, key: str, words: Mapping[str, str], usual: str, help: str | None = None) -> str:
    """Draw a choice from a list and return it, kept as in `one_of`."""
    current = _current(key, words, usual)
    widget = f"{key}-option"
    st.session_state[widget] = current
    st.selectbox(label, list(words), key=widget, format_func=words.__getitem__, on_change=_keep, args=(key, usual), help=help)
    return current


def pills(label: str, key: str, words: Mapping[str, str], usual: str) -> str:
    """Draw a choice of one option among many and return it, kept as in `one_of`; its label is not shown."""
    current = _current(key, words, usual)
    widget = f"{key}-option"
    st.session_state[widget] = current
    st.pills(label, list(words), key=widget, format_func=words.__getitem__, on_change=_keep, args=(key, usual), required=True,
             label_visibility="collapsed")  # fmt: skip
    return current


def maybe(label: str, key: str, words: Mapping[str, str], placeholder: str) -> str | None:
    """Draw a choice from a list that may stay open and return it, kept as in `one_of`."""
    widget = f"{key}-option"
    current = _current(key, words, "") or None
    st.session_state[widget] = current
    st.selectbox(label, list(words), index=None, key=widget, format_func=lambda name: words.get(name, name), on_change=_keep, args=(key, ""),
                 placeholder=placeholder, disabled=not words)  # fmt: skip
    return current


def tabs(key: str, words: Mapping[str, str], usual: str) -> Sequence[Any]:
    """Draw tabs and return them; the open one is kept as in `one_of`."""
    widget = f"{key}-tabs"
    st.session_state[widget] = words[_current(key, words, usual)]
    return st.tabs(list(words.values()), key=widget, on_change=_turn, args=(key, words, usual))


def _turn(key: str, words: Mapping[str, str], usual: str) -> None:
    names = {label: name for name, label in words.items()}
    chosen = names.get(st.session_state[f"{key}-tabs"], usual)
    st.session_state[key] = None if chosen == usual else chosen


def _current(key: str, words: Mapping[str, str], usual: str) -> str:
    chosen = st.session_state.get(key)
    return chosen if isinstance(chosen, str) and chosen in words else usual


def _keep(key: str, usual: str) -> None:
    value = st.session_state[f"{key}-option"]
    st.session_state[key] = None if value in (None, usual) else value
