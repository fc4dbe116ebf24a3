"""The only place that knows SQLModel, SQLAlchemy and Alembic."""

import os

# Before SQLModel is imported: Pydantic would look for plugins in all that is installed, and tables need none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
