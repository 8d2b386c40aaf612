require './app'
run Posts
