"""The sample signals of the demo."""
