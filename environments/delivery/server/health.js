'use strict';

const config = require('./config');
const { rows } = require('./database');
const { Problem } = require('./problem');

/** What the migrations must have made before this release may serve. */
const NEEDED = [
  'customers.name',
  'dishes.price',
  'jobs.due_at',
  'order_events.number',
  'order_lines.count',
  'orders.stage',
  'partner_cursor.position',
  'partner_events.event',
];

async function health() {
  const found = await rows(
    "SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'",
  ).catch(() => { throw new Problem(503, 'the database does not answer'); });
  const there = new Set(found.map((column) => column.name));
  const missing = NEEDED.filter((name) => !there.has(name));
  if (missing.length) throw new Problem(503, `migrations are missing: ${missing.join(', ')}`);
  return { ok: true, environment: config.environment, release: config.release };
}

module.exports = { health };
