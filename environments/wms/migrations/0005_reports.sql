-- SQL SECURITY INVOKER: whoever asks needs the rights himself, and the definer may be gone after a restore.
CREATE SQL SECURITY INVOKER VIEW stock_ledger AS
SELECT
    items.id, items.sku, items.name, items.location, items.unit_price_cents, items.stock,
    COALESCE(SUM(movements.stock_change), 0) AS ledger,
    COUNT(movements.id) AS movements,
    MAX(movements.created_at) AS last_movement_at
FROM items
LEFT JOIN movements ON movements.item_id = items.id
GROUP BY items.id, items.sku, items.name, items.location, items.unit_price_cents, items.stock;

DELIMITER $$

CREATE FUNCTION worth_cents(stock INT, unit_price_cents INT) RETURNS BIGINT
DETERMINISTIC NO SQL SQL SECURITY INVOKER
BEGIN
    RETURN CAST(stock AS SIGNED) * unit_price_cents;
END$$

CREATE PROCEDURE stock_report(IN low INT)
READS SQL DATA SQL SECURITY INVOKER
BEGIN
    SELECT
        id, sku, name, location, unit_price_cents, stock, CAST(ledger AS SIGNED) AS ledger, movements, last_movement_at,
        worth_cents(stock, unit_price_cents) AS worth_cents,
        stock <= low AS is_low
    FROM stock_ledger
    ORDER BY sku;
END$$

CREATE EVENT audit_is_thinned ON SCHEDULE EVERY 1 DAY
COMMENT 'audit lines older than 400 days'
DO
BEGIN
    DELETE FROM movement_audit WHERE recorded_at < NOW() - INTERVAL 400 DAY;
END$$

DELIMITER ;
