"""What the service operations do, one module a subject."""
