//! `freerange person`: what an administrator needs before anybody can sign in.

use anyhow::Context;
use clap::Subcommand;
use freerange_domain::people::{Email, Role};
use freerange_store::Actor;

use crate::{Database, now};

#[derive(Debug, Subcommand)]
pub(crate) enum Person {
    /// Print a link with which a person sets a password
    Password {
        /// The person's address
        email: String,
        #[command(flatten)]
        database: Database,
        /// The address of the server
        #[arg(long, env = "FREERANGE_BASE_URL", default_value = "http://127.0.0.1:8080")]
        base_url: String,
    },
    /// Give a person exactly these roles, parted by commas; none takes all
    Role {
        /// The person's address
        email: String,
        /// programme-lead, mayor, auditor, admin, clerk
        #[arg(default_value = "")]
        roles: String,
        #[command(flatten)]
        database: Database,
    },
}

fn address(raw: &str) -> anyhow::Result<Email> {
    Email::parse(raw).map_err(|e| anyhow::anyhow!("“{raw}” {e}"))
}

impl Person {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Password { email, database, base_url } => {
                let store = database.open().await?;
                let link = store.password_link(&address(&email)?, now()).await?;
                let (_, token) = link.context("nobody who works here has this address; import the staff list first")?;
                println!("{}/password/{}", base_url.trim_end_matches('/'), token.expose());
            }
            Self::Role { email, roles, database } => {
                let wanted = roles
                    .split(',')
                    .map(str::trim)
                    .filter(|r| !r.is_empty())
                    .map(|r| {
                        r.parse::<Role>().map_err(|e| {
                            anyhow::anyhow!("{e}; the roles are programme-lead, mayor, auditor, admin, clerk")
                        })
                    })
                    .collect::<Result<Vec<_>, _>>()?;
                let store = database.open().await?;
                let id =
                    store.person_by_email(&address(&email)?).await.context("nobody who works here has this address")?;
                store.set_roles(&Actor::Program, id, &wanted, now()).await?;
            }
        }
        Ok(())
    }
}
