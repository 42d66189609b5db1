"""Other clients under the same load. Those that are not our own dependencies live in an environment apart."""
