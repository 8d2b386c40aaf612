'use strict';

const config = require('./config');
const { Problem } = require('./problem');
const log = require('./log');

/** What the migrations must have made before this release may serve. */
const NEEDED = [
  'SELECT name, password_hash, role FROM users LIMIT 0',
  'SELECT id, sku, name, location, unit_price_cents, stock FROM items LIMIT 0',
  'SELECT id, item_id, kind, quantity, stock_change, reference, once_by, made_by FROM movements LIMIT 0',
  'SELECT movement_id, stock_after FROM movement_audit LIMIT 0',
];

class Health {
  constructor(database) {
    this.database = database;
    this.isWell = true;
  }

  async check() {
    try {
      for (const statement of NEEDED) await this.database.query(statement);
    } catch (error) {
      // Said once, not every two seconds.
      if (this.isWell) log.warn('unhealthy', { code: error.code });
      this.isWell = false;
      const isMigrated = error.code !== 'ER_NO_SUCH_TABLE' && error.code !== 'ER_BAD_FIELD_ERROR';
      throw new Problem(503, isMigrated ? 'the database does not answer' : 'migrations are missing');
    }
    this.isWell = true;
    return { ok: true, environment: config.environment, release: config.release, commit: config.commit };
  }
}

module.exports = { Health };
