-- Figures for everybody. An edition is of whole months that no other one is of, and does not change; one that was taken down
-- keeps its months, so that they are not told a second time. Nobody is in it: who published it is in the audit log.
CREATE TABLE figure_edition (
    id UUID PRIMARY KEY,
    -- First day of the first month, and of the month after the last.
    from_on TEXT NOT NULL,
    until_on TEXT NOT NULL,
    k BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    down_at BIGINT,
    CHECK (from_on < until_on),
    CHECK (k >= 5)
);
CREATE UNIQUE INDEX figure_edition_from ON figure_edition (from_on);
CREATE UNIQUE INDEX figure_edition_until ON figure_edition (until_on);

CREATE TABLE figure_cell (
    edition_id UUID NOT NULL REFERENCES figure_edition (id),
    number BIGINT NOT NULL,
    challenge_id UUID NOT NULL REFERENCES challenge (id),
    -- What is empty is not told apart.
    place_id UUID REFERENCES place (id),
    kind TEXT,
    month TEXT,
    at_least BIGINT NOT NULL,
    PRIMARY KEY (edition_id, number),
    CHECK (at_least >= 5)
);
CREATE INDEX figure_cell_challenge ON figure_cell (challenge_id);
CREATE INDEX figure_cell_place ON figure_cell (place_id);
