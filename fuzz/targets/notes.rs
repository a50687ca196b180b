//! No bytes make the reader of notes fall over, and nothing that somebody said gets through without a code.
#![no_main]

use freerange_intake::{
    TOLD,
    notes::{Kind, read_notes},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| match read_notes(bytes) {
    Ok(rows) => {
        assert!(!rows.is_empty());
        for row in &rows {
            assert!(row.line > 1 && !row.seen.is_empty() && (row.kind != Kind::Said || !row.consent.is_empty()));
        }
    }
    Err(errors) => {
        assert!(!errors.is_empty() && errors.len() <= TOLD + 1);
        assert!(errors.iter().all(|e| !e.problem.to_string().is_empty() && !e.to_string().contains('\n')));
    }
});
