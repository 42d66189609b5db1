"""What the desk alone asks and keeps: locks on drafts, lists of stories by state, search by headline."""
