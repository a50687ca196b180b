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
