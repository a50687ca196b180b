-- Safe out there: who is out, until when, and whom to ask when they are not back. No position. It is deleted a day after it
-- ended, so that it never tells who was where.

CREATE TABLE going_out (
    id UUID PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    placement_id UUID NOT NULL REFERENCES placement (id) ON DELETE CASCADE,
    area TEXT NOT NULL,
    with_whom TEXT,
    buddy_id UUID NOT NULL REFERENCES person (id),
    due_at BIGINT NOT NULL,
    stage TEXT NOT NULL,
    -- When the next is asked; nothing when it is over, or when everybody was asked.
    asks_at BIGINT,
    ended_at BIGINT,
    CHECK ((ended_at IS NOT NULL) = (stage IN ('back', 'settled'))),
    CHECK (asks_at IS NULL OR stage IN ('out', 'later', 'asked-buddy'))
);
CREATE INDEX going_out_asks ON going_out (asks_at);
CREATE INDEX going_out_person ON going_out (person_id);
CREATE INDEX going_out_buddy ON going_out (buddy_id);

-- A letter about somebody who is out goes before all others, and is deleted a day after it was sent.
ALTER TABLE mail ADD COLUMN brief BOOLEAN NOT NULL DEFAULT FALSE;
