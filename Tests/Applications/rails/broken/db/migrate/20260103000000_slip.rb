class Slip < ActiveRecord::Migration[6.1]
  def up = add_column(:postz, :colour, :string)
end
