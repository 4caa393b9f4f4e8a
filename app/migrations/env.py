"""How Alembic runs our migrations: one transaction, foreign keys checked at the end rather than on the way."""

from __future__ import annotations

from alembic import context

import app.models.tables
from app.models.base import Base
from app.unit_of_work import engine

__all__ = ["app"]

with engine().connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    driver = connection.connection.driver_connection
    if sqlite and driver is not None:
        # a batch migration of a parent table with ON DELETE CASCADE would silently delete its children
        driver.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=sqlite, transactional_ddl=True
    )
    with connection.begin(), context.begin_transaction():
        if sqlite and driver is not None:
            driver.execute("BEGIN IMMEDIATE")
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"foreign keys are broken after the migration: {broken[:5]}")
    if sqlite and driver is not None:
        driver.execute("PRAGMA foreign_keys=ON")
