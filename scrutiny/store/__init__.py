"""The only place that knows SQLModel, SQLAlchemy and Alembic."""
