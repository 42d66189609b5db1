"""Words that a chat watches for, and stories that it follows: /alert, /alerts, /follow, /following."""
