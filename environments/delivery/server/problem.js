'use strict';

/** What is wrong with a request, as it is answered. */
class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

module.exports = { Problem };
