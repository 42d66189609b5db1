"""What several processes and several bots cost and bring."""
