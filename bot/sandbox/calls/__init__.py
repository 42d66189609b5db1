"""A call as it comes in and is answered: parameters, answers, log, limits, faults; and the updates to bots."""
