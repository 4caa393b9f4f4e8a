"""The regulation: its rules as pure functions beside the articles they implement; the standard library only."""
