//! Who is who: the roles somebody can hold beside their job. Being a line manager, an owner of a challenge
//! or the organiser of an outing is not a role but a fact about the thing at hand, found where it is stored.

use crate::words;

words! {
    /// A role granted by an administrator, beside the daily job that everybody has.
    Role {
        /// Runs the seasons; sees exceptions.
        ProgrammeLead = "programme-lead",
        /// Mayor, alderman, council: sees the overview.
        Mayor = "mayor",
        /// Works council, data protection officer, auditor: sees what is kept and what was done with it.
        Auditor = "auditor",
        /// Runs the program: imports, roles, mail. Sees nobody's notes or reflections by that.
        Admin = "admin",
        /// Types in what residents bring on paper or say by phone.
        Clerk = "clerk",
    }
}

/// An e-mail address, lower case, with the few checks that catch typing errors.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Email(String);

/// Not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an e-mail address like name@city.example")]
pub struct NotAnEmail;

impl Email {
    /// Reads an address; white space around it is dropped, capitals become small.
    pub fn parse(raw: &str) -> Result<Self, NotAnEmail> {
        let text = raw.trim().to_lowercase();
        let (local, host) = text.rsplit_once('@').ok_or(NotAnEmail)?;
        let fits = |part: &str| {
            !part.is_empty()
                && !part.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"@".contains(c))
        };
        let dotted = host.split('.').count() >= 2 && host.split('.').all(|label| !label.is_empty());
        if fits(local) && fits(host) && dotted && text.len() <= 254 { Ok(Self(text)) } else { Err(NotAnEmail) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a new password was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than twelve characters.
    #[error("is shorter than 12 characters; a sentence of four words is easy to keep")]
    Short,
    /// More than 200 characters.
    #[error("is longer than 200 characters")]
    Long,
    /// One character over and over.
    #[error("repeats too few characters")]
    Monotone,
}

impl WeakPassword {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Short => "password-short",
            Self::Long => "password-long",
            Self::Monotone => "password-monotone",
        }
    }
}

/// Length is what protects (NIST SP 800-63B section 5.1.1): 12 to 200 characters, at least 5 different ones.
pub fn acceptable_password(password: &str) -> Result<(), WeakPassword> {
    let distinct = password.chars().collect::<std::collections::BTreeSet<_>>().len();
    match password.chars().count() {
        n if n < 12 => Err(WeakPassword::Short),
        n if n > 200 => Err(WeakPassword::Long),
        _ if distinct < 5 => Err(WeakPassword::Monotone),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_with_typing_errors_are_refused() {
        for raw in [
            "",
            "ann",
            "ann@",
            "@city.example",
            "ann@city",
            "ann@city..example",
            "a nn@city.example",
            "a@b@c.example",
            "a,b@c.example",
        ] {
            assert_eq!(Email::parse(raw), Err(NotAnEmail), "{raw}");
        }
        assert_eq!(
            Email::parse(" Ann@City.example ").map(|e| e.as_str().to_owned()),
            Ok("ann@city.example".to_owned())
        );
    }

    #[test]
    fn a_password_is_long_rather_than_odd() {
        assert_eq!(acceptable_password("P4$$w0rd"), Err(WeakPassword::Short));
        assert_eq!(acceptable_password("aaaaaaaaaaaaaaa"), Err(WeakPassword::Monotone));
        assert_eq!(acceptable_password("four walls and a roof"), Ok(()));
    }
}
