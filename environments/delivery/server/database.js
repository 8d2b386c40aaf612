'use strict';

const { Pool } = require('pg');
const config = require('./config');
const log = require('./log');

const MOST = 8;
const pool = new Pool({
  ...config.database, max: MOST, idleTimeoutMillis: 0, connectionTimeoutMillis: 5000, statement_timeout: 8000,
});
// A kept connection that the server ended; the next query takes another one.
pool.on('error', (error) => log.warn('a connection ended', { code: error.code }));

/** Makes the connections that are kept, so that the first visitors of a release need not wait for them. */
async function warm() {
  const all = await Promise.allSettled(Array.from({ length: MOST }, () => pool.connect()));
  for (const { value } of all) value?.release();
}

async function rows(sql, values) {
  return (await pool.query(sql, values)).rows;
}

/** Runs `work(rows)` in one transaction: all of it happens, or nothing. */
async function transaction(work) {
  const connection = await pool.connect();
  try {
    await connection.query('BEGIN');
    const result = await work(async (sql, values) => (await connection.query(sql, values)).rows);
    await connection.query('COMMIT');
    connection.release();
    return result;
  } catch (error) {
    await connection.query('ROLLBACK').then(() => connection.release(), (broken) => connection.release(broken));
    throw error;
  }
}

module.exports = { warm, rows, transaction, end: () => pool.end() };
