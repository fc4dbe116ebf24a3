"""A ledger of dated signals about how the allies of one principal state stand towards it."""

__version__ = "0.1.0"
