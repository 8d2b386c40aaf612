'use strict';

const { Problem } = require('./problem');
const { line, whole } = require('./values');

const COLUMNS = `movements.id, item_id, items.sku, kind, quantity, stock_change, reference, made_by,
  movements.created_at`;
const HIGHEST_STOCK = 2000000000;

class Movements {
  constructor(database) {
    this.database = database;
  }

  /** The newest first; `item` and `reference` narrow it. */
  list(query = {}) {
    const limit = whole(query.limit ?? 100, 'limit', { least: 1, most: 1000 });
    const conditions = [];
    const values = [];
    if (query.item !== undefined) {
      conditions.push('item_id = ?');
      values.push(whole(query.item, 'item', { least: 1, most: 4294967295 }));
    }
    if (query.reference !== undefined) {
      conditions.push('reference = ?');
      values.push(line(query.reference, 'reference', { longest: 120 }));
    }
    const where = conditions.length ? `WHERE ${conditions.join(' AND ')}` : '';
    return this.database.query(
      `SELECT ${COLUMNS} FROM movements JOIN items ON items.id = item_id ${where}
       ORDER BY movements.id DESC LIMIT ?`,
      [...values, limit]);
  }

  /**
   * Changes the stock and writes the ledger as one; the item's row is the lock. Sent again with its reference, a
   * movement is answered as it was the first time.
   */
  add(body = {}, user) {
    const itemId = whole(body.item, 'item', { least: 1, most: 4294967295 });
    const quantity = whole(body.quantity, 'quantity', { least: 1, most: 1000000 });
    const reference = line(body.reference, 'reference', { longest: 120, optional: true });
    if (body.kind !== 'in' && body.kind !== 'out') throw new Problem(400, 'kind is in or out');
    const change = body.kind === 'in' ? quantity : -quantity;

    return this.database.transaction(async (query) => {
      const [item] = await query('SELECT stock FROM items WHERE id = ? FOR UPDATE', [itemId]);
      if (!item) throw new Problem(404, `there is no item ${itemId}`);
      const first = await booked(query, itemId, body.kind, reference);
      if (first && first.quantity !== quantity) throw new Problem(409, `${reference} is booked with ${first.quantity}`);
      if (first) return { ...first, item: itemId, kind: body.kind, reference, stock: first.stock ?? item.stock };
      const stock = item.stock + change;
      if (stock < 0) throw new Problem(409, `only ${item.stock} in stock`);
      if (stock > HIGHEST_STOCK) throw new Problem(409, `more than ${HIGHEST_STOCK} cannot be stored`);
      await query('UPDATE items SET stock = ? WHERE id = ?', [stock, itemId]);
      const { insertId } = await query(
        'INSERT INTO movements (item_id, kind, quantity, reference, once_by, made_by) VALUES (?, ?, ?, ?, ?, ?)',
        [itemId, body.kind, quantity, reference, reference || null, user.name]);
      return { id: insertId, item: itemId, kind: body.kind, quantity, reference, stock };
    });
  }
}

/** The movement that has this reference already. */
async function booked(query, itemId, kind, reference) {
  const [found] = await query(
    `SELECT movements.id, quantity, stock_after AS stock FROM movements
     LEFT JOIN movement_audit ON movement_id = movements.id
     WHERE movements.item_id = ? AND kind = ? AND once_by = ?`, [itemId, kind, reference]);
  return found;
}

module.exports = { Movements };
