"""The shipped diagrams and forms: what every file must keep, and one story per end event."""
