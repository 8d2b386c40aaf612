'use strict';

const fs = require('node:fs');

function variable(name, otherwise) {
  const value = process.env[name] || otherwise;
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** A secret is the content of the file that NAME_FILE names; variables hold no secrets. */
function secret(name) {
  const path = process.env[`${name}_FILE`] || `/run/secrets/${name}`;
  const value = fs.readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  if (!value) throw new Error(`${path} is empty`);
  return value;
}

function port(name, otherwise) {
  const number = Number(variable(name, otherwise));
  if (!Number.isInteger(number) || number < 1 || number > 65535) throw new Error(`${name} is no port`);
  return number;
}

module.exports = {
  secret,
  environment: variable('DEPLOYCTL_ENVIRONMENT', 'development'),
  release: variable('DEPLOYCTL_RELEASE', 'development'),
  commit: variable('DEPLOYCTL_COMMIT', ''),
  host: variable('HOST', '127.0.0.1'),
  port: port('PORT', '5000'),
  uploads: variable('UPLOADS', '/app/uploads'),
  database: () => ({
    host: variable('DATABASE_HOST', 'database'),
    port: port('DATABASE_PORT', '3306'),
    database: variable('DATABASE_NAME'),
    user: variable('DATABASE_USER'),
    password: secret('DATABASE_PASSWORD'),
  }),
};
