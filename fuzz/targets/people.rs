//! No bytes make the reader of staff lists fall over, and what it accepts keeps its promises.
#![no_main]

use freerange_intake::{TOLD, people::read_people};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| match read_people(bytes) {
    Ok(rows) => {
        let mut emails: Vec<&str> = rows.iter().map(|r| r.email.as_str()).collect();
        emails.sort_unstable();
        assert!(!rows.is_empty() && emails.windows(2).all(|pair| pair[0] != pair[1]));
        for row in &rows {
            assert!(row.line > 1 && !row.staff_no.is_empty() && !row.name.is_empty() && !row.team.is_empty());
            let manager = row.manager_email.as_deref();
            assert!(manager.is_none_or(|m| m != row.email && emails.binary_search(&m).is_ok()));
        }
    }
    Err(errors) => {
        assert!(!errors.is_empty() && errors.len() <= TOLD + 1);
        assert!(errors.iter().all(|e| !e.problem.to_string().is_empty() && !e.to_string().contains('\n')));
    }
});
