CREATE TABLE movement_audit (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    movement_id BIGINT UNSIGNED NOT NULL,
    item_id INT UNSIGNED NOT NULL,
    stock_after INT NOT NULL,
    database_user VARCHAR(120) NOT NULL,
    recorded_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE KEY movement_audit_by_movement (movement_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

DELIMITER $$

CREATE TRIGGER movements_are_audited AFTER INSERT ON movements FOR EACH ROW
BEGIN
    DECLARE stock_now INT;
    SELECT stock INTO stock_now FROM items WHERE items.id = NEW.item_id;
    INSERT INTO movement_audit (movement_id, item_id, stock_after, database_user)
    VALUES (NEW.id, NEW.item_id, stock_now, CURRENT_USER());
END$$

CREATE TRIGGER movements_never_change BEFORE UPDATE ON movements FOR EACH ROW
BEGIN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a movement is never changed; add another one';
END$$

CREATE TRIGGER movements_never_go BEFORE DELETE ON movements FOR EACH ROW
BEGIN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a movement is never deleted; add another one';
END$$

DELIMITER ;
