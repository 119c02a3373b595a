"""Adoption."""
import streamlit as st
st.title("Adoption")
