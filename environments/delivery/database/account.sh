# Run once, by the image, in a new volume: the application's account and its database, which is all it may use.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set user="$DELIVERY_USER" --set name="$DELIVERY_DATABASE" --username postgres <<'SQL'
\set password `cat /run/secrets/DATABASE_PASSWORD`
CREATE ROLE :"user" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"user";
SQL
