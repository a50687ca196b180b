//! Invents an instance: `generate round|exchange --people N --seed S --out DIR [--supply X] [--no-minima] [--no-pair-caps]
//! [--cities N] [--wishes N] [--even]`. An exchange of a hundred: `--people 100 --cities 30 --wishes 2 --even`.

mod generator;

use std::path::PathBuf;

use generator::{Form, Settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let form = match words.next().as_deref() {
        Some("round") => Form::Round,
        Some("exchange") => Form::Exchange,
        _ => return Err("say round or exchange first".into()),
    };
    let mut settings = Settings::new(form, 5_000, 1);
    let mut out: Option<PathBuf> = None;
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--people" => settings.people = value()?.parse()?,
            "--seed" => settings.seed = value()?.parse()?,
            "--supply" => settings.supply = value()?.parse()?,
            "--no-minima" => settings.minima = false,
            "--no-pair-caps" => settings.pair_caps = false,
            "--cities" => settings.cities = Some(value()?.parse()?),
            "--wishes" => settings.wishes = Some(value()?.parse()?),
            "--even" => settings.even = true,
            "--out" => out = Some(value()?.into()),
            _ => return Err(format!("{word} is not known here").into()),
        }
    }
    generator::write(&settings, &out.ok_or("say --out DIR")?)?;
    Ok(())
}
