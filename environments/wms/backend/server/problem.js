'use strict';

/** An answer other than the one the client hoped for; its message is for the client. */
class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const UNREACHABLE = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT', 'POOL_ENQUEUELIMIT',
  'ER_CON_COUNT_ERROR', 'ER_SERVER_SHUTDOWN',
]);

function problemOf(error) {
  if (error instanceof Problem) return error;
  if (UNREACHABLE.has(error.code) || error.fatal) return new Problem(503, 'the database does not answer');
  if (error.code === 'ER_LOCK_WAIT_TIMEOUT' || error.code === 'ER_LOCK_DEADLOCK') {
    return new Problem(503, 'the item is busy');
  }
  if (error.status >= 400 && error.status < 500) return new Problem(error.status, 'the request cannot be read');
  return new Problem(500, 'the server failed');
}

module.exports = { Problem, problemOf };
