__version__ = "two"
if __name__ == "__main__":
    print(__version__)
