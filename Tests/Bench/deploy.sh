#!/usr/bin/env bash
# What a careful shell script would do for one deployment of the quickstart: the yardstick of the bench.
# It keeps no record, takes no lock and takes nothing back when a step fails.
#
#     deploy.sh REPOSITORY FOLDER PORT
set -euo pipefail
repository=$1 root=$2 port=$3
PATH=$PATH:/usr/sbin:/usr/local/sbin
name=$(date +%Y%m%d%H%M%S%N)
release=$root/releases/$name
instance=$root/run/$name
database=$root/data/$name.db
mkdir -p "$release" "$instance" "$root/data" "$root/uploads"

# Build the release.
git -C "$repository" archive HEAD | tar -x -C "$release"
(cd "$release" && python3 app/server.py --check)
ln -sfn "$root/uploads" "$release/uploads"
git -C "$repository" rev-parse HEAD >"$release/REVISION"
find "$release" -type f -exec sha256sum {} + >"$release.sha256"
sync --file-system "$release"

# A fresh database and every migration.
for migration in "$release"/migrations/*.sql; do
    { echo "BEGIN;"; cat "$migration"; echo "COMMIT;"; } | sqlite3 -bail "$database"
done

configuration() { # listen, target
    cat <<END
user root;
worker_processes 1;
pid $3/nginx.pid;
error_log $root/nginx.log warn;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path $3/temp; proxy_temp_path $3/temp; fastcgi_temp_path $3/temp;
    uwsgi_temp_path $3/temp; scgi_temp_path $3/temp;
    server {
        listen $1;
        location / { proxy_pass http://unix:$2:; proxy_http_version 1.1; proxy_set_header Host \$http_host; }
    }
}
END
}

# Open the edge, once.
if [[ ! -e $root/edge/nginx.pid ]]; then
    mkdir -p "$root/edge"
    configuration "$port" "$root/run/current/front.sock" "$root/edge" >"$root/edge/nginx.conf"
    nginx -t -q -c "$root/edge/nginx.conf"
    nginx -c "$root/edge/nginx.conf"
fi

# Start the release beside the old one.
cd "$release"
SOCKET=$instance/app.sock DATABASE_URL=sqlite:///$database DEPLOYCTL_ENVIRONMENT=script SESSION_KEY=bench \
    setsid python3 app/server.py </dev/null >>"$root/app.log" 2>&1 &
echo $! >"$instance/app.pid"
configuration "unix:$instance/front.sock" "$instance/app.sock" "$instance" >"$instance/nginx.conf"
nginx -c "$instance/nginx.conf"

healthy() { curl --silent --fail --output /dev/null --max-time 5 "$@"; }
for _ in {1..200}; do
    if healthy --unix-socket "$instance/app.sock" http://localhost/health; then break; fi
    sleep 0.02
done
healthy --unix-socket "$instance/app.sock" http://localhost/health

# Cut over by one rename, and look through the front door.
old=$(readlink "$root/run/current" || true)
ln -s "$name" "$root/run/next"
mv -T "$root/run/next" "$root/run/current"
for _ in 1 2 3; do healthy "http://127.0.0.1:$port/health"; done

# Stop the old one.
if [[ -n $old ]]; then
    kill -QUIT "$(<"$root/run/$old/nginx.pid")"
    kill "$(<"$root/run/$old/app.pid")"
    while kill -0 "$(<"$root/run/$old/app.pid")" 2>/dev/null; do sleep 0.01; done
    rm -rf "${root:?}/run/$old" "$root/data/$old.db"
fi
find "$root/releases" -mindepth 1 -maxdepth 1 -type d | sort | head -n -5 | xargs -r rm -rf
