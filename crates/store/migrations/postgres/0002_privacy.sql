-- Less is kept of the people who go out.

-- Nobody's coming and going: of leaving and coming back the day in a person's own history is enough, and the line about
-- with whom and until when is for the time in which they are out.
ALTER TABLE placement DROP COLUMN out_at;
ALTER TABLE placement DROP COLUMN back_at;
UPDATE placement SET checkin = '' WHERE stage <> 'out' AND checkin <> '';
UPDATE placement_event SET at = at - at % 86400000000 + 43200000000 WHERE what IN ('out', 'back', 'cut-short');

-- Words that a resident took back, as a keyed hash and how many they are, so that they do not return in another text.
-- Not whose they were, when, or what they said.
CREATE TABLE withdrawn_words (
    hash TEXT PRIMARY KEY,
    words BIGINT NOT NULL
);

-- One evening stop for each day out, instead of one that is written over: a month in a neighbourhood has thirty. The other
-- moments have no day. A constraint cannot be dropped everywhere, so the table is built anew; nothing points to it.
CREATE TABLE reflection_by_day (
    id UUID PRIMARY KEY,
    placement_id UUID NOT NULL REFERENCES placement (id),
    author_id UUID NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    -- Of an evening: which, like 2027-03-28 in the city's time.
    day TEXT NOT NULL DEFAULT '',
    -- Private: sealed under the author's diary key. Empty once shared.
    sealed BYTEA,
    -- Shared by the author's act: {"struck": "..."}.
    shared TEXT,
    shared_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((sealed IS NULL) <> (shared IS NULL)),
    UNIQUE (placement_id, kind, day)
);
INSERT INTO reflection_by_day (id, placement_id, author_id, kind, day, sealed, shared, shared_at, created_at, updated_at)
SELECT id, placement_id, author_id, kind, CASE kind WHEN 'evening' THEN to_char(to_timestamp(created_at / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD') ELSE '' END,
    sealed, shared, shared_at, created_at, updated_at FROM reflection;
DROP TABLE reflection;
ALTER TABLE reflection_by_day RENAME TO reflection;
CREATE INDEX reflection_author ON reflection (author_id, updated_at);
