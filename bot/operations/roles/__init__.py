"""Which process does what: roles, and the leases on those that one process at a time may have."""
