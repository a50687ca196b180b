//! A theme with a name, and an insight that rests on it.

use freerange_domain::{
    id::{ActId, ChallengeId, InsightId, ThemeId, VersionId},
    insight::{Act, Sure},
};
use freerange_store::{
    Actor, Store,
    insight::{Asked, Saying},
};

use super::{line, now, prose};

/// Their ids.
pub(crate) async fn board(store: &Store, who: &Actor, challenge: ChallengeId) -> [(&'static str, String); 2] {
    let (theme, wording) = (ThemeId::new(), VersionId::default());
    let what = Act::Name { theme, wording, follows: Vec::new(), name: line("Stairs") };
    let today = jiff::civil::date(2026, 11, 24);
    let asked = Asked { id: ActId::new(), what };
    store.arrange(who, challenge, &[asked], (today, now())).await.expect("named");
    let saying = Saying {
        id: VersionId::default(),
        says: line("The stair is the door"),
        why: prose("Everybody names it."),
        against: String::new(),
        sure: Sure::Hunch,
        follows: Vec::new(),
    };
    let insight = InsightId::new();
    store.write_insight(who, challenge, (insight, &saying), &[theme], now()).await.expect("written");
    [("theme", theme.to_string()), ("insight", insight.to_string())]
}
