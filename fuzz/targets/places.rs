//! No bytes make the reader of boundaries fall over, and what it accepts can be drawn and asked.
#![no_main]

use freerange_intake::{
    TOLD,
    places::{Level, LevelRule, ParentRule, PlaceMapping, read_places},
    shape::Projection,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mapping = PlaceMapping {
        level: LevelRule::All(Level::Neighbourhood),
        code_property: "code".into(),
        name_property: "name".into(),
        name_local_property: Some("local".into()),
        parent: ParentRule::CodePrefix(2),
        above: Vec::new(),
    };
    match read_places(bytes, &mapping) {
        Ok(rows) => {
            for row in &rows {
                let bounds = row.shape.bounds().expect("an area has points");
                let [lon, lat] = row.shape.centre().expect("an area has a middle");
                assert!((bounds.west..=bounds.east).contains(&lon) && (bounds.south..=bounds.north).contains(&lat));
                let _ = row.shape.contains(lon, lat);
                assert!(row.shape.svg_path(&Projection::fit(bounds, 1000.0, 760.0)).ends_with('z'));
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty() && errors.len() <= TOLD + 1);
            assert!(errors.iter().all(|e| e.feature.is_none() || e.line > 0));
        }
    }
});
