'use strict';

const express = require('express');
const { Health } = require('./health');
const { Items } = require('./items');
const log = require('./log');
const { Movements } = require('./movements');
const { Problem, problemOf } = require('./problem');
const { Report } = require('./report');
const { Sessions } = require('./sessions');

/** Every address of the server, on what it needs. */
function makeApp({ database, tokens, uploads }) {
  const sessions = new Sessions(database, tokens);
  const health = new Health(database);
  const items = new Items(database);
  const movements = new Movements(database);
  const report = new Report(database);
  const login = sessions.required();

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/api', (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.use('/api', express.json({ limit: '64kb' }));

  app.get('/api/health', answer(() => health.check()));
  app.post('/api/login', answer((request) => sessions.logIn(request.body)));
  app.get('/api/items', login, answer(() => items.list()));
  app.post('/api/items', login, answer((request) => items.add(request.body), 201));
  app.get('/api/items/:id', login, answer((request) => items.find(request.params.id)));
  app.get('/api/movements', login, answer((request) => movements.list(request.query)));
  app.post('/api/movements', login, answer((request) => movements.add(request.body, request.user), 201));
  app.get('/api/report', login, answer((request) => report.make(request.query)));
  app.get('/api/uploads', login, answer(() => uploads.list()));
  app.put('/uploads/:name', login, answer((request) => uploads.store(request.params.name, request), 201));
  app.get('/uploads/:name', (request, response, next) => {
    uploads.send(request.params.name, response).catch(next);
  });

  app.use((request, response, next) => next(new Problem(404, 'there is nothing here')));
  app.use(failed);
  return app;
}

/** A handler whose result is the JSON answer. */
function answer(work, status = 200) {
  return async (request, response, next) => {
    try {
      response.status(status).json(await work(request));
    } catch (error) {
      next(error);
    }
  };
}

// Express knows a handler of errors by its four parameters.
function failed(error, request, response, next) {
  const { status, message } = problemOf(error);
  if (status >= 500 && !(error instanceof Problem)) {
    log.error('request failed', {
      method: request.method, path: request.path, status, code: error.code, reason: error.sqlMessage || error.message,
    });
  }
  if (response.headersSent) return next(error);
  return response.status(status).json({ ok: false, error: message });
}

module.exports = { makeApp };
