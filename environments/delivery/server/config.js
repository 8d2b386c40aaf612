'use strict';

const fs = require('node:fs');

function variable(name, otherwise) {
  const value = process.env[name] || otherwise;
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** A secret is the content of the file that NAME_FILE names; variables hold no secrets. */
function secret(name) {
  return fs.readFileSync(process.env[`${name}_FILE`] || `/run/secrets/${name}`, 'utf8').trimEnd();
}

module.exports = {
  environment: variable('DEPLOYCTL_ENVIRONMENT', 'development'),
  release: variable('DEPLOYCTL_RELEASE', 'development'),
  host: variable('HOST', '127.0.0.1'),
  port: Number(variable('PORT', '5000')),
  redis: variable('REDIS_URL', 'redis://redis:6379'),
  partners: variable('PARTNERS_URL', 'http://partners:8000'),
  /** Web sites whose pages may ask the API. */
  origins: variable('ORIGINS', '').split(' '),
  retry: { seconds: Number(variable('RETRY_SECONDS', '1')), attempts: Number(variable('RETRY_ATTEMPTS', '10')) },
  customers: Number(variable('SEED_CUSTOMERS', '0')),
  partnerKey: secret('PARTNER_KEY'),
  database: {
    host: variable('DATABASE_HOST', 'database'),
    port: Number(variable('DATABASE_PORT', '5432')),
    database: variable('DATABASE_NAME', 'delivery'),
    user: variable('DATABASE_USER', 'delivery'),
    password: secret('DATABASE_PASSWORD'),
  },
};
