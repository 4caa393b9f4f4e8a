"""An approval in three steps, for Viewflow: the equal of the process that the benchmark runs on our engine."""
