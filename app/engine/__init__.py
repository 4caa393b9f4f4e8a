"""BPMN and DMN: the only package that knows SpiffWorkflow and lxml. Start at `definition` and `runtime`."""
