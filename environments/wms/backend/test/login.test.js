'use strict';

const assert = require('node:assert');
const test = require('node:test');
const passwords = require('../server/passwords');
const { Tokens } = require('../server/tokens');

test('a token is read back by the same key and environment only, and not for ever', () => {
  const tokens = new Tokens('key', 'staging', 60);
  const token = tokens.issue('demo', 'clerk', 1000000);
  assert.deepStrictEqual(tokens.read(token, 1059000), { sub: 'demo', role: 'clerk', aud: 'staging', exp: 1060 });
  assert.strictEqual(tokens.read(token, 1061000), null);
  assert.strictEqual(new Tokens('other', 'staging').read(token, 1000000), null);
  assert.strictEqual(new Tokens('key', 'production').read(token, 1000000), null);
});

test('a changed token is refused', () => {
  const tokens = new Tokens('key', 'staging');
  const [header, body, signature] = tokens.issue('demo', 'clerk').split('.');
  const admin = Buffer.from(JSON.stringify({ sub: 'demo', role: 'admin', aud: 'staging', exp: 9e9 })).toString('base64url');
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  const wrong = [
    `${header}.${admin}.${signature}`, `${none}.${body}.`, `${none}.${body}.${signature}`, `${header}.${body}`,
    `${header}.${body}.${signature}.x`, `${header}.${body}.${signature.slice(0, -2)}`, '', '..', undefined,
  ];
  for (const token of wrong) assert.strictEqual(tokens.read(token), null, String(token));
});

test('a password matches its own hash only', async () => {
  const stored = await passwords.hash('Größe 9');
  assert.ok(await passwords.matches('Größe 9', stored));
  assert.ok(!await passwords.matches('größe 9', stored));
  assert.notStrictEqual(stored, await passwords.hash('Größe 9'));
  assert.ok(stored.length <= 255);
});
