package main

const version = "one"
