'use strict';

const crypto = require('node:crypto');

const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** JSON Web Tokens signed with one key, for one audience, by one algorithm. */
class Tokens {
  constructor(key, audience, lifetimeSeconds = 12 * 3600) {
    Object.assign(this, { key, audience, lifetimeSeconds });
  }

  issue(subject, role, now = Date.now()) {
    const expires = Math.floor(now / 1000) + this.lifetimeSeconds;
    const text = `${HEADER}.${encode({ sub: subject, role, aud: this.audience, exp: expires })}`;
    return `${text}.${this.signature(text).toString('base64url')}`;
  }

  /** The claims of a valid token, else null. */
  read(token, now = Date.now()) {
    const [header, body, signature, ...rest] = String(token).split('.');
    if (header !== HEADER || !body || !signature || rest.length) return null;
    const found = Buffer.from(signature, 'base64url');
    const wanted = this.signature(`${header}.${body}`);
    if (found.length !== wanted.length || !crypto.timingSafeEqual(found, wanted)) return null;
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    return claims.aud === this.audience && claims.exp * 1000 > now ? claims : null;
  }

  signature(text) {
    return crypto.createHmac('sha256', this.key).update(text).digest();
  }
}

module.exports = { Tokens };
