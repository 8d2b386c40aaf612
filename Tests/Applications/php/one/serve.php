<?php
pcntl_exec(PHP_BINARY, ['-S', getenv('HOST') . ':' . getenv('PORT'), '-t', 'public', 'public/index.php']);
