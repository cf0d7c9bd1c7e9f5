-- Number of the last profile that was ever committed, written before retention drops profiles: numbers are never used twice,
-- and the file `profiles.commits` is compared with them. While the last profile is there, its id is the number.
CREATE TABLE last_profile (
    id     INTEGER PRIMARY KEY CHECK (id = 0),
    number INTEGER NOT NULL
) STRICT;
