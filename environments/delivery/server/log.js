'use strict';

const { environment, release } = require('./config');

function write(level, message, details = {}) {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, environment, release, ...details })}\n`);
}

/** One JSON line each. ERROR means the server's fault: a promotion forbids it. */
module.exports = {
  info: (message, details) => write('INFO', message, details),
  warn: (message, details) => write('WARN', message, details),
  error: (message, details) => write('ERROR', message, details),
};
