'use strict';

const mysql = require('mysql');
const config = require('./config');

const QUERY_MILLISECONDS = 10000;

// A backup may hold writes for five seconds; who waits for a row meanwhile must not give up before it.
const SESSION = `SET SESSION
  sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
  time_zone = '+00:00', innodb_lock_wait_timeout = 8`;

/**
 * A pool that outlives the database server's restarts: each connection is asked for a sign of life before it is
 * handed out, and a dead one is replaced.
 */
class Database {
  constructor(settings = config.database()) {
    this.pool = mysql.createPool({
      ...settings,
      charset: 'UTF8MB4_UNICODE_520_CI',
      timezone: 'Z',
      connectionLimit: 10,
      queueLimit: 500,
      connectTimeout: 3000,
      acquireTimeout: 3000,
    });
    this.pool.on('connection', (connection) => {
      connection.query(SESSION, (error) => error && connection.destroy());
    });
  }

  query(sql, values) {
    return ask(this.pool, sql, values);
  }

  /** Runs `work(query)` in one transaction: all of it happens, or nothing. */
  async transaction(work) {
    const connection = await this.acquire();
    try {
      await ask(connection, 'START TRANSACTION');
      const result = await work((sql, values) => ask(connection, sql, values));
      await ask(connection, 'COMMIT');
      connection.release();
      return result;
    } catch (error) {
      await ask(connection, 'ROLLBACK').then(() => connection.release(), () => connection.destroy());
      throw error;
    }
  }

  acquire() {
    return new Promise((resolve, reject) => {
      this.pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
    });
  }

  close() {
    return new Promise((resolve) => { this.pool.end(resolve); });
  }
}

function ask(target, sql, values) {
  return new Promise((resolve, reject) => {
    target.query({ sql, values, timeout: QUERY_MILLISECONDS }, (error, rows) => (
      error ? reject(error) : resolve(rows)));
  });
}

module.exports = { Database };
