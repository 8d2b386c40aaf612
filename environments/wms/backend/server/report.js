'use strict';

const { whole } = require('./values');

/** What the database's own procedure says: stock and worth of each item beside its ledger. */
class Report {
  constructor(database) {
    this.database = database;
  }

  async make(query = {}) {
    const low = whole(query.low ?? 10, 'low', { least: 0, most: 1000000 });
    const [items] = await this.database.query('CALL stock_report(?)', [low]);
    return {
      items,
      worth_cents: items.reduce((sum, item) => sum + item.worth_cents, 0),
      low: items.filter((item) => item.is_low).map((item) => item.sku),
      balanced: items.every((item) => item.stock === item.ledger),
    };
  }
}

module.exports = { Report };
