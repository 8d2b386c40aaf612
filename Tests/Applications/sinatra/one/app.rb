require 'sinatra/base'
require 'sqlite3'
require_relative 'version'

class Posts < Sinatra::Base
  def database = SQLite3::Database.new(ENV.fetch('DATABASE_URL').delete_prefix('sqlite://'))

  get('/') { "#{VERSION}\n" }
  get('/items') { database.execute('SELECT text FROM post ORDER BY id').map { |row| "#{row[0]}\n" }.join }
  post '/items' do
    database.execute('INSERT INTO post (text) VALUES (?)', [request.body.read])
    status 201
  end
end
