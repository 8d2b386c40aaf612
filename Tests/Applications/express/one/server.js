const fs = require('fs');
const express = require('express');
const mysql = require('mysql');
const VERSION = require('./version');

const pool = mysql.createPool(process.env.DATABASE_URL);
const app = express();
app.use(express.text({ type: () => true }));
app.get('/', (request, response) => response.type('text').send(`${VERSION}\n`));
app.get('/health', (request, response) =>
  pool.query('SELECT 1', (problem) => response.status(problem ? 503 : 200).send(problem ? problem.message : 'ok')));
app.get('/items', (request, response, next) =>
  pool.query('SELECT text FROM note ORDER BY id', (problem, rows) =>
    (problem ? next(problem) : response.type('text').send(rows.map((row) => `${row.text}\n`).join('')))));
app.post('/items', (request, response, next) =>
  fs.writeFile(`uploads/${request.body}.txt`, request.body, (failure) => (failure ? next(failure) :
    pool.query('INSERT INTO note (text) VALUES (?)', [request.body], (problem) =>
      (problem ? next(problem) : response.status(201).end())))));
app.use('/uploads', express.static('uploads'));
app.listen(process.env.PORT, process.env.HOST);
