class PostsController < ActionController::API
  def version = render(plain: "#{VERSION}\n")
  def index = render(plain: Post.order(:id).map { |post| "#{post.text}\n" }.join)

  def create
    Post.create!(text: request.raw_post)
    head :created
  end
end
