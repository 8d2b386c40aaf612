VERSION = 'one'
