__version__ = "two"
