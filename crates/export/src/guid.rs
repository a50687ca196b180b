//! Ids that are always the same for the same thing, so that a second copy does not double the codes of the first.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A name-based id: version 8 over SHA-256 (RFC 9562, appendix B.2), which needs no SHA-1 as version 5 does.
pub(crate) fn made_of(inside: Uuid, what: &str, name: &str) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(inside.as_bytes());
    hash.update(what.as_bytes());
    hash.update([0]);
    hash.update(name.as_bytes());
    let sum = hash.finalize();
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(sum.iter()) {
        *to = *from;
    }
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    Uuid::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_has_the_same_id_and_another_has_another() {
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(made_of(a, "code", "saw"), made_of(a, "code", "saw"));
        assert_ne!(made_of(a, "code", "saw"), made_of(b, "code", "saw"));
        assert_ne!(made_of(a, "code", "saw"), made_of(a, "codes", "aw"));
        assert_eq!(made_of(a, "code", "saw").get_version_num(), 8);
    }
}
