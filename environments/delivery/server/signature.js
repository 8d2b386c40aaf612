'use strict';

const { createHmac, timingSafeEqual } = require('node:crypto');
const { partnerKey } = require('./config');

const OLDEST_SECONDS = 300;

function mark(moment, body) {
  return createHmac('sha256', partnerKey).update(`${moment}.${body}`).digest('hex');
}

/** The header that says who wrote `body`, and when. */
function sign(body, moment = Math.floor(Date.now() / 1000)) {
  return `t=${moment},v1=${mark(moment, body)}`;
}

function isSigned(body, header) {
  const found = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header || '');
  if (!found || Math.abs(Date.now() / 1000 - Number(found[1])) > OLDEST_SECONDS) return false;
  return timingSafeEqual(Buffer.from(found[2]), Buffer.from(mark(found[1], body)));
}

module.exports = { sign, isSigned };
