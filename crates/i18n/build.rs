//! Turns the language files into code: a method for each message, checked here so that a missing or surplus
//! message, or a variable that one language lacks, stops the build. A new language is one more file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

#[derive(Debug, Default, PartialEq, Eq)]
struct Message {
    vars: BTreeSet<String>,
    /// The text, when it is nothing but text.
    plain: Option<String>,
    /// The text with `{name}` for its variables, when it has nothing but those: what the notebook can show by itself.
    simple: Option<String>,
}

/// Texts of the pages that the notebook shows too, beside its own, which begin with `nb-`.
const SHARED: &[&str] = &["language-name", "layout-skip", "layout-language", "form-choose", "uses-nothing"];
const SHARED_SETS: &[&str] = &["note-", "consent-", "told-code", "told-phone", "told-allowed"];
const SHARED_ERRORS: &[&str] =
    &["consent-withdrawn", "use-not-allowed", "quote-without-consent", "picture-without-consent"];

fn inline(expression: &InlineExpression<&str>, vars: &mut BTreeSet<String>) {
    match expression {
        InlineExpression::VariableReference { id } => {
            vars.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                inline(argument, vars);
            }
        }
        InlineExpression::Placeable { expression } => variables(expression, vars),
        _ => {}
    }
}

fn variables(expression: &Expression<&str>, vars: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(e) => inline(e, vars),
        Expression::Select { selector, variants } => {
            inline(selector, vars);
            for variant in variants {
                pattern(&variant.value, vars);
            }
        }
    }
}

fn pattern(value: &Pattern<&str>, vars: &mut BTreeSet<String>) -> Option<String> {
    let mut plain = Some(String::new());
    for element in &value.elements {
        match element {
            PatternElement::TextElement { value } => {
                if let Some(text) = &mut plain {
                    text.push_str(value);
                }
            }
            PatternElement::Placeable { expression } => {
                plain = None;
                variables(expression, vars);
            }
        }
    }
    plain
}

fn simple(value: &Pattern<&str>) -> Option<String> {
    let mut text = String::new();
    for element in &value.elements {
        match element {
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => {
                let _ = write!(text, "{{{}}}", id.name);
            }
            PatternElement::Placeable { .. } => return None,
        }
    }
    Some(text)
}

fn read(path: &Path) -> BTreeMap<String, Message> {
    let source = std::fs::read_to_string(path).expect("language file is readable");
    let resource = match fluent_syntax::parser::parse(source.as_str()) {
        Ok(resource) => resource,
        Err((_, errors)) => {
            let first = &errors[0];
            let line = source[..first.pos.start].lines().count();
            panic!("{}:{line}: {}", path.display(), first.kind);
        }
    };
    let mut messages = BTreeMap::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut found = Message::default();
        let value = message.value.unwrap_or_else(|| panic!("{}: {} has no text", path.display(), message.id.name));
        found.plain = pattern(&value, &mut found.vars);
        found.simple = simple(&value);
        let twice = messages.insert(message.id.name.to_owned(), found).is_some();
        assert!(!twice, "{}: {} is there twice", path.display(), message.id.name);
    }
    messages
}

fn main() {
    println!("cargo::rerun-if-changed=lang");
    let mut languages = Languages::new();
    for file in std::fs::read_dir("lang").expect("folder lang") {
        let path = file.expect("readable").path();
        if path.extension().is_some_and(|e| e == "ftl") {
            let name = path.file_stem().expect("has a name").to_string_lossy().into_owned();
            languages.insert(name, read(&path));
        }
    }
    agree(&languages);
    let code = code(&languages);
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&out).join("messages.rs"), code).expect("OUT_DIR is writable");
    for lang in languages.keys() {
        let words = notebook(&languages, lang);
        std::fs::write(Path::new(&out).join(format!("notebook-{lang}.json")), words).expect("OUT_DIR is writable");
    }
}

/// The name under which the notebook asks for a text, if it does.
fn in_notebook(key: &str) -> Option<&str> {
    let error = key.strip_prefix("error-").is_some_and(|rest| SHARED_ERRORS.contains(&rest));
    let shared = error || SHARED.contains(&key) || SHARED_SETS.iter().any(|set| key.starts_with(set));
    key.strip_prefix("nb-").or(shared.then_some(key))
}

/// The texts of the notebook in a language, as JSON: the phone shows them without a signal.
fn notebook(languages: &Languages, lang: &str) -> String {
    let mut lines = Vec::new();
    for (key, english) in &languages["en"] {
        let Some(name) = in_notebook(key) else { continue };
        let message = languages[lang].get(key).unwrap_or(english);
        match &message.simple {
            Some(text) => lines.push(format!("{}:{}", quoted(name), quoted(text))),
            None => {
                assert!(
                    !key.starts_with("nb-"),
                    "{lang}.ftl: {key} may have variables only; for one and many make two"
                );
            }
        }
    }
    format!("{{{}}}\n", lines.join(",\n"))
}

fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(json, "\\u{:04x}", u32::from(c));
            }
            c => json.push(c),
        }
    }
    json + "\""
}

type Languages = BTreeMap<String, BTreeMap<String, Message>>;

/// Stops the build when a language lacks a message, has one too many, or uses other variables.
fn agree(languages: &Languages) {
    let reference = languages.get("en").expect("lang/en.ftl");
    let mut wrong = Vec::new();
    for (lang, messages) in languages {
        for (key, message) in reference {
            match messages.get(key) {
                None => wrong.push(format!("{lang}.ftl lacks {key}")),
                Some(other) if other.vars != message.vars => {
                    wrong.push(format!("{lang}.ftl: {key} uses {:?}, English uses {:?}", other.vars, message.vars));
                }
                Some(_) => {}
            }
        }
        wrong.extend(
            messages
                .keys()
                .filter(|k| !reference.contains_key(*k))
                .map(|k| format!("{lang}.ftl: {k} is not in en.ftl")),
        );
    }
    // While a text is being written, FREERANGE_LANG_DRAFT=1 lets English stand in for what is missing.
    println!("cargo::rerun-if-env-changed=FREERANGE_LANG_DRAFT");
    let draft = std::env::var_os("FREERANGE_LANG_DRAFT").is_some();
    assert!(wrong.is_empty() || draft, "language files do not agree:\n{}", wrong.join("\n"));
}

/// The source of `Lang` and of a method of `Text` for each message.
fn code(languages: &Languages) -> String {
    let reference = &languages["en"];
    let mut code = String::new();
    let others: Vec<&String> = languages.keys().filter(|l| *l != "en").collect();
    let variant = |l: &str| {
        let mut c = l.chars();
        c.next().map(|f| f.to_uppercase().collect::<String>() + c.as_str()).unwrap_or_default()
    };
    let all: Vec<&str> = std::iter::once("en").chain(others.iter().map(|s| s.as_str())).collect();
    let _ = writeln!(
        code,
        "/// A language of the pages.\n#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]\npub enum Lang {{"
    );
    for l in &all {
        let _ = writeln!(code, "/// `{l}`\n{},", variant(l));
    }
    let _ = writeln!(
        code,
        "}}\nimpl Lang {{\n/// All languages, English first.\npub const ALL: &'static [Self] = &[{}];",
        all.iter().map(|l| format!("Self::{}", variant(l))).collect::<Vec<_>>().join(", ")
    );
    let _ = writeln!(
        code,
        "/// The language tag.\npub const fn tag(self) -> &'static str {{ match self {{ {} }} }}",
        all.iter().map(|l| format!("Self::{} => {l:?}", variant(l))).collect::<Vec<_>>().join(", ")
    );
    let _ = writeln!(
        code,
        "const fn source(self) -> &'static str {{ match self {{ {} }} }}\n}}",
        all.iter()
            .map(|l| format!(
                "Self::{} => include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/lang/{l}.ftl\"))",
                variant(l)
            ))
            .collect::<Vec<_>>()
            .join(", ")
    );
    let _ = writeln!(
        code,
        "impl Lang {{\n/// The texts of the notebook on the phone, as JSON.\npub const fn notebook(self) -> &'static str {{ match self {{ {} }} }}\n}}",
        all.iter()
            .map(|l| format!(
                "Self::{} => include_str!(concat!(env!(\"OUT_DIR\"), \"/notebook-{l}.json\"))",
                variant(l)
            ))
            .collect::<Vec<_>>()
            .join(", ")
    );

    code.push_str(
        "#[expect(clippy::match_same_arms, reason = \"short texts are the same in several languages\")]\nimpl Text {\n",
    );
    for (key, message) in reference {
        let name = key.replace('-', "_");
        if message.vars.is_empty() && message.plain.is_some() {
            let arms: Vec<String> = all
                .iter()
                .map(|l| {
                    let text = languages[*l].get(key).and_then(|m| m.plain.clone()).or_else(|| message.plain.clone());
                    format!("Lang::{} => {:?}", variant(l), text.unwrap_or_default())
                })
                .collect();
            let _ = writeln!(
                code,
                "/// `{key}`\n#[must_use] pub fn {name}(&self) -> &'static str {{ match self.lang {{ {} }} }}",
                arms.join(", ")
            );
        } else {
            let params: Vec<String> =
                message.vars.iter().map(|v| format!("{}: impl IntoValue", v.replace('-', "_"))).collect();
            let sets: Vec<String> =
                message.vars.iter().map(|v| format!("({v:?}, {}.into_value())", v.replace('-', "_"))).collect();
            let _ = writeln!(
                code,
                "/// `{key}`\n#[must_use] pub fn {name}(&self, {}) -> String {{ self.format({key:?}, [{}]) }}",
                params.join(", "),
                sets.join(", ")
            );
        }
    }
    code.push_str("}\n");
    let _ = writeln!(
        code,
        "#[expect(clippy::too_many_lines, reason = \"a line for each message\")]\nfn plain(lang: Lang, key: &str) -> Option<&'static str> {{ let t = Text {{ lang }}; match key {{"
    );
    for (key, message) in reference.iter().filter(|(_, m)| m.plain.is_some()) {
        let _ = message;
        let _ = writeln!(code, "{key:?} => Some(t.{}()),", key.replace('-', "_"));
    }
    code.push_str("_ => None } }\n");
    code
}
