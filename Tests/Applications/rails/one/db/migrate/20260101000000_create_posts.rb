class CreatePosts < ActiveRecord::Migration[6.1]
  def change
    create_table(:posts) { |table| table.string :text, null: false }
  end
end
