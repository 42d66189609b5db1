"""Stories to render, and a judge of what comes of them."""
