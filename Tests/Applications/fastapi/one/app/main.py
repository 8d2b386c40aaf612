import os

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app import __version__
from app.models import Item

engine = create_engine(os.environ["DATABASE_URL"], connect_args={"timeout": 10})
app = FastAPI(default_response_class=PlainTextResponse)


@app.get("/")
def version():
    return __version__ + "\n"


@app.get("/items")
def items():
    with Session(engine) as session:
        return "".join(f"{text}\n" for text in session.scalars(select(Item.text).order_by(Item.id)))


@app.post("/items", status_code=201)
async def keep(request: Request):
    with Session(engine) as session:
        session.add(Item(text=(await request.body()).decode()))
        session.commit()
    return ""
