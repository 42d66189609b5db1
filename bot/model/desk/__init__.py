"""What the editors' desk knows of stories in the making: checks, locks, rules, cards, deeds, lists."""
