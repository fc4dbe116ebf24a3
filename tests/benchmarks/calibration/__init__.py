"""How well the trend model foretells signals, beside simple means; each file is one thing that is read or made."""
