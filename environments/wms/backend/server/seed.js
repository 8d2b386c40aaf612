'use strict';

// Run once per deployment, after the migrations. Every environment gets its administrator; staging, which begins
// empty, and a developer's machine also get a demo login and something to move. Running it again changes nothing.

const config = require('./config');
const { Database } = require('./database');
const { Items } = require('./items');
const log = require('./log');
const { Movements } = require('./movements');
const passwords = require('./passwords');

const DEMO_ENVIRONMENTS = ['staging', 'development'];

const DEMO_ITEMS = [
  [{ sku: 'BOX-S', name: 'Box, small', location: 'A-01', unit_price_cents: 120 }, 240],
  [{ sku: 'BOX-L', name: 'Box, large', location: 'A-02', unit_price_cents: 310 }, 80],
  [{ sku: 'TAPE-50', name: 'Packing tape 50 m', location: 'B-07', unit_price_cents: 245 }, 36],
  [{ sku: 'PALLET-EU', name: 'Euro pallet 1200 × 800', location: 'Yard', unit_price_cents: 1490 }, 12],
  [{ sku: 'GLOVE-9', name: 'Handschuhe Größe 9 🧤', location: 'C-03', unit_price_cents: 690 }, 4],
];

/** The secret is the truth: a changed ADMIN_PASSWORD counts from the next deployment on. */
async function keepUser(database, name, role, password) {
  const [found] = await database.query('SELECT password_hash FROM users WHERE name = ?', [name]);
  if (found && await passwords.matches(password, found.password_hash)) return;
  await database.query(
    `INSERT INTO users (name, role, password_hash) VALUES (?, ?, ?)
     ON DUPLICATE KEY UPDATE role = VALUES(role), password_hash = VALUES(password_hash)`,
    [name, role, await passwords.hash(password)]);
  log.info(found ? 'user changed' : 'user made', { user: name });
}

async function stockDemoItems(database) {
  const [{ count }] = await database.query('SELECT COUNT(*) AS count FROM items');
  if (count > 0) return;
  const items = new Items(database);
  const movements = new Movements(database);
  for (const [item, quantity] of DEMO_ITEMS) {
    const { id } = await items.add(item);
    await movements.add({ item: id, kind: 'in', quantity, reference: 'opening stock' }, { name: 'demo' });
  }
  log.info('demo items made', { count: DEMO_ITEMS.length });
}

async function seed() {
  const database = new Database();
  try {
    await keepUser(database, 'admin', 'admin', config.secret('ADMIN_PASSWORD'));
    if (DEMO_ENVIRONMENTS.includes(config.environment)) {
      await keepUser(database, 'demo', 'clerk', 'demo');
      await stockDemoItems(database);
    } else {
      await database.query("DELETE FROM users WHERE name = 'demo'");
    }
  } finally {
    await database.close();
  }
}

seed().catch((error) => {
  log.fatal('seeding failed', { code: error.code, reason: error.sqlMessage || error.message });
  process.exit(1);
});
