Rails.application.routes.draw do
  root 'posts#version'
  resources :items, controller: 'posts', only: %i[index create]
end
