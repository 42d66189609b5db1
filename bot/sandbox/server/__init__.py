"""The sandbox over HTTP: the Bot API, the control API, the page's live feed."""
