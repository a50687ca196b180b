-- From notes to sense: a board for each challenge, themes on it, insights that rest on notes and themes.

-- How far a board's changes are counted. The line is new in a restored database, so that whoever had the board open reads it
-- anew. Neither is in a backup.
CREATE TABLE board (
    challenge_id UUID PRIMARY KEY REFERENCES challenge (id),
    line UUID NOT NULL,
    last BIGINT NOT NULL
);

-- What changed on a board: each thing once, under the number of its last change.
CREATE TABLE board_feed (
    challenge_id UUID NOT NULL REFERENCES challenge (id),
    what TEXT NOT NULL,
    id UUID NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (challenge_id, what, id),
    CHECK (what IN ('note', 'theme', 'insight'))
);
CREATE UNIQUE INDEX board_feed_number ON board_feed (challenge_id, number);

-- What came, changed or went by other ways than the board, notes above all, and has no number yet. Nobody waits for anybody
-- here; whoever looks at the board next gives it its number.
CREATE TABLE board_touched (
    id UUID PRIMARY KEY,
    challenge_id UUID NOT NULL REFERENCES challenge (id),
    what TEXT NOT NULL,
    thing_id UUID NOT NULL
);
CREATE INDEX board_touched_challenge ON board_touched (challenge_id);

CREATE TABLE theme (
    id UUID PRIMARY KEY,
    challenge_id UUID NOT NULL REFERENCES challenge (id),
    position BIGINT NOT NULL,
    -- Dissolved. A name that comes in later brings it back, so that nobody's words are lost.
    gone BOOLEAN NOT NULL
);
CREATE INDEX theme_challenge ON theme (challenge_id);

CREATE TABLE insight (
    id UUID PRIMARY KEY,
    challenge_id UUID NOT NULL REFERENCES challenge (id),
    gone BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX insight_challenge ON insight (challenge_id);

-- Every wording of a theme's name (only what it says) and of an insight. Nobody is named in it.
CREATE TABLE board_wording (
    id UUID PRIMARY KEY,
    theme_id UUID REFERENCES theme (id),
    insight_id UUID REFERENCES insight (id),
    says TEXT NOT NULL,
    why TEXT NOT NULL,
    against TEXT NOT NULL,
    sure TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    CHECK ((theme_id IS NULL) <> (insight_id IS NULL))
);
CREATE INDEX board_wording_theme ON board_wording (theme_id);
CREATE INDEX board_wording_insight ON board_wording (insight_id);

-- From which wordings one was made. They may not have arrived yet, or never.
CREATE TABLE board_wording_follows (
    wording_id UUID NOT NULL REFERENCES board_wording (id),
    follows_id UUID NOT NULL,
    PRIMARY KEY (wording_id, follows_id)
);

-- Where a note lies: in one theme. One without a row is not placed.
CREATE TABLE board_note (
    note_id UUID PRIMARY KEY REFERENCES note (id),
    theme_id UUID NOT NULL REFERENCES theme (id)
);
CREATE INDEX board_note_theme ON board_note (theme_id);

-- What an insight rests on, and what speaks against it.
CREATE TABLE insight_note (
    insight_id UUID NOT NULL REFERENCES insight (id),
    note_id UUID NOT NULL REFERENCES note (id),
    against BOOLEAN NOT NULL,
    PRIMARY KEY (insight_id, note_id)
);
CREATE INDEX insight_note_note ON insight_note (note_id);

CREATE TABLE insight_theme (
    insight_id UUID NOT NULL REFERENCES insight (id),
    theme_id UUID NOT NULL REFERENCES theme (id),
    PRIMARY KEY (insight_id, theme_id)
);

-- What was done on a board, by the day. Who did it is forgotten after two weeks; that it was done stays until the challenge is
-- closed, so that an act that is sent again is not done again. Not in a backup.
CREATE TABLE board_act (
    id UUID PRIMARY KEY,
    challenge_id UUID NOT NULL REFERENCES challenge (id),
    number BIGINT NOT NULL,
    what TEXT NOT NULL,
    theme_id UUID REFERENCES theme (id),
    by_id UUID REFERENCES person (id),
    on_day TEXT NOT NULL
);
CREATE INDEX board_act_challenge ON board_act (challenge_id, number);
CREATE INDEX board_act_by ON board_act (by_id);

CREATE TABLE board_act_note (
    act_id UUID NOT NULL REFERENCES board_act (id),
    note_id UUID NOT NULL REFERENCES note (id),
    from_id UUID REFERENCES theme (id),
    PRIMARY KEY (act_id, note_id)
);
CREATE INDEX board_act_note_note ON board_act_note (note_id);

-- Insights that a change rests on.
CREATE TABLE change_insight (
    change_id UUID NOT NULL REFERENCES change (id),
    insight_id UUID NOT NULL REFERENCES insight (id),
    PRIMARY KEY (change_id, insight_id)
);
CREATE INDEX change_insight_insight ON change_insight (insight_id);
