"""TABLES: what is stored, and the constraints that the database itself keeps."""
