'use strict';

const { randomUUID } = require('node:crypto');
const http = require('node:http');
const config = require('./config');
const database = require('./database');
const { health } = require('./health');
const { Live } = require('./live');
const log = require('./log');
const news = require('./news');
const orders = require('./orders');
const { Problem } = require('./problem');
const { isSigned } = require('./signature');
const { stopWell } = require('./stopping');

const LARGEST = 20000;
const live = new Live();

/** Method and path, and what gives the answer of their names. */
const ROUTES = [
  ['GET', /^\/api\/health$/, () => health()],
  ['GET', /^\/api\/restaurants$/, () => news.cached('menu', 5, orders.menu)],
  ['POST', /^\/api\/orders$/, async (request) => orders.place(parsed(await body(request)))],
  ['GET', /^\/api\/orders\/([\w.-]+)$/, (request, [key]) => orders.find(key)],
  ['GET', /^\/api\/customers\/([\w.-]+)\/orders$/, (request, [name]) => orders.ofCustomer(name)],
  ['POST', /^\/api\/partners\/events$/, async (request) => orders.advance(await signed(request))],
  ['GET', /^\/api\/operations$/, async () => ({ ...await orders.queue(), streams: live.streams.size })],
];

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname !== '/api/health') serve();
  allowOrigin(request, response);
  if (request.method === 'OPTIONS') return send(response, 204);
  const watched = request.method === 'GET' && /^\/api\/orders\/([\w.-]+)\/live$/.exec(pathname);
  if (watched) {
    await orders.find(watched[1]);
    return live.open(response, watched[1], Number(request.headers['last-event-id']) || 0);
  }
  for (const [method, path, work] of ROUTES) {
    const found = method === request.method && path.exec(pathname);
    if (found) return send(response, method === 'POST' ? 201 : 200, await work(request, found.slice(1)));
  }
  throw new Problem(404, 'there is nothing here');
}

function send(response, status, value) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(value === undefined ? undefined : JSON.stringify(value));
}

/** Pages of partners' sites may ask; those of nobody else. */
function allowOrigin(request, response) {
  response.setHeader('Vary', 'Origin');
  if (!request.headers.origin || !config.origins.includes(request.headers.origin)) return;
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin);
  response.setHeader('Access-Control-Allow-Headers', 'Content-Type');
}

async function body(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LARGEST) throw new Problem(413, 'that is too much');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    if (value && typeof value === 'object') return value;
  } catch { /* said below */ }
  throw new Problem(400, 'the body is no JSON object');
}

async function signed(request) {
  const text = await body(request);
  if (!isSigned(text, request.headers['x-signature'])) throw new Problem(401, 'no partner signed this');
  return parsed(text);
}

const self = randomUUID();
let isServing = false;

/** The first visitor: traffic comes here now, and whoever served before hands the streams over. */
function serve() {
  if (isServing) return;
  isServing = true;
  news.tell('serving', self);
}

news.listen('orders', (key) => live.look([key]));
news.listen('serving', (instance) => { if (instance !== self) live.handOver(); });

const server = http.createServer({ keepAliveTimeout: 75000 }, (request, response) => {
  answer(request, response).catch((error) => {
    const status = error.status || 500;
    if (status === 500) {
      log.error('request failed', { request_id: request.headers['x-request-id'], path: request.url, code: error.code, reason: error.message });
    }
    if (response.headersSent) return response.destroy();
    return send(response, status, { error: error.status ? error.message : 'that failed' });
  });
});
database.warm().then(() => server.listen(config.port, config.host, () => log.info('listening', { port: config.port })));

stopWell(async (last) => {
  live.end();
  await last(server);
  await database.end();
  await news.end();
});
