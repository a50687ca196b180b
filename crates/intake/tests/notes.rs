//! Notes of form tools: all of a file or every error, and nothing that somebody said without a consent.

use freerange_intake::{
    Problem, RowError,
    notes::{Kind, read_notes},
};
use proptest::prelude::*;

fn wrong(text: &str) -> Vec<RowError> {
    read_notes(text.as_bytes()).expect_err("is refused")
}

#[test]
fn files_of_the_usual_tools_are_read_by_their_names() {
    let kobo = "start;end;visit/kind;visit/seen;consent code;_id;_uuid;_submission_time\n\
        2026-11-03T10:20:31.000+01:00;2026-11-03T10:30:31.000+01:00;saw;\"Two lines,\nof one note\";;7;0192AAAA-0000-7000-8000-000000000001;2026-11-04T00:00:00\n\
        2026-11-03T11:20:31.000+01:00;2026-11-03T11:30:31.000+01:00;said;I stop at page four;K7MW-4QXT-R;8;0192aaaa-0000-7000-8000-000000000002;2026-11-04T00:00:00\n";
    let rows = read_notes(kobo.as_bytes()).expect("is read");
    assert_eq!((rows[0].kind, rows[0].seen.as_str(), rows[0].line), (Kind::Saw, "Two lines,\nof one note", 2));
    assert_eq!(
        rows[0].id.as_deref(),
        Some("0192aaaa000070008000000000000001"),
        "its own id, not the number in the sheet"
    );
    assert_eq!(rows[0].moment.and_then(|m| m.time), Some((10, 20)), "when it began, not when it was sent");
    assert_eq!((rows[1].kind, rows[1].consent.as_str(), rows[1].line), (Kind::Said, "K7MW-4QXT-R", 4));

    let odk = "SubmissionDate,kind,observation,meta-instanceID,KEY\n2026-11-03T09:20:31.000Z,wonder,Why?,uuid:0192aaaa-0000-7000-8000-000000000003,uuid:0192aaaa-0000-7000-8000-000000000003\n";
    let rows = read_notes(odk.as_bytes()).expect("is read");
    assert_eq!((rows[0].kind, rows[0].id.as_deref()), (Kind::Wonder, Some("0192aaaa000070008000000000000003")));

    let google = "Timestamp,Kind of note,What did you see or hear?,Neighbourhood\n2026/11/03 1:20:31 pm GMT+1,I saw,The lift,Mill dyke\n";
    let rows = read_notes(google.as_bytes()).expect("is read");
    assert_eq!((rows[0].place.as_str(), rows[0].id.as_ref()), ("Mill dyke", None));
    assert_eq!(rows[0].moment.and_then(|m| m.time), Some((13, 20)));
}

#[test]
fn what_somebody_said_needs_the_code_of_a_consent_in_its_row() {
    let errors = wrong("kind,seen,consent\nsaw,The lift,\nsaid,I stop at page four,\n");
    assert_eq!(errors.len(), 1);
    assert_eq!((errors[0].line, errors[0].column.as_deref()), (3, Some("consent")));
    assert_eq!(errors[0].problem, Problem::SaidWithoutConsent);
    let errors = wrong("kind,seen\nsaid,I stop at page four\n");
    assert_eq!(errors[0].problem, Problem::SaidWithoutConsent, "nor without such a column");
}

#[test]
fn every_wrong_row_is_told_with_line_column_and_reason() {
    let errors = wrong("uuid,kind,seen,date\n,heard,A,2026-11-03\n,saw,,3/11/2026\n,saw,B\n");
    let told: Vec<(u64, Option<&str>, &Problem)> =
        errors.iter().map(|e| (e.line, e.column.as_deref(), &e.problem)).collect();
    assert_eq!(
        told,
        [
            (2, Some("kind"), &Problem::NotAKind),
            (3, Some("seen"), &Problem::Required),
            (3, Some("happened_at"), &Problem::NotADay),
            (4, None, &Problem::WrongWidth { cells: 3, columns: 4 }),
        ]
    );
    let same = "0192aaaa-0000-7000-8000-000000000003";
    let errors = wrong(&format!("uuid,kind,seen\n{same},saw,A\n{same},saw,B\n"));
    assert_eq!((errors[0].line, &errors[0].problem), (3, &Problem::SameNote { first: 2 }));
    assert_eq!(wrong("seen\nA\n")[0].column.as_deref(), Some("kind"));
    assert_eq!(wrong("kind,seen,note\nsaw,A,B\n")[0].column.as_deref(), Some("seen"), "two columns that mean the same");
    assert_eq!(wrong("kind,seen\n")[0].problem, Problem::NoNotes);
}

proptest! {
    #[test]
    fn whatever_is_read_has_words_and_nothing_said_is_without_a_code(text in "(kind|seen|consent|uuid|date|saw|said|,|;|\"|\n|\r|[a-z0-9é-]){0,80}", with_header: bool) {
        let text = if with_header { format!("kind,seen,consent\n{text}") } else { text };
        match read_notes(text.as_bytes()) {
            Ok(rows) => prop_assert!(!rows.is_empty() && rows.iter().all(|r| !r.seen.is_empty() && (r.kind != Kind::Said || !r.consent.is_empty()))),
            Err(errors) => prop_assert!(!errors.is_empty() && errors.iter().all(|e| !e.to_string().contains('\n'))),
        }
    }
}
