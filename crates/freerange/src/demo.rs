//! `freerange demo`: an invented city with a year behind it, made once and then served.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use freerange_domain::safety::Numbers;
use freerange_i18n::Lang;
use freerange_store::{
    Places, Store,
    demo::{Made, Standing},
};
use freerange_web::letters::Letters;
use jiff::tz::TimeZone;

use crate::{past, progress::Progress, serve::Ready};

/// Where the invented city lies on the clock.
const ZONE: &str = "Europe/Amsterdam";

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The folder to keep it in
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// Staff, 60 to 50,000
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(60..=50_000))]
    people: u32,
    /// The same seed makes the same city
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The port of the loopback address to serve on
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// A PostgreSQL to keep it in instead: `postgres://USER@HOST/NAME`
    #[arg(long, env = "FREERANGE_DEMO_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Make the city anew
    #[arg(long)]
    reset: bool,
    /// Make the city and stop
    #[arg(long)]
    no_serve: bool,
}

/// The password of a demo account. Printed, so no secret.
pub(crate) fn password(role: &str) -> String {
    format!("freerange-{role}-2026")
}

impl Demo {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let zone = TimeZone::get(ZONE).context("the time zone database lacks Europe/Amsterdam")?;
        let base_url = format!("http://127.0.0.1:{}", self.port);
        let url = if let Some(url) = &self.database {
            url.clone()
        } else {
            std::fs::create_dir_all(&self.data).with_context(|| self.data.display().to_string())?;
            format!("sqlite:{}", self.data.join("freerange.sqlite").display())
        };
        let people = usize::try_from(self.people)?;
        let city = freerange_demo::city(60, self.seed).name;
        let letters = Letters {
            city: city.clone(),
            base_url: base_url.clone(),
            zone: zone.clone(),
            default: Lang::En,
            numbers: Numbers::default(),
        };
        let store = Store::open_with(&url, Places::in_folder(&self.data)).await.map_err(|e| anyhow::anyhow!("{e}"))?;
        let store = store.with_writer(std::sync::Arc::new(letters));
        let made = self.made(&store, people, &zone).await?;
        for (role, email) in &made.sign_in {
            println!("sign in as {role}: {email}  password {}", password(role));
        }
        println!("resident code: {}", made.resident_code);
        println!("invitation code: {}", made.invitation_code);
        println!("neighbourhood code: {}", made.community_code);
        if self.no_serve {
            store.close().await;
            return Ok(());
        }
        let listen = SocketAddr::from(([127, 0, 0, 1], self.port));
        let (language, mail) = (Lang::En, None);
        Ready {
            store,
            listen,
            base_url,
            city,
            zone,
            language,
            mail,
            demo: true,
            behind_proxy: false,
            numbers: Numbers::default(),
            duty: None,
        }
        .serve()
        .await
    }

    /// The city that is there, or a new one. One that was interrupted while it was made is made anew.
    async fn made(&self, store: &Store, people: usize, zone: &TimeZone) -> anyhow::Result<Made> {
        match store.demo_standing().await? {
            Standing::Made(made) if !self.reset => return Ok(made),
            Standing::Empty => {}
            Standing::Made(_) | Standing::HalfMade => store.empty_demo().await?,
            Standing::NotADemo => bail!("this database holds real data; a demo needs one of its own"),
        }
        let progress = Progress::begin(format!("Making a city of {people} people (seed {})", self.seed));
        store.begin_demo().await?;
        let made = past::write(store, people, self.seed, zone, &progress).await?;
        store.end_demo(&made).await?;
        store.analyze().await?;
        Ok(made)
    }
}
