module.exports = 'one'
