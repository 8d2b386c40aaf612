'use strict';

const log = require('./log');
const { events, STATES } = require('./orders');

const BEAT_MILLISECONDS = 5000;
const PARTING_MILLISECONDS = 1000;

/**
 * Streams of server-sent events. What is sent is read from the database by its number, so that a browser that comes
 * again, to this release or to the next one, goes on after the last event it has.
 */
class Live {
  constructor() {
    this.streams = new Set();
    this.wanted = new Set();
    this.isReading = false;
    this.partsUntil = 0;
    this.beat = setInterval(() => this.breathe(), BEAT_MILLISECONDS);
  }

  open(response, key, last) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write('retry: 300\n\n');
    const stream = { key, last, response };
    this.streams.add(stream);
    response.on('close', () => this.streams.delete(stream));
    if (Date.now() < this.partsUntil) this.part(stream);
    this.look([key]);
  }

  /** Sends what is new of these orders, reading many at once where many are asked for. */
  async look(keys) {
    for (const key of keys) this.wanted.add(key);
    if (this.isReading) return;
    this.isReading = true;
    try {
      while (this.wanted.size) {
        const watched = new Set([...this.streams].map((stream) => stream.key));
        const asked = [...this.wanted].filter((key) => watched.has(key));
        this.wanted.clear();
        if (asked.length) this.send(await events(asked));
      }
    } catch (error) {
      log.warn('events wait for the next beat', { reason: error.message });
    } finally {
      this.isReading = false;
    }
  }

  send(found) {
    for (const { key, number, state, at } of found) {
      for (const stream of this.streams) {
        if (stream.key !== key || stream.last >= number) continue;
        stream.response.write(`id: ${number}\ndata: ${JSON.stringify({ order: key, state, at })}\n\n`);
        stream.last = number;
        if (number === STATES.length) this.close(stream);
      }
    }
  }

  /** Keeps connections alive, and finds what no news told. */
  breathe() {
    for (const stream of this.streams) stream.response.write(': here\n\n');
    this.look([...this.streams].map((stream) => stream.key));
  }

  /** Another release serves: whoever waits here comes again there, not all in the same moment. */
  handOver() {
    this.partsUntil = Date.now() + PARTING_MILLISECONDS;
    for (const stream of this.streams) this.part(stream);
  }

  part(stream) {
    setTimeout(() => this.close(stream), Math.random() * PARTING_MILLISECONDS);
  }

  close(stream) {
    this.streams.delete(stream);
    stream.response.end();
  }

  end() {
    clearInterval(this.beat);
    for (const stream of this.streams) this.close(stream);
  }
}

module.exports = { Live };
