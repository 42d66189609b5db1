"""Where a delivery goes within its chat, and what stands below it."""
