'use strict';

const { Problem } = require('./problem');
const { line, whole } = require('./values');

const COLUMNS = 'id, sku, name, location, unit_price_cents, stock, created_at, updated_at';

class Items {
  constructor(database) {
    this.database = database;
  }

  list() {
    return this.database.query(`SELECT ${COLUMNS} FROM items ORDER BY sku LIMIT 1000`);
  }

  async find(id) {
    const number = whole(id, 'id', { least: 1, most: 4294967295 });
    const [item] = await this.database.query(`SELECT ${COLUMNS} FROM items WHERE id = ?`, [number]);
    if (!item) throw new Problem(404, `there is no item ${number}`);
    return item;
  }

  /** A new item has no stock; stock comes by movements only. */
  async add(body = {}) {
    const sku = line(body.sku, 'sku', { longest: 40 });
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(sku)) {
      throw new Problem(400, 'sku is letters, digits, dots, dashes and underscores');
    }
    const item = {
      sku,
      name: line(body.name, 'name', { longest: 200 }),
      location: line(body.location, 'location', { longest: 40, optional: true }),
      unit_price_cents: whole(body.unit_price_cents ?? 0, 'unit_price_cents', { least: 0, most: 100000000 }),
    };
    try {
      const { insertId } = await this.database.query('INSERT INTO items SET ?', [item]);
      return await this.find(insertId);
    } catch (error) {
      if (error.code === 'ER_DUP_ENTRY') throw new Problem(409, `there is an item ${sku} already`);
      throw error;
    }
  }
}

module.exports = { Items };
