'use strict';

const config = require('./config');
const database = require('./database');
const log = require('./log');
const news = require('./news');
const orders = require('./orders');
const { sign, isSigned } = require('./signature');
const { stopWell } = require('./stopping');

const CALL_MILLISECONDS = 5000;
const LEASE_SECONDS = 15;
const AT_ONCE = 4;

/** The next job that is due, leased: whoever takes it and is killed leaves it to another worker. */
async function take() {
  const [job] = await database.rows(
    `UPDATE jobs SET attempts = attempts + 1, due_at = now() + $1 * interval '1 second' WHERE id =
     (SELECT id FROM jobs WHERE state = 'open' AND due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING id, key, body, attempts`, [LEASE_SECONDS]);
  return job;
}

async function perform(job) {
  try {
    await tellPartner(job);
    await database.rows("UPDATE jobs SET state = 'done', error = NULL WHERE id = $1", [job.id]);
  } catch (error) {
    const state = job.attempts >= config.retry.attempts ? 'dead' : 'open';
    const pause = Math.min(config.retry.seconds * 2 ** (job.attempts - 1), 300);
    log.warn('a partner was not told', { job: job.key, attempts: job.attempts, state, reason: error.message });
    await database.rows(
      "UPDATE jobs SET state = $2, error = $3, due_at = now() + $4 * interval '1 second' WHERE id = $1",
      [job.id, state, error.message.slice(0, 200), pause]);
  }
}

/** Signed, and with a key by which the partner knows what it has already. */
async function tellPartner(job) {
  const text = JSON.stringify(job.body);
  const answer = await fetch(`${config.partners}/orders`, {
    method: 'POST',
    body: text,
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': job.key, 'X-Signature': sign(text) },
    signal: AbortSignal.timeout(CALL_MILLISECONDS),
  });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
}

/** What partners said and nobody brought: the list that they keep is read on from where the data knows it. */
async function fetchEvents() {
  const [{ position }] = await database.rows('SELECT position FROM partner_cursor');
  const answer = await fetch(`${config.partners}/events?after=${position}`, { signal: AbortSignal.timeout(CALL_MILLISECONDS) });
  if (!answer.ok) throw new Error(`the partners' list is answered ${answer.status}`);
  const { events } = await answer.json();
  let read = Number(position);
  for (const { number, body, signature } of events) {
    if (!isSigned(body, signature)) break;
    const isTaken = await orders.advance(JSON.parse(body)).then(() => true, (error) => error.status !== undefined);
    if (!isTaken) break;
    read = number;
  }
  await database.rows('UPDATE partner_cursor SET position = $1 WHERE position = $2', [read, position]);
}

const sleeping = new Set();
let isStopping = false;

function pause(milliseconds) {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      sleeping.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    sleeping.add(wake);
  });
}

function wakeAll() {
  for (const wake of sleeping) wake();
}

async function again(work) {
  while (!isStopping) {
    const isDone = await work().catch((error) => log.warn('the worker pauses', { code: error.code, reason: error.message }));
    if (!isDone) await pause(500);
  }
}

async function work() {
  const job = await take();
  if (job) await perform(job);
  return job;
}

news.listen('jobs', wakeAll);
const loops = [...Array.from({ length: AT_ONCE }, () => again(work)), again(fetchEvents)];
log.info('working');

stopWell(async () => {
  isStopping = true;
  wakeAll();
  await Promise.all(loops);
  await database.end();
  await news.end();
});
