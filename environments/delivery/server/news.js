'use strict';

const { createClient } = require('redis');
const config = require('./config');
const log = require('./log');

const client = createClient({
  url: config.redis, disableOfflineQueue: true, socket: { reconnectStrategy: (tries) => Math.min(100 * tries, 2000) },
});
const listener = client.duplicate({ disableOfflineQueue: false });
for (const one of [client, listener]) {
  one.on('error', (error) => log.warn('Redis does not answer', { code: error.code }));
  one.connect().catch(() => {});
}

/** News are hints to look into the database sooner: one that is lost makes something late, never wrong. */
async function tell(channel, message) {
  await client.publish(channel, message).catch(() => {});
}

function listen(channel, heard) {
  listener.subscribe(channel, heard).catch((error) => log.warn('nobody listens', { channel, reason: error.message }));
}

/** What `make` gives, at most so old, shared by all containers of this release. */
async function cached(name, seconds, make) {
  const key = `${config.release}:${name}`;
  const kept = await client.get(key).catch(() => null);
  if (kept) return JSON.parse(kept);
  const made = await make();
  await client.set(key, JSON.stringify(made), { EX: seconds }).catch(() => {});
  return made;
}

async function end() {
  await Promise.allSettled([client.disconnect(), listener.disconnect()]);
}

module.exports = { tell, listen, cached, end };
