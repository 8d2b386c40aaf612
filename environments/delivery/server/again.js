'use strict';

const database = require('./database');

/** Gives jobs that were given up to the worker again: `deployctl exec production api -- node server/again.js`. */
async function again() {
  const found = await database.rows(
    "UPDATE jobs SET state = 'open', attempts = 0, due_at = now() WHERE state = 'dead' RETURNING key");
  for (const job of found) process.stdout.write(`${job.key}\n`);
  await database.end();
}

again();
