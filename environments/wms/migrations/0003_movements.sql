-- The ledger: an item's stock is the sum of its movements.
CREATE TABLE movements (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    item_id INT UNSIGNED NOT NULL,
    kind ENUM('in', 'out') NOT NULL,
    quantity INT NOT NULL,
    stock_change INT GENERATED ALWAYS AS (CASE WHEN kind = 'in' THEN quantity ELSE -quantity END) STORED,
    reference VARCHAR(120) NOT NULL DEFAULT '',
    made_by VARCHAR(64) NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    KEY movements_by_item (item_id, id),
    KEY movements_by_reference (reference),
    CONSTRAINT movements_item FOREIGN KEY (item_id) REFERENCES items (id),
    CONSTRAINT movements_quantity_is_positive CHECK (quantity > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
