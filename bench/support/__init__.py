"""Parts that measurements share."""
