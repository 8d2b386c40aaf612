// What a bundler writes beside the code.
const fs = require('fs');
fs.mkdirSync('node_modules/.cache', { recursive: true });
fs.writeFileSync('node_modules/.cache/version', require('./version'));
