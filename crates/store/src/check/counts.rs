//! What the check counts, so that whoever reads it sees that it looked.

pub(super) const COUNTS: &[(&str, &str)] = &[
    ("people", "SELECT COUNT(*) FROM person"),
    ("places", "SELECT COUNT(*) FROM place"),
    ("challenges", "SELECT COUNT(*) FROM challenge"),
    ("invitations", "SELECT COUNT(*) FROM invitation"),
    ("outings", "SELECT COUNT(*) FROM outing"),
    ("placements", "SELECT COUNT(*) FROM placement"),
    ("rounds", "SELECT COUNT(*) FROM round"),
    ("exchanges", "SELECT COUNT(*) FROM exchange"),
    ("notes", "SELECT COUNT(*) FROM note"),
    ("wordings", "SELECT COUNT(*) FROM note_version"),
    ("pictures and sounds", "SELECT COUNT(*) FROM media"),
    ("consents", "SELECT COUNT(*) FROM consent"),
    ("reflections", "SELECT COUNT(*) FROM reflection"),
    ("themes", "SELECT COUNT(*) FROM theme WHERE NOT gone"),
    ("insights", "SELECT COUNT(*) FROM insight WHERE NOT gone"),
    ("circles", "SELECT COUNT(*) FROM circle"),
    ("changes", "SELECT COUNT(*) FROM change"),
    ("practices", "SELECT COUNT(*) FROM practice"),
    ("phones", "SELECT COUNT(*) FROM device"),
    ("diary entries", "SELECT COUNT(*) FROM diary_entry WHERE gone_at IS NULL"),
];
