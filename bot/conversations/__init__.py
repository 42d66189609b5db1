"""Listening: commands, buttons, memberships, the editors' cards. `routers` shows all of it on a page."""
