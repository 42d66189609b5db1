"""The measurements, a module each: `async def measure() -> list[Figure]`, beside its baseline."""
