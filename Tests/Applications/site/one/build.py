import pathlib

public = pathlib.Path("public")
public.mkdir(exist_ok=True)
for page in pathlib.Path("pages").glob("*.txt"):
    (public / f"{page.stem}.html").write_text(page.read_text())
