"""One file a report: values in, a view out."""
