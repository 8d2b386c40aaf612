'use strict';

const { environment, release } = require('./config');

function write(level, message, details = {}) {
  const line = { time: new Date().toISOString(), level, message, environment, release, ...details };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** One JSON line each. ERROR and FATAL mean the server's fault: a promotion may forbid them. */
module.exports = {
  info: (message, details) => write('INFO', message, details),
  warn: (message, details) => write('WARN', message, details),
  error: (message, details) => write('ERROR', message, details),
  fatal: (message, details) => write('FATAL', message, details),
};
