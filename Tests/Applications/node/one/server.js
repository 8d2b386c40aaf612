// Keeps what it is given in a file of its own: one line for each POST to /items.
const { appendFileSync, existsSync, readFileSync } = require('node:fs')
const { createServer } = require('node:http')
const version = require('./version')

const kept = 'data/items'

createServer((request, answer) => {
  if (request.url !== '/items') return answer.end(`${version}\n`)
  if (request.method !== 'POST') return answer.end(existsSync(kept) ? readFileSync(kept) : '')
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    appendFileSync(kept, `${Buffer.concat(parts)}\n`)
    answer.writeHead(201).end()
  })
}).listen(Number(process.env.PORT), process.env.HOST)
