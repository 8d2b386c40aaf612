package main

const version = "two"
