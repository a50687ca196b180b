-- Pictures and sounds are files in a place of their own; the database keeps what they are and whose note they belong to.

-- Those that lie in the database wait here until the program has put them there, at its next start.
CREATE TABLE media_moving (
    id UUID PRIMARY KEY,
    bytes BYTEA NOT NULL
);
INSERT INTO media_moving (id, bytes) SELECT id, bytes FROM media;
ALTER TABLE media DROP COLUMN bytes;

-- Of a file that waits to be moved, size and sum are not known yet. Pictures have no duration, sounds no width and height.
ALTER TABLE media ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE media ADD COLUMN duration_ms BIGINT NOT NULL DEFAULT 0;

-- Files to be deleted: of what was taken away, at once (0); of what is being written, when its note has not come by then.
CREATE TABLE media_trash (
    id UUID NOT NULL,
    what TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (id, what)
);
CREATE INDEX media_trash_due ON media_trash (due_at);

-- Files that arrive in pieces. The note is named and not referred to: what was taken back stays here for some days, empty,
-- to tell the telephone so.
CREATE TABLE upload (
    id UUID PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    note_id UUID NOT NULL,
    mime TEXT NOT NULL,
    description TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    length BIGINT NOT NULL,
    received BIGINT NOT NULL,
    taken_back_at BIGINT,
    created_at BIGINT NOT NULL,
    touched_at BIGINT NOT NULL
);
CREATE INDEX upload_person ON upload (person_id);
CREATE INDEX upload_note ON upload (note_id);
CREATE INDEX upload_touched ON upload (touched_at);
