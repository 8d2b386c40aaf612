'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Readable } = require('node:stream');
const test = require('node:test');
const { Uploads } = require('../server/uploads');

function folder(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'uploads-'));
  t.after(() => fs.rmSync(made, { recursive: true }));
  return made;
}

function request(chunks) {
  const stream = Readable.from(chunks);
  stream.get = () => undefined;
  return stream;
}

test('a file is stored whole and replaces the one before', async (t) => {
  const place = folder(t);
  const uploads = new Uploads(place);
  await uploads.store('a.txt', request([Buffer.from('first')]));
  const { bytes } = await uploads.store('a.txt', request([Buffer.from('the '), Buffer.from('second')]));
  assert.strictEqual(bytes, 10);
  assert.strictEqual(fs.readFileSync(path.join(place, 'a.txt'), 'utf8'), 'the second');
  assert.deepStrictEqual(fs.readdirSync(place), ['a.txt']);
});

test('a file that is too large leaves nothing behind', async (t) => {
  const place = folder(t);
  const chunks = Array.from({ length: 11 }, () => Buffer.alloc(1024 * 1024));
  await assert.rejects(new Uploads(place).store('big', request(chunks)), { status: 413 });
  assert.deepStrictEqual(fs.readdirSync(place), []);
});

test('a name never leaves the folder', async (t) => {
  const uploads = new Uploads(folder(t));
  for (const name of ['..', '.', '.hidden', 'a/b', '../a', 'a\0', '', 'é', 'a'.repeat(101)]) {
    assert.throws(() => uploads.path(name), { status: 400 }, name);
  }
});

test('only abandoned halves are swept', async (t) => {
  const place = folder(t);
  for (const name of ['.partial-old', '.partial-new', 'kept']) fs.writeFileSync(path.join(place, name), '');
  const longAgo = new Date(Date.now() - 2 * 3600 * 1000);
  for (const name of ['.partial-old', 'kept']) fs.utimesSync(path.join(place, name), longAgo, longAgo);
  await new Uploads(place).sweep();
  assert.deepStrictEqual(fs.readdirSync(place).sort(), ['.partial-new', 'kept']);
});
