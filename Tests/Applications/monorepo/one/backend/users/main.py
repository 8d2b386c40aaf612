import pathlib, sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from service import serve
from version import VERSION

serve(lambda method, path, body: (200, VERSION + "\n"))
