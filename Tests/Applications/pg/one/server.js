const http = require('http');
const { Pool } = require('pg');
const VERSION = require('./version');

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
// A connection that the server ends while nobody uses it is made anew.
pool.on('error', (problem) => console.error(problem.message));

async function answer(method, path, body) {
  if (path === '/health') {
    await pool.query('SELECT 1');
    return [200, 'ok'];
  }
  if (path !== '/items') return [path === '/' ? 200 : 404, `${VERSION}\n`];
  if (method === 'POST') {
    await pool.query('INSERT INTO note (text) VALUES ($1)', [body]);
    return [201, ''];
  }
  const found = await pool.query('SELECT text FROM note ORDER BY id');
  return [200, found.rows.map((row) => `${row.text}\n`).join('')];
}

http.createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const [status, text] = await answer(request.method, request.url, Buffer.concat(parts).toString())
    .catch((problem) => [503, problem.message]);
  response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
}).listen(process.env.PORT, process.env.HOST);
