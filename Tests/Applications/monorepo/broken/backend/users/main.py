raise SystemExit("users has no names")
