VERSION = "two"
if __name__ == "__main__":
    print(VERSION)
