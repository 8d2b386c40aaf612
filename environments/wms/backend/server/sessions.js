'use strict';

const passwords = require('./passwords');
const { Problem } = require('./problem');

/** Compared when there is no such user, so that the answer takes as long as for a wrong password. */
const NOBODY = passwords.hash('nobody');

class Sessions {
  constructor(database, tokens) {
    Object.assign(this, { database, tokens });
  }

  async logIn({ user, password } = {}) {
    if (typeof user !== 'string' || typeof password !== 'string' || password.length > 1000) {
      throw new Problem(400, 'user and password are texts');
    }
    const [found] = await this.database.query(
      'SELECT name, role, password_hash FROM users WHERE name = ?', [user]);
    const right = await passwords.matches(password, found ? found.password_hash : await NOBODY);
    if (!found || !right) throw new Problem(401, 'user or password is wrong');
    return { ok: true, token: this.tokens.issue(found.name, found.role), user: found.name, role: found.role };
  }

  /** Middleware: who asks stands in `request.user`; nobody else gets past. */
  required() {
    return (request, response, next) => {
      const [scheme, token] = (request.get('authorization') || '').split(' ');
      const claims = scheme === 'Bearer' ? this.tokens.read(token) : null;
      if (!claims) return next(new Problem(401, 'a login is needed'));
      request.user = { name: claims.sub, role: claims.role };
      return next();
    };
  }
}

module.exports = { Sessions };
