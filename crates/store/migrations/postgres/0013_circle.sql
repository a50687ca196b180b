-- What became of the time to think and the return talk that were booked before leaving. No row means: as it was booked. It
-- does not say whether anybody kept to it.
CREATE TABLE return_date (
    placement_id UUID NOT NULL REFERENCES placement (id) ON DELETE CASCADE,
    what TEXT NOT NULL,
    moves BIGINT NOT NULL DEFAULT 0,
    -- Of the entry in calendars; it grows whenever the time changes.
    sequence BIGINT NOT NULL DEFAULT 0,
    why TEXT,
    dropped_at BIGINT,
    asked_at BIGINT,
    PRIMARY KEY (placement_id, what),
    CHECK (what IN ('reflection', 'talk')),
    CHECK (dropped_at IS NULL OR why IS NOT NULL),
    CHECK (moves < 2 OR why IS NOT NULL)
);

-- A debrief together, of those on the same outing. Who said that they come is deleted a day after it.
CREATE TABLE debrief (
    id UUID PRIMARY KEY,
    outing_id UUID NOT NULL REFERENCES outing (id) ON DELETE CASCADE,
    at BIGINT NOT NULL
);
CREATE INDEX debrief_outing ON debrief (outing_id);
CREATE TABLE debrief_member (
    debrief_id UUID NOT NULL REFERENCES debrief (id) ON DELETE CASCADE,
    person_id UUID NOT NULL REFERENCES person (id),
    PRIMARY KEY (debrief_id, person_id)
);
CREATE INDEX debrief_member_person ON debrief_member (person_id);

-- A letter for its reader alone: the list of letters says that there is one and not to whom. And the file for a calendar
-- that goes with a letter.
ALTER TABLE mail ADD COLUMN private BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE mail ADD COLUMN calendar TEXT;

-- Circles of peers: when they meet, who is in them, and each one's own action, sealed. Never what was said.
CREATE TABLE circle (
    id UUID PRIMARY KEY,
    -- Whether it ever ran.
    began BOOLEAN NOT NULL DEFAULT FALSE,
    last_at BIGINT,
    next_at BIGINT,
    sequence BIGINT NOT NULL DEFAULT 0,
    reminded BOOLEAN NOT NULL DEFAULT FALSE,
    touched_at BIGINT NOT NULL
);
CREATE TABLE circle_member (
    id UUID PRIMARY KEY,
    circle_id UUID NOT NULL REFERENCES circle (id) ON DELETE CASCADE,
    person_id UUID NOT NULL REFERENCES person (id),
    -- Asked, or in it.
    joined BOOLEAN NOT NULL,
    sealed BYTEA,
    CHECK (joined OR sealed IS NULL)
);
CREATE UNIQUE INDEX circle_member_once ON circle_member (circle_id, person_id);
CREATE INDEX circle_member_person ON circle_member (person_id);
-- Who would like to be in one. Only those who are in this list themselves read it.
CREATE TABLE circle_seeker (
    person_id UUID PRIMARY KEY REFERENCES person (id),
    since BIGINT NOT NULL
);
