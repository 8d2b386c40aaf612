"""How gunicorn serves: at the address it is given, never at one of its own."""

import os

bind = "{HOST}:{PORT}".format(**os.environ)
worker_class, workers, threads = "gthread", 2, 8
timeout, graceful_timeout = 30, 25
# Loaded once and then forked, so that both workers share what they only read.
preload_app = True
# What is kept open is closed by the front, so that no request meets a connection that ends.
keepalive = 75
control_socket_disable = True
