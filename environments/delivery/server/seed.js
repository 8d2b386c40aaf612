'use strict';

const config = require('./config');
const database = require('./database');

/** Staging has as many customers as the business has, so that what is slow with them is slow there first. */
async function seed() {
  await database.rows(
    "INSERT INTO customers (name) SELECT 'customer-' || number FROM generate_series(1, $1::int) number ON CONFLICT DO NOTHING",
    [config.customers]);
  await database.end();
}

seed();
