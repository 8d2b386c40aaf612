<?php
// What a framework's compiled views are.
require __DIR__ . '/version.php';
if (!is_dir('cache')) mkdir('cache');
file_put_contents('cache/version', VERSION);
