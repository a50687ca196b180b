//! Which tables and columns a backup has, in an order in which rows can be put back: parents before children.
//! A test holds this list against the schema, so that no new column is forgotten.

use std::{fmt::Write as _, sync::LazyLock};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Id,
    Text,
    Int,
    Bool,
    Bytes,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
}

/// A table with the statements that read and write it.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: Vec<Column>,
    /// How many of the first columns are the key.
    keys: usize,
    /// A column that points into the same table and is filled in when all rows are there.
    pub(super) later: Option<usize>,
    /// Reads the first rows by key; `$1` says how many.
    pub(super) first: String,
    /// Reads those after a key.
    pub(super) next: String,
    pub(super) insert: String,
    /// Fills in the later column: `$1` key, `$2` value.
    pub(super) fill: String,
    /// Counts to one.
    pub(super) any: String,
}

/// Name, number of key columns, columns with `:i` id, `:n` number, `:b` yes or no, `:x` bytes, otherwise text;
/// `*` marks the column that points into the same table.
const SPEC: &[(&str, usize, &str)] = &[
    ("team", 1, "id:i path name parent_id:i*"),
    (
        "person",
        1,
        "id:i staff_no name email team_id:i manager_id:i* grade languages working_pattern active:b lang password_hash diary_salt:x diary_wrapped:x created_at:n updated_at:n",
    ),
    ("role_grant", 2, "person_id:i role granted_at:n"),
    ("place", 1, "id:i code level name name_local parent_id:i* shape svg active:b"),
    (
        "challenge",
        1,
        "id:i title question why decision decision_on owner_id:i place_id:i status outcome outcome_why closed_at:n created_at:n",
    ),
    (
        "invitation",
        1,
        "id:i code group_name contact_name contact_email contact_phone topic message place_id:i meeting_point wished_at:n people:n language notes_allowed:b photos publicity received_via clerk_id:i status answer answered_by:i answered_at:n answer_due created_at:n host_wants host_gets access_notes step_free:b guests",
    ),
    (
        "outing",
        1,
        "id:i kind title description challenge_id:i invitation_id:i place_id:i organiser_id:i meeting_point host_name host_wants host_gets safety_plan access_notes language starts_at:n ends_at:n seats:n photos notes_allowed:b publicity status status_why told_back told_back_at:n told_back_by:i created_at:n guests access",
    ),
    ("outing_party", 2, "outing_id:i party name email"),
    (
        "community",
        1,
        "id:i place_id:i code name contact_name contact_email language stance stance_until stance_why never_on:n entered_by:i created_at:n updated_at:n",
    ),
    ("community_days", 3, "community_id:i first_on last_on why"),
    ("community_told", 2, "community_id:i outing_id:i"),
    ("standing_yes", 1, "person_id:i half_days_a_month:n granted_by:i granted_at:n until"),
    (
        "placement",
        1,
        "id:i outing_id:i person_id:i stage ending ending_why reflection_at:n talk_at:n answers done checkin created_at:n updated_at:n askable:b",
    ),
    ("exchange_city", 1, "id:i name name_key home:b carried_days:n created_at:n"),
    (
        "exchange",
        1,
        "id:i title challenge_id:i lead_id:i starts_on ends_on days:n answers_until together matching longest:n stage stage_why version over_at:n created_at:n updated_at:n",
    ),
    (
        "exchange_member",
        1,
        "id:i exchange_id:i city_id:i contact_name contact_email language most_out:n tolerance:n link_off:b created_at:n",
    ),
    (
        "exchange_post",
        1,
        "id:i member_id:i title shows topics languages grades free_from free_to guests:n created_at:n",
    ),
    (
        "exchange_goer",
        1,
        "id:i member_id:i person_id:i label email language grade languages free_from free_to learn topics wishes anywhere:b gone:b created_at:n",
    ),
    ("exchange_proposal", 1, "id:i exchange_id:i number:n version objective:n bound:n made_at:n"),
    (
        "exchange_leg",
        1,
        "id:i proposal_id:i ring:n seat:n from_id:i to_id:i goer_id:i post_id:i starts_on ends_on days:n content state off_by off_why placement_id:i",
    ),
    ("exchange_consent", 2, "leg_id:i voice answer why version spoken_for:b carried:b answered_at:n"),
    ("exchange_ban", 3, "exchange_id:i goer_id:i post_id:i"),
    ("approval", 2, "placement_id:i party answer why name email asked_at:n answered_at:n"),
    ("placement_event", 1, "id:i placement_id:i at:n what by_name why"),
    (
        "round",
        1,
        "id:i title starts_on ends_on wishes_until stage place_cap:n host_cap:n opened_by:i created_at:n published_at:n",
    ),
    ("round_outing", 2, "round_id:i outing_id:i min_group:n"),
    ("round_person", 2, "round_id:i person_id:i wanted:n away access updated_at:n"),
    ("round_wish", 3, "round_id:i person_id:i outing_id:i rank:n"),
    ("round_serves", 3, "round_id:i person_id:i challenge_id:i"),
    ("round_cover", 2, "round_id:i manager_id:i away:n weeks asked_at:n answered_at:n"),
    ("round_place", 3, "round_id:i place_id:i week cap:n"),
    ("round_host", 2, "round_id:i host_name cap:n"),
    ("round_edit", 3, "round_id:i person_id:i outing_id:i what why by_id:i at:n"),
    (
        "round_run",
        1,
        "id:i round_id:i number:n effort seed:n stage asked_by:i asked_at:n ended_at:n worker:i lease_until:n stop:b phase done_permille:n objective:n bound:n verified:b problem figures published:b",
    ),
    ("round_seat", 3, "run_id:i person_id:i outing_id:i rank:n"),
    ("round_run_edit", 3, "run_id:i person_id:i outing_id:i what kept:b"),
    ("round_reason", 2, "run_id:i person_id:i kind rank:n outing_id:i week alone:b"),
    ("round_reserve", 3, "run_id:i outing_id:i person_id:i place_no:n moved_up_at:n"),
    ("round_proof", 1, "run_id:i bytes:x"),
    (
        "consent",
        1,
        "id:i code outing_id:i recorded_by:i use_it:b quote:b picture:b contact:b language basis purpose given_at:n withdrawn_at:n",
    ),
    (
        "note",
        1,
        "id:i placement_id:i outing_id:i challenge_id:i author_id:i kind seen meaning place_id:i lon lat consent_id:i happened_at:n created_at:n edited_at:n",
    ),
    ("note_version", 1, "id:i note_id:i kind seen meaning place_id:i lon lat happened_at:n made_at:n"),
    ("note_follows", 2, "version_id:i follows_id:i"),
    ("media", 1, "id:i note_id:i mime width:n height:n description size:n sha256 duration_ms:n created_at:n"),
    ("figure_edition", 1, "id:i from_on until_on k:n made_at:n down_at:n"),
    ("figure_cell", 2, "edition_id:i number:n challenge_id:i place_id:i kind month at_least:n"),
    ("tombstone", 1, "id:i what outing_id:i challenge_id:i withdrawn_at:n"),
    ("reflection", 1, "id:i placement_id:i author_id:i kind day sealed:x shared shared_at:n created_at:n updated_at:n"),
    ("return_date", 2, "placement_id:i what moves:n sequence:n why dropped_at:n asked_at:n"),
    ("circle", 1, "id:i began:b last_at:n next_at:n sequence:n reminded:b touched_at:n"),
    ("circle_member", 1, "id:i circle_id:i person_id:i joined:b sealed:x"),
    ("circle_seeker", 1, "person_id:i since:n"),
    (
        "change",
        1,
        "id:i challenge_id:i placement_id:i kind title what when_x will_y makes_room hours_freed:n owner_id:i committed_on status status_why belief smallest_test change_mind ends_on verdict result created_at:n updated_at:n baseline cost could_harm who_asked sureness sureness_was sureness_at:n learn_next finding ended_at:n decided_at:n end_asked_at:n published_at:n",
    ),
    ("change_evidence", 2, "change_id:i note_id:i"),
    ("theme", 1, "id:i challenge_id:i position:n gone:b"),
    ("insight", 1, "id:i challenge_id:i gone:b created_at:n"),
    ("board_wording", 1, "id:i theme_id:i insight_id:i says why against sure made_at:n"),
    ("board_wording_follows", 2, "wording_id:i follows_id:i"),
    ("board_note", 1, "note_id:i theme_id:i"),
    ("insight_note", 2, "insight_id:i note_id:i against:b"),
    ("insight_theme", 2, "insight_id:i theme_id:i"),
    ("change_insight", 2, "change_id:i insight_id:i"),
    ("follow_up", 1, "id:i change_id:i due_in due_on asked_at:n kept said answered_at:n reminders:n reminded_at:n"),
    (
        "practice",
        1,
        "id:i slug change_id:i author_id:i title problem what how needed result careful language origin_id:i* origin_url differs status status_why published_at:n created_at:n updated_at:n",
    ),
    ("practice_quote", 2, "practice_id:i note_id:i"),
    ("audit", 1, "id:i at:n actor act subject"),
    ("setting", 1, "name value"),
    ("withdrawn_words", 1, "hash words:n"),
    ("device", 2, "person_id:i id:i name made_at:n seen_at:n reached:n locked_at:n"),
    ("notebook", 1, "person_id:i last:n"),
    ("notebook_feed", 3, "person_id:i what id:i number:n"),
    ("diary_entry", 1, "id:i person_id:i created_at:n gone_at:n"),
    ("diary_version", 1, "id:i entry_id:i sealed:x made_at:n"),
    ("diary_follows", 2, "version_id:i follows_id:i"),
    ("diary_key", 1, "id:i person_id:i sort salt:x wrapped:x credential:x made_at:n"),
];

/// Columns that backups of older programs have and that are kept no longer.
const GONE: &[(&str, &[&str])] = &[("placement", &["out_at", "back_at"]), ("media", &["bytes"])];

/// What is not in a backup: who is signed in, secret addresses, the letters that carry them, failed tries; files that are still
/// arriving or on their way out; and the line of the data, because what is restored is another one. Files of notes are in it,
/// but not as a table.
///
/// Who is out at this moment is not in it: a backup lives longer than the day after which that is deleted, so it would tell
/// who was where; and restored later it would ask about people who are long back. Phones send again what they hold. For the
/// same reason who comes to a debrief is not in it.
///
/// How a board's changes are counted is not in it either, so that whoever had the board open reads it anew; nor is who moved
/// what, which is forgotten sooner than a backup.
pub(super) const LEFT_OUT: &[&str] = &[
    "session",
    "link",
    "attempt",
    "mail",
    "upload",
    "media_trash",
    "media_moving",
    "going_out",
    "debrief",
    "debrief_member",
    "notebook_epoch",
    "board",
    "board_feed",
    "board_touched",
    "board_act",
    "board_act_note",
];

/// All tables, parents before children.
pub(super) static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| SPEC.iter().map(Table::new).collect());

fn column(word: &'static str) -> Column {
    let (name, mark) = word.trim_end_matches('*').split_once(':').unwrap_or((word, ""));
    let holds = match mark {
        "i" => Holds::Id,
        "n" => Holds::Int,
        "b" => Holds::Bool,
        "x" => Holds::Bytes,
        _ => Holds::Text,
    };
    Column { name, holds }
}

fn numbered(from: usize, count: usize) -> String {
    (from..from + count).fold(String::new(), |mut text, n| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{}${n}", if n == from { "" } else { ", " });
        text
    })
}

impl Table {
    fn new((name, keys, words): &(&'static str, usize, &'static str)) -> Self {
        let columns: Vec<Column> = words.split(' ').map(column).collect();
        let names = columns.iter().map(|c| c.name).collect::<Vec<_>>().join(", ");
        let key = columns.iter().take(*keys).map(|c| c.name).collect::<Vec<_>>().join(", ");
        let later = words.split(' ').position(|w| w.ends_with('*'));
        let pointing = later.and_then(|at| columns.get(at)).map_or("", |c| c.name);
        Self {
            first: format!("SELECT {names} FROM {name} ORDER BY {key} LIMIT $1"),
            next: format!(
                "SELECT {names} FROM {name} WHERE ({key}) > ({}) ORDER BY {key} LIMIT ${}",
                numbered(1, *keys),
                keys + 1
            ),
            insert: format!("INSERT INTO {name} ({names}) VALUES ({})", numbered(1, columns.len())),
            fill: format!("UPDATE {name} SET {pointing} = $2 WHERE {key} = $1"),
            any: format!("SELECT COUNT(*) FROM (SELECT 1 FROM {name} LIMIT 1) AS first_row"),
            name,
            columns,
            keys: *keys,
            later,
        }
    }

    /// Where each named column of an older program's backup belongs here; `None` for one that is kept no longer. Nothing
    /// at all when a column is named that never was.
    pub(super) fn places(&self, named: &[String]) -> Option<Vec<Option<usize>>> {
        let gone = GONE.iter().find(|(table, _)| *table == self.name).map_or(&[][..], |(_, columns)| *columns);
        let place = |name: &String| match self.columns.iter().position(|c| c.name == name) {
            Some(at) => Some(Some(at)),
            None => gone.contains(&name.as_str()).then_some(None),
        };
        named.iter().map(place).collect()
    }

    /// Writes a row of these columns; the others get what their migration gave to rows that were there.
    pub(super) fn insert_of(&self, places: &[usize]) -> String {
        let names: Vec<&str> = places.iter().filter_map(|at| self.columns.get(*at)).map(|c| c.name).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", self.name, names.join(", "), numbered(1, names.len()))
    }

    pub(super) fn key(&self) -> &[Column] {
        self.columns.get(..self.keys).unwrap_or_default()
    }

    pub(super) fn names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|c| c.name).collect()
    }
}
