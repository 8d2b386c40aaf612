-- A movement counts once by its reference, however often it is sent. NULL: it has none, or is older than this.
ALTER TABLE movements
    ADD COLUMN once_by VARCHAR(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    ADD UNIQUE KEY movements_count_once (item_id, kind, once_by);
