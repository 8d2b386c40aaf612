'use strict';

const LAST_CALL_MILLISECONDS = 300;

/**
 * Stops a server without losing a request: it refuses new connections, asks clients to close the ones they keep,
 * gives a request that was already on its way a moment to arrive, and ends when the last answer is written.
 */
function stopGently(server) {
  server.prependListener('request', (request, response) => response.setHeader('Connection', 'close'));
  return new Promise((resolve) => {
    const sweep = () => server.closeIdleConnections();
    const sweeping = { timer: null };
    const lastCall = setTimeout(() => {
      sweep();
      sweeping.timer = setInterval(sweep, 50);
    }, LAST_CALL_MILLISECONDS);
    server.close(() => {
      clearTimeout(lastCall);
      clearInterval(sweeping.timer);
      resolve();
    });
  });
}

module.exports = { stopGently };
