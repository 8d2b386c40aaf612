__version__ = "one"
