"""People of the newsroom: who may do what, given and taken by buttons; what was done by whom."""
