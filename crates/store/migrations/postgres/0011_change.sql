-- Changes at their full strength.

-- A question that nobody answers is asked again, twice.
ALTER TABLE follow_up ADD COLUMN reminders BIGINT NOT NULL DEFAULT 0;
ALTER TABLE follow_up ADD COLUMN reminded_at BIGINT;

-- The card of an experiment: what we compare with, what it costs, who could be harmed, who was asked. How sure its owner is, how
-- sure before, and since when. What it showed, apart from what follows. Texts that older tests lack stay empty.
ALTER TABLE change ADD COLUMN baseline TEXT;
ALTER TABLE change ADD COLUMN cost TEXT;
ALTER TABLE change ADD COLUMN could_harm TEXT;
ALTER TABLE change ADD COLUMN who_asked TEXT;
ALTER TABLE change ADD COLUMN sureness TEXT;
ALTER TABLE change ADD COLUMN sureness_was TEXT;
ALTER TABLE change ADD COLUMN sureness_at BIGINT;
ALTER TABLE change ADD COLUMN learn_next TEXT;
ALTER TABLE change ADD COLUMN finding TEXT;
ALTER TABLE change ADD COLUMN ended_at BIGINT;
ALTER TABLE change ADD COLUMN decided_at BIGINT;
ALTER TABLE change ADD COLUMN end_asked_at BIGINT;
ALTER TABLE change ADD COLUMN published_at BIGINT;
