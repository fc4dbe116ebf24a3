"""One file a public feed of events; the name of the file is the name of the feed."""
