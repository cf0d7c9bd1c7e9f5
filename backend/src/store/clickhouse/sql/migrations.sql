-- Which of the numbered files were applied.
CREATE TABLE IF NOT EXISTS schema_migrations/*_local*/ /*ON CLUSTER*/ (
    version UInt32,
    applied DateTime('UTC') DEFAULT now()
) ENGINE = /*Replicated*/ReplacingMergeTree(applied)
ORDER BY version;
