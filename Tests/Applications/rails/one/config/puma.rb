bind "tcp://#{ENV.fetch('HOST')}:#{ENV.fetch('PORT')}"
threads 1, 4
