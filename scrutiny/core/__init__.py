"""The pure part: values in, values out; no clock, file, database or printing."""
