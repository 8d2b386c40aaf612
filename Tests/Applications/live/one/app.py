import asyncio, contextlib, os, sqlite3

from aiohttp import web

from version import __version__

DATABASE = os.environ["DATABASE_URL"].removeprefix("sqlite://")


def ask(sql, *values):
    with contextlib.closing(sqlite3.connect(DATABASE)) as database, database:
        return [row[0] for row in database.execute(sql, values)]


async def version(request):
    return web.Response(text=__version__ + "\n")


async def read(request):
    return web.Response(text="".join(f"{text}\n" for text in ask("SELECT text FROM message ORDER BY id")))


async def keep(request):
    ask("INSERT INTO message (text) VALUES (?)", await request.text())
    return web.Response(status=201)


async def socket(request):
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    with contextlib.suppress(ConnectionError):
        while not socket.closed:
            await socket.send_str(__version__)
            await asyncio.sleep(0.1)
    return socket


async def events(request):
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await stream.prepare(request)
    with contextlib.suppress(ConnectionError):
        while True:
            await stream.write(f"data: {__version__}\n\n".encode())
            await asyncio.sleep(0.1)
    return stream


application = web.Application()
application.add_routes([
    web.get("/", version), web.get("/items", read), web.post("/items", keep),
    web.get("/socket", socket), web.get("/events", events),
])
if __name__ == "__main__":
    web.run_app(application, host=os.environ["HOST"], port=int(os.environ["PORT"]), shutdown_timeout=1)
