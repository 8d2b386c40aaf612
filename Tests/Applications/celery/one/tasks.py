from celery import Celery

from store import ask
from version import VERSION

app = Celery("tasks")
app.conf.beat_schedule = {"beat": {"task": "tasks.beat", "schedule": 1.0}}


@app.task
def keep(text):
    ask("INSERT INTO item (text) VALUES (?)", text)


@app.task
def beat():
    ask("INSERT INTO beat (version) VALUES (?)", VERSION)
