"""`subscriptions`: what readers chose, in a signed file for another server; links that set topics up."""
