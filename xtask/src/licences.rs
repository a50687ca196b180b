//! Every package of ours may be shipped: its licence is one of those `deny.toml` allows, and it comes from crates.io.
//! Quick and offline, so that it is part of every test; what is known about weaknesses is `make deny`.

use std::{path::Path, process::Command};

use serde_json::Value;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Everything that is not as it should be, a sentence each.
pub(crate) fn check(root: &Path) -> Vec<String> {
    let deny = std::fs::read_to_string(root.join("deny.toml")).unwrap_or_default();
    match packages(root) {
        Ok(packages) => wrong(&packages, &allowed(&deny)),
        Err(why) => vec![format!("cargo metadata: {why}")],
    }
}

/// The packages of `Cargo.lock` that are built on this machine.
fn packages(root: &Path) -> Result<Vec<Value>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let host = Command::new(&cargo).arg("-vV").output().map_err(|e| e.to_string())?;
    let host = String::from_utf8_lossy(&host.stdout).into_owned();
    let host = host.lines().find_map(|l| l.strip_prefix("host: ")).ok_or("cargo does not say its host")?;
    let told = Command::new(&cargo)
        .args(["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", host])
        .current_dir(root)
        .output()
        .map_err(|e| e.to_string())?;
    if !told.status.success() {
        return Err(String::from_utf8_lossy(&told.stderr).into_owned());
    }
    let mut metadata: Value = serde_json::from_slice(&told.stdout).map_err(|e| e.to_string())?;
    serde_json::from_value(metadata["packages"].take()).map_err(|e| e.to_string())
}

/// The list `allow` under `[licenses]`.
fn allowed(deny: &str) -> Vec<String> {
    let section = deny.split_once("[licenses]").map_or("", |(_, rest)| rest);
    let list = section.split_once("allow = [").and_then(|(_, rest)| rest.split_once(']')).map_or("", |(list, _)| list);
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn wrong(packages: &[Value], allowed: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or("none");
        if !may_ship(licence, allowed) {
            wrong.push(format!("{name}: its licence ({licence}) is not among those of deny.toml"));
        }
        if package["source"].as_str().is_some_and(|source| source != CRATES_IO) {
            wrong.push(format!("{name}: does not come from crates.io"));
        }
    }
    wrong
}

/// Whether a licence expression (SPDX, and the old `MIT/Apache-2.0`) can be met with the licences allowed.
fn may_ship(licence: &str, allowed: &[String]) -> bool {
    let spaced = licence.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    either(&words, &mut at, allowed) && at == words.len()
}

fn either(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut met = all(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all(words, at, allowed);
    }
    met
}

fn all(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let met = either(words, at, allowed);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return met && closed;
    }
    let mut name = (*word).to_owned();
    if words.get(*at) == Some(&"WITH") {
        name = format!("{name} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
    }
    allowed.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Vec<String> {
        allowed(
            "[bans]\nallow = [\"GPL-3.0\"]\n[licenses]\nallow = [\n  \"MIT\", \"Apache-2.0 WITH LLVM-exception\",\n  \"ISC\",\n]\n",
        )
    }

    #[test]
    fn a_licence_is_met_by_what_is_allowed_and_by_nothing_else() {
        assert_eq!(list(), ["MIT", "Apache-2.0 WITH LLVM-exception", "ISC"]);
        for fine in [
            "MIT",
            "GPL-2.0 OR MIT",
            "GPL-2.0/MIT",
            "MIT AND ISC",
            "(GPL-2.0 OR ISC) AND MIT",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(may_ship(fine, &list()), "{fine}");
        }
        for not in [
            "",
            "none",
            "GPL-2.0",
            "MIT AND GPL-2.0",
            "MIT AND (GPL-2.0 OR BSL-1.0)",
            "Apache-2.0",
            "MIT ISC",
            "(MIT",
            "MIT WITH X",
        ] {
            assert!(!may_ship(not, &list()), "{not}");
        }
    }

    #[test]
    fn a_package_from_elsewhere_is_told() {
        let package = |source: Value| serde_json::json!({ "name": "a", "license": "MIT", "source": source });
        assert!(wrong(&[package(Value::Null), package(CRATES_IO.into())], &list()).is_empty());
        assert_eq!(wrong(&[package("git+https://elsewhere".into())], &list()), ["a: does not come from crates.io"]);
    }
}
