//! `freerange serve`: the server with its jobs, until it is told to stop.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::{Context, bail};
use clap::Args;
use freerange_domain::{people::Email, safety::Numbers};
use freerange_i18n::Lang;
use freerange_mail::{Route, Server};
use freerange_store::{Store, mail::Reader};
use freerange_web::{App, letters::Letters};
use jiff::tz::TimeZone;
use tokio::net::TcpListener;

use crate::{Database, jobs, now, rounds};

/// Every setting is also an environment variable.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// A file with lines like `FREERANGE_CITY=Amersfoort`; the environment and the command line win over it
    #[arg(long)]
    config: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
    /// Where to listen
    #[arg(long, env = "FREERANGE_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address under which people reach it, for letters and cards
    #[arg(long, env = "FREERANGE_BASE_URL", default_value = "http://127.0.0.1:8080")]
    base_url: String,
    /// The city's name
    #[arg(long, env = "FREERANGE_CITY", default_value = "Our city")]
    city: String,
    /// The city's time zone
    #[arg(long, env = "FREERANGE_TIME_ZONE", default_value = "Europe/Amsterdam")]
    time_zone: String,
    /// The language of letters to people who chose none
    #[arg(long, env = "FREERANGE_LANGUAGE", default_value = "en")]
    language: String,
    /// The mail server, `smtp://HOST:25` or `smtps://USER:PASSWORD@HOST:465`; without one letters wait in the outbox
    #[arg(long, env = "FREERANGE_SMTP_URL", hide_env_values = true)]
    smtp_url: Option<String>,
    /// The sender of letters
    #[arg(long, env = "FREERANGE_MAIL_FROM", default_value = "Freerange <freerange@localhost>")]
    mail_from: String,
    /// Whether a proxy of the city's own sets X-Forwarded-For
    #[arg(long, env = "FREERANGE_BEHIND_PROXY", default_value_t = false, action = clap::ArgAction::Set)]
    behind_proxy: bool,
    /// Numbers for whoever is out or asked about somebody, `Duty desk=+31 33 123 45 67;Emergency=112`
    #[arg(long, env = "FREERANGE_SAFETY_NUMBERS", default_value = "")]
    safety_numbers: String,
    /// Where whoever is on duty reads, asked about somebody who is overdue; without one the programme leads are asked
    #[arg(long, env = "FREERANGE_DUTY_EMAIL")]
    duty_email: Option<String>,
    /// Their name or that of the desk
    #[arg(long, env = "FREERANGE_DUTY_NAME", default_value = "Duty manager")]
    duty_name: String,
}

/// A server that is ready to listen.
pub(crate) struct Ready {
    pub(crate) store: Store,
    pub(crate) listen: SocketAddr,
    pub(crate) base_url: String,
    pub(crate) city: String,
    pub(crate) zone: TimeZone,
    pub(crate) language: Lang,
    pub(crate) mail: Option<Server>,
    pub(crate) demo: bool,
    pub(crate) behind_proxy: bool,
    pub(crate) numbers: Numbers,
    pub(crate) duty: Option<Reader>,
}

/// Lines `NAME=value`; `#` begins a comment. Only what is not set already counts.
fn from_file(path: &PathBuf) -> anyhow::Result<Vec<(String, String)>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    let mut settings = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.split_once('=') else {
            bail!("{}, line {}: write it as NAME=value", path.display(), at + 1);
        };
        if !name.trim().starts_with("FREERANGE_") {
            bail!("{}, line {}: {} is no setting; they begin with FREERANGE_", path.display(), at + 1, name.trim());
        }
        settings.push((name.trim().to_owned(), value.trim().trim_matches('"').to_owned()));
    }
    Ok(settings)
}

/// Whoever is on duty, when the city named somebody.
fn duty(email: Option<&str>, name: String) -> anyhow::Result<Option<Reader>> {
    let Some(email) = email.map(str::trim).filter(|e| !e.is_empty()) else { return Ok(None) };
    let email =
        Email::parse(email).map_err(|_| anyhow::anyhow!("“{email}” is no e-mail address for whoever is on duty"))?;
    Ok(Some(Reader { name, email: email.as_str().to_owned(), lang: None }))
}

impl Serve {
    /// Serves with the settings of the file beneath those of the environment and the command line.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let serve = match &self.config {
            Some(path) => Self::with_file(path)?,
            None => self,
        };
        let zone = TimeZone::get(&serve.time_zone)
            .with_context(|| format!("“{}” is not a time zone like Europe/Amsterdam", serve.time_zone))?;
        let Some(language) = Lang::parse(&serve.language) else {
            bail!("“{}” is not en, ko, nl or es", serve.language)
        };
        let base_url = serve.base_url.trim_end_matches('/').to_owned();
        if !base_url.starts_with("http://") && !base_url.starts_with("https://") {
            bail!("the base URL must begin with https:// (or http:// for trying out)");
        }
        let numbers: Numbers = serve.safety_numbers.parse().context("the safety numbers")?;
        let duty = duty(serve.duty_email.as_deref(), serve.duty_name)?;
        let mail = serve.smtp_url.map(|url| Server::new(&Route::Url(url), &serve.mail_from)).transpose()?;
        let store = serve.database.open_or_make().await?;
        let (listen, city, behind_proxy) = (serve.listen, serve.city, serve.behind_proxy);
        Ready { store, listen, base_url, city, zone, language, mail, demo: false, behind_proxy, numbers, duty }
            .serve()
            .await
    }

    /// Reads the file, then the environment and the command line again on top of it.
    fn with_file(path: &PathBuf) -> anyhow::Result<Self> {
        use clap::FromArgMatches as _;
        let settings = from_file(path)?;
        let mut words: Vec<String> = vec!["freerange".into(), "serve".into()];
        let given: Vec<String> = std::env::args().skip(2).collect();
        for (name, value) in settings {
            let flag = format!("--{}", name.trim_start_matches("FREERANGE_").to_lowercase().replace('_', "-"));
            let named = given.iter().any(|w| *w == flag || w.starts_with(&format!("{flag}=")));
            if !named && std::env::var_os(&name).is_none() {
                words.push(format!("{flag}={value}"));
            }
        }
        words.extend(given);
        let matches = <crate::Cli as clap::CommandFactory>::command().try_get_matches_from(&words);
        let matches = matches.map_err(|e| anyhow::anyhow!("{}: {e}", path.display()))?;
        let cli = crate::Cli::from_arg_matches(&matches)?;
        let crate::Command::Serve(serve) = cli.command else { bail!("{}: not settings of serve", path.display()) };
        Ok(serve)
    }
}

impl Ready {
    /// Listens and works until the process is told to stop; requests under way are finished.
    pub(crate) async fn serve(self) -> anyhow::Result<()> {
        start_log();
        let letters = Letters {
            city: self.city.clone(),
            base_url: self.base_url.clone(),
            zone: self.zone.clone(),
            default: self.language,
            numbers: self.numbers.clone(),
        };
        let store = self.store.with_writer(Arc::new(letters)).with_duty(self.duty);
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("cannot listen on {}; another program may, choose another port", self.listen))?;
        let jobs = jobs::start(store.clone(), self.mail, self.zone.clone());
        let matching = rounds::start(store.clone(), self.zone.clone());
        let app = App {
            store: store.clone(),
            clock: Arc::new(now),
            zone: self.zone,
            city: self.city,
            base_url: self.base_url.clone(),
            demo: self.demo,
            behind_proxy: self.behind_proxy,
            numbers: self.numbers,
        };
        let service = freerange_web::router(app).into_make_service_with_connect_info::<SocketAddr>();
        println!("Freerange is ready: {}", self.base_url);
        axum::serve(listener, service).with_graceful_shutdown(told_to_stop()).await?;
        jobs.abort();
        matching.abort();
        store.close().await;
        Ok(())
    }
}

fn start_log() {
    use std::io::IsTerminal as _;
    let filter = tracing_subscriber::EnvFilter::try_from_env("FREERANGE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,freerange=info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first log.
    let _ = if std::io::stderr().is_terminal() { log.try_init() } else { log.json().try_init() };
}

async fn told_to_stop() {
    let interrupted = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {},
        () = terminated => {},
    }
}
