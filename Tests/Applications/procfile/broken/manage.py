import sys

sys.exit("the address of the mail server is not set")
