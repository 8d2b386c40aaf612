VERSION = 'two'
