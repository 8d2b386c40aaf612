require 'rails'
require 'active_record/railtie'
require 'action_controller/railtie'
require_relative '../version'

class Posts < Rails::Application
  config.load_defaults 6.1
  config.eager_load = Rails.env.production?
  config.log_level = :info
  config.logger = ActiveSupport::Logger.new($stdout)
  config.active_record.dump_schema_after_migration = false
end
