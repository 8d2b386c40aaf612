import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run("app.main:app", host=os.environ["HOST"], port=int(os.environ["PORT"]), workers=2)
