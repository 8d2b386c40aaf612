'use strict';

const log = require('./log');

const LONGEST_MILLISECONDS = 15000;
const LAST_CALL_MILLISECONDS = 300;

/** Ends the program on SIGTERM, when `finish` has done what is left to do. */
function stopWell(finish) {
  process.once('SIGTERM', async () => {
    setTimeout(() => process.exit(1), LONGEST_MILLISECONDS).unref();
    await finish(lastAnswers).catch((error) => log.error('stopping failed', { reason: error.message }));
    process.exit(0);
  });
}

/** Refuses new connections, gives a request that is on its way a moment, and returns when the last answer is written. */
function lastAnswers(server) {
  server.prependListener('request', (request, response) => response.setHeader('Connection', 'close'));
  return new Promise((resolve) => {
    const sweep = () => setInterval(() => server.closeIdleConnections(), 50).unref();
    setTimeout(sweep, LAST_CALL_MILLISECONDS);
    server.close(resolve);
  });
}

module.exports = { stopWell };
