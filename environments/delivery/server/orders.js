'use strict';

const { rows, transaction } = require('./database');
const { tell } = require('./news');
const { Problem } = require('./problem');

const STATES = ['placed', 'accepted', 'cooking', 'collected', 'delivered'];
const NAME = /^[A-Za-z0-9._-]{1,60}$/;

/** Everything that is to be eaten, by restaurant. */
async function menu() {
  const dishes = await rows('SELECT id, restaurant_id, name, price::int FROM dishes ORDER BY restaurant_id, id');
  const restaurants = await rows('SELECT id, name FROM restaurants ORDER BY id');
  return restaurants.map((restaurant) => ({
    ...restaurant, dishes: dishes.filter((dish) => dish.restaurant_id === restaurant.id),
  }));
}

/** Takes an order once, however often it is sent, and tells the restaurant by a job. */
async function place(asked) {
  const { key, customer, restaurant, address, dishes } = checked(asked);
  const order = await transaction(async (ask) => {
    await alone(ask, key);
    await ask('INSERT INTO customers (name) VALUES ($1) ON CONFLICT DO NOTHING', [customer]);
    const [person] = await ask('SELECT id FROM customers WHERE name = $1', [customer]);
    const prices = await ask(
      'SELECT id, price::int FROM dishes WHERE restaurant_id = $1 AND id = ANY($2)', [restaurant, Object.keys(dishes)]);
    if (prices.length !== Object.keys(dishes).length) throw new Problem(422, 'the restaurant has no such dish');
    const total = prices.reduce((sum, dish) => sum + dish.price * dishes[dish.id], 0);
    const [made] = await ask(
      `INSERT INTO orders (key, customer_id, restaurant_id, address, total) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (key) DO NOTHING RETURNING id`, [key, person.id, restaurant, address, total]);
    if (!made) return same(ask, key, person.id, restaurant);
    await ask(
      `INSERT INTO order_lines (order_id, dish_id, count, price)
       SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[])`,
      [made.id, prices.map((dish) => dish.id), prices.map((dish) => dishes[dish.id]), prices.map((dish) => dish.price)]);
    await ask('INSERT INTO order_events (order_id, number, state) VALUES ($1, 1, $2)', [made.id, STATES[0]]);
    await ask(
      'INSERT INTO jobs (key, body) VALUES ($1, $2)',
      [`order:${key}`, { order: key, restaurant, total, dishes }]);
    await apply(ask, key);
    return { key, state: STATES[0], total };
  });
  await Promise.all([tell('jobs', key), tell('orders', key)]);
  return order;
}

/** Until its end nobody else is at this order, though it may not be there yet. */
function alone(ask, key) {
  return ask('SELECT pg_advisory_xact_lock(hashtext($1))', [key]);
}

async function same(ask, key, customer, restaurant) {
  const [found] = await ask(
    'SELECT stage, total::int FROM orders WHERE key = $1 AND customer_id = $2 AND restaurant_id = $3', [key, customer, restaurant]);
  if (!found) throw new Problem(409, 'this key is another order\'s');
  return { key, state: STATES[found.stage - 1], total: found.total };
}

function checked(asked) {
  const { key, customer, restaurant, address, dishes } = asked;
  const names = Object.entries(dishes || {});
  const isRight = [key, customer, restaurant].every((name) => NAME.test(name)) && typeof address === 'string'
    && address.length > 0 && address.length <= 200 && names.length > 0 && names.length <= 20
    && names.every(([dish, count]) => NAME.test(dish) && Number.isInteger(count) && count >= 1 && count <= 20);
  if (!isRight) throw new Problem(422, 'an order has a key, a customer, a restaurant, an address and dishes');
  return asked;
}

/** What a partner says became of an order, kept once. What comes too early, or for an order nobody has yet, waits. */
async function advance({ event, order, state }) {
  if (![event, order].every((name) => NAME.test(name)) || STATES.indexOf(state) < 1) throw new Problem(422, 'there is no such event');
  await transaction(async (ask) => {
    await alone(ask, order);
    const [kept] = await ask(
      `INSERT INTO partner_events (event, order_key, state) VALUES ($1, $2, $3)
       ON CONFLICT (event) DO UPDATE SET event = excluded.event RETURNING order_key, state`, [event, order, state]);
    if (kept.order_key !== order || kept.state !== state) throw new Problem(409, 'this event is another one\'s');
    await apply(ask, order);
  });
  await tell('orders', order);
  return { order, state };
}

/** Brings the order as far as its inbox says, each state once. */
async function apply(ask, key) {
  const [order] = await ask('SELECT id, stage FROM orders WHERE key = $1 FOR UPDATE', [key]);
  if (!order) return;
  const told = new Set((await ask('SELECT state FROM partner_events WHERE order_key = $1', [key])).map((event) => event.state));
  let { stage } = order;
  while (told.has(STATES[stage])) {
    stage += 1;
    await ask('INSERT INTO order_events (order_id, number, state) VALUES ($1, $2, $3)', [order.id, stage, STATES[stage - 1]]);
  }
  if (stage > order.stage) await ask('UPDATE orders SET stage = $2 WHERE id = $1', [order.id, stage]);
}

async function find(key) {
  const [order] = await rows(
    `SELECT orders.id, key, restaurant_id AS restaurant, address, total::int, stage, created_at
     FROM orders WHERE key = $1`, [key]);
  if (!order) throw new Problem(404, 'there is no such order');
  const { id, stage, ...shown } = order;
  const lines = await rows('SELECT dish_id AS dish, count, price::int FROM order_lines WHERE order_id = $1 ORDER BY 1', [id]);
  return { ...shown, state: STATES[stage - 1], lines };
}

async function ofCustomer(name) {
  const found = await rows(
    `SELECT key, restaurant_id AS restaurant, total::int, stage FROM orders JOIN customers ON customers.id = customer_id
     WHERE customers.name = $1 ORDER BY orders.id DESC LIMIT 20`, [name]);
  return found.map(({ stage, ...order }) => ({ ...order, state: STATES[stage - 1] }));
}

/** All events of these orders, in order. */
function events(keys) {
  return rows(
    `SELECT key, number, state, at FROM order_events JOIN orders ON orders.id = order_id
     WHERE key = ANY($1) ORDER BY order_id, number`, [keys]);
}

async function queue() {
  const [found] = await rows(
    `SELECT count(*) FILTER (WHERE state = 'open')::int AS open, count(*) FILTER (WHERE state = 'done')::int AS done,
     count(*) FILTER (WHERE state = 'dead')::int AS dead FROM jobs`);
  return found;
}

module.exports = { STATES, menu, place, advance, find, ofCustomer, events, queue };
