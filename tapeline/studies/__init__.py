"""Event studies of what Tapeline knows, and of files that somebody brings.

`files` reads prices and events and says what is wrong with which row; `series` finds day 0 and lays series side by side;
`brought` runs a study of files, `known` one of the milestones and shares of the data package; `frames` and `report` write results.
"""
