-- The phone notebook: phones, wordings of notes, the diary that only its writer opens, and what a phone has not heard of yet.

-- A phone on which somebody opened their notebook. The id is made on the phone, so it is one's own only together with whose it is.
CREATE TABLE device (
    person_id UUID NOT NULL REFERENCES person (id),
    id UUID NOT NULL,
    name TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- To the hour.
    seen_at BIGINT NOT NULL,
    -- The last number of the feed that it said it has stored.
    reached BIGINT NOT NULL,
    -- From then on it is told to forget everything.
    locked_at BIGINT,
    PRIMARY KEY (person_id, id)
);

-- How far each person's feed has been counted.
CREATE TABLE notebook (
    person_id UUID PRIMARY KEY REFERENCES person (id),
    last BIGINT NOT NULL
);

-- What changed for a phone: each thing once, under the number of its last change.
CREATE TABLE notebook_feed (
    person_id UUID NOT NULL REFERENCES person (id),
    what TEXT NOT NULL,
    id UUID NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (person_id, what, id),
    CHECK (what IN ('note', 'consent', 'diary'))
);
CREATE UNIQUE INDEX notebook_feed_number ON notebook_feed (person_id, number);

-- The line of this data. It is not in a backup: a restored city gets a new one, so that phones send again what they hold.
CREATE TABLE notebook_epoch (
    one BIGINT PRIMARY KEY,
    id UUID NOT NULL,
    made_at BIGINT NOT NULL,
    CHECK (one = 1)
);

-- Every wording of a note. The note itself holds the one that is read first.
CREATE TABLE note_version (
    id UUID PRIMARY KEY,
    note_id UUID NOT NULL REFERENCES note (id),
    kind TEXT NOT NULL,
    seen TEXT NOT NULL,
    meaning TEXT NOT NULL,
    place_id UUID REFERENCES place (id),
    lon TEXT,
    lat TEXT,
    happened_at BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX note_version_note ON note_version (note_id);

-- From which wordings one was made. They may not have arrived yet, or never.
CREATE TABLE note_follows (
    version_id UUID NOT NULL REFERENCES note_version (id),
    follows_id UUID NOT NULL,
    PRIMARY KEY (version_id, follows_id)
);

-- The diary: sealed on the phone. One that was taken away keeps its id, so that it does not come back.
CREATE TABLE diary_entry (
    id UUID PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    gone_at BIGINT
);
CREATE INDEX diary_entry_person ON diary_entry (person_id);

CREATE TABLE diary_version (
    id UUID PRIMARY KEY,
    entry_id UUID NOT NULL REFERENCES diary_entry (id),
    sealed BYTEA NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX diary_version_entry ON diary_version (entry_id);

CREATE TABLE diary_follows (
    version_id UUID NOT NULL REFERENCES diary_version (id),
    follows_id UUID NOT NULL,
    PRIMARY KEY (version_id, follows_id)
);

-- The key of the diary, wrapped: once for each way its owner has to open it. None of them opens here.
CREATE TABLE diary_key (
    id UUID PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    sort TEXT NOT NULL,
    salt BYTEA NOT NULL,
    wrapped BYTEA NOT NULL,
    credential BYTEA,
    made_at BIGINT NOT NULL,
    CHECK (sort IN ('passphrase', 'passkey', 'recovery'))
);
CREATE INDEX diary_key_person ON diary_key (person_id);

-- What is there already: each note has one wording, under the note's id, and phones hear of notes and consents from the first on.
INSERT INTO note_version (id, note_id, kind, seen, meaning, place_id, lon, lat, happened_at, made_at)
SELECT id, id, kind, seen, meaning, place_id, lon, lat, happened_at, COALESCE(edited_at, created_at) FROM note;
INSERT INTO notebook_feed (person_id, what, id, number)
SELECT person_id, what, id, ROW_NUMBER() OVER (PARTITION BY person_id ORDER BY at, what, id) FROM (
    SELECT author_id AS person_id, 'note' AS what, id, created_at AS at FROM note
    UNION ALL SELECT recorded_by AS person_id, 'consent' AS what, id, given_at AS at FROM consent
) AS written;
INSERT INTO notebook (person_id, last) SELECT person_id, MAX(number) FROM notebook_feed GROUP BY person_id;
