//! Developer tasks. `cargo run -p xtask -- tidy` checks what the compiler cannot: that the floors and rooms of the
//! house keep their order, that migrations are in step, that files stay readable, that we may ship what we build on.

mod licences;
mod tidy;

use std::{path::Path, process::ExitCode};

fn main() -> ExitCode {
    let Some("tidy") = std::env::args().nth(1).as_deref() else {
        eprintln!("usage: cargo run -p xtask -- tidy");
        return ExitCode::from(2);
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let wrong = [tidy::check(root), licences::check(root)].concat();
    for line in &wrong {
        eprintln!("{line}");
    }
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
