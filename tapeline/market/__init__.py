"""Where returns come from: series of index levels, exchange sessions, the bundled index."""
