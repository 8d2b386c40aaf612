__version__ = "one"
if __name__ == "__main__":
    print(__version__)
