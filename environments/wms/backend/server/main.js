'use strict';

const http = require('node:http');
const { makeApp } = require('./app');
const config = require('./config');
const { Database } = require('./database');
const log = require('./log');
const { stopGently } = require('./stopping');
const { Tokens } = require('./tokens');
const { Uploads } = require('./uploads');

const STOP_MILLISECONDS = 30000;

function start() {
  const database = new Database();
  const tokens = new Tokens(config.secret('JWT_SECRET'), config.environment);
  const uploads = new Uploads(config.uploads);
  const server = http.createServer(
    { requestTimeout: 120000, keepAliveTimeout: 75000 }, makeApp({ database, tokens, uploads }));

  server.on('error', (error) => {
    log.fatal('cannot listen', { code: error.code });
    process.exit(1);
  });
  server.listen(config.port, config.host, () => log.info('listening', { port: config.port }));

  uploads.sweep().catch((error) => log.error('uploads cannot be read', { code: error.code }));

  const stop = async (signal) => {
    log.info('stopping', { signal });
    setTimeout(() => {
      log.error('stopping took too long');
      process.exit(1);
    }, STOP_MILLISECONDS).unref();
    await stopGently(server);
    await database.close();
    log.info('stopped');
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

process.on('uncaughtException', (error) => {
  log.fatal('uncaught', { reason: error.stack });
  process.exit(1);
});

start();
