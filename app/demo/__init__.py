"""The demonstration county: departments, people and 45 projects, each led to its state by running the engine."""
