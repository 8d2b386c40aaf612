<?php
require __DIR__ . '/../version.php';
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
header('Content-Type: text/plain');
if ($path === '/') { echo VERSION, "\n"; exit; }
$url = parse_url(getenv('DATABASE_URL'));
$database = new PDO(
    sprintf('mysql:host=%s;port=%s;dbname=%s', $url['host'], $url['port'], ltrim($url['path'], '/')),
    $url['user'], urldecode($url['pass']), [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $database->prepare('INSERT INTO visit (text) VALUES (?)')->execute([file_get_contents('php://input')]);
    http_response_code(201);
    exit;
}
foreach ($database->query('SELECT text FROM visit ORDER BY id') as $row) echo $row['text'], "\n";
