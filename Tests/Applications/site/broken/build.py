import pathlib

pathlib.Path("public").mkdir(exist_ok=True)
pathlib.Path("public/start.html").write_text("broken\n")
