"""What running needs: bots, leases, alerts, paid usage, pruning."""
