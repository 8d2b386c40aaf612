-- Who may log in. password_hash is "scrypt$N$r$p$salt$key"; the release command server/seed.js makes the first users.
CREATE TABLE users (
    name VARCHAR(64) NOT NULL,
    role ENUM('clerk', 'admin') NOT NULL DEFAULT 'clerk',
    password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
