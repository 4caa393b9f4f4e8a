"""USE CASES: every write. Functions take a Session first and never commit."""
