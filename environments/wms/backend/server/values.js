'use strict';

const { Problem } = require('./problem');

/** One line of `longest` characters at most. */
function line(value, name, { longest, optional = false }) {
  if (optional && (value === undefined || value === null || value === '')) return '';
  if (typeof value !== 'string' || !value.trim()) throw new Problem(400, `${name} is missing`);
  const text = value.trim();
  if ([...text].length > longest) throw new Problem(400, `${name} is longer than ${longest} characters`);
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new Problem(400, `${name} is more than one line`);
  return text;
}

function whole(value, name, { least, most }) {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(number) || number < least || number > most) {
    throw new Problem(400, `${name} is a whole number from ${least} to ${most}`);
  }
  return number;
}

module.exports = { line, whole };
