'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { Problem } = require('./problem');

const LARGEST = 10 * 1024 * 1024;
const PARTIAL = '.partial-';
const ABANDONED_MILLISECONDS = 3600 * 1000;
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/;

/** What a browser may show; everything else is only offered for saving. */
const SHOWN = {
  '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.webp': 'image/webp',
  '.pdf': 'application/pdf', '.txt': 'text/plain; charset=utf-8', '.json': 'application/json; charset=utf-8',
};

class Uploads {
  constructor(folder) {
    this.folder = folder;
  }

  async list() {
    const names = (await fs.promises.readdir(this.folder)).filter((name) => NAME.test(name));
    const files = await Promise.all(names.map(async (name) => {
      const facts = await fs.promises.stat(path.join(this.folder, name)).catch(() => null);
      return facts?.isFile() ? { name, bytes: facts.size, changed_at: facts.mtime } : null;
    }));
    return files.filter(Boolean).sort((a, b) => b.changed_at - a.changed_at).slice(0, 200);
  }

  /** The body is the file. It gets its name when all of it is on disk; half a file is never seen. */
  async store(name, request) {
    const target = this.path(name);
    if (Number(request.get('content-length')) > LARGEST) throw tooLarge();
    const partial = path.join(this.folder, `${PARTIAL}${crypto.randomBytes(12).toString('hex')}`);
    const digest = crypto.createHash('sha256');
    const file = await fs.promises.open(partial, 'wx', 0o640);
    let bytes = 0;
    try {
      // The request outlives a refusal, so that the answer can still reach the client.
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        bytes += chunk.length;
        if (bytes > LARGEST) throw tooLarge();
        digest.update(chunk);
        await file.writeFile(chunk);
      }
      await file.sync();
      await file.close();
      await fs.promises.rename(partial, target);
    } catch (error) {
      await file.close().catch(() => {});
      await fs.promises.rm(partial, { force: true });
      throw error.code === 'ECONNRESET' ? new Problem(400, 'the file was cut off') : error;
    }
    return { name, bytes, sha256: digest.digest('hex'), path: `/uploads/${name}` };
  }

  /** Removes what a killed server left of files it was receiving. */
  async sweep(now = Date.now()) {
    for (const name of await fs.promises.readdir(this.folder)) {
      const partial = path.join(this.folder, name);
      if (!name.startsWith(PARTIAL)) continue;
      const facts = await fs.promises.stat(partial).catch(() => null);
      if (facts && now - facts.mtimeMs > ABANDONED_MILLISECONDS) await fs.promises.rm(partial, { force: true });
    }
  }

  async send(name, response) {
    const target = this.path(name);
    const type = SHOWN[path.extname(name).toLowerCase()];
    response.set({
      'Content-Type': type || 'application/octet-stream',
      'Content-Disposition': type ? 'inline' : 'attachment',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cache-Control': 'no-cache',
    });
    await new Promise((resolve, reject) => {
      response.sendFile(target, { cacheControl: false }, (error) => (error ? reject(error) : resolve()));
    }).catch((error) => {
      if (error.code === 'ECONNABORTED') return;
      throw error.status === 404 ? new Problem(404, `there is no file ${name}`) : error;
    });
  }

  path(name) {
    if (!NAME.test(name)) {
      throw new Problem(400, 'a file name has 1 to 100 letters, digits, dots, dashes and underscores');
    }
    return path.join(this.folder, name);
  }
}

function tooLarge() {
  return new Problem(413, `a file has at most ${LARGEST} bytes`);
}

module.exports = { Uploads };
