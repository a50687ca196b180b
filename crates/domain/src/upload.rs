//! Files that arrive in pieces over a connection that breaks. The server says how much it has; the next piece begins there.
//! Whatever is lost, sent twice or out of turn, what is whole in the end is what was sent.

/// Why a file that arrives in pieces cannot go on as it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UploadProblem {
    /// The id belongs to somebody else's file.
    #[error("this id is that of a file of somebody else")]
    Elsewhere,
    /// The note has not arrived yet. It is sent first.
    #[error("the note of this file has not arrived yet")]
    NoteNotHere,
    /// It hangs on its note already.
    #[error("this file is kept already")]
    Kept,
    /// Note or consent were taken back.
    #[error("what this file belongs to was taken back")]
    TakenBack,
    /// More bytes than are kept.
    #[error("this file is larger than what can be kept")]
    TooBig,
    /// Its owner has too much that is not finished.
    #[error("too many files are under way at once")]
    TooMany,
    /// The piece does not begin where the last one ended.
    #[error("the piece does not begin where the last one ended; ask where to go on")]
    NotAtOffset,
    /// The bytes are not those whose checksum was sent.
    #[error("the checksum does not fit; send it again")]
    Mismatch,
}

impl UploadProblem {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Elsewhere => "upload-elsewhere",
            Self::NoteNotHere => "note-not-here-yet",
            Self::Kept => "file-kept",
            Self::TakenBack => "taken-back",
            Self::TooBig => "upload-too-big",
            Self::TooMany => "uploads-full",
            Self::NotAtOffset => "upload-not-at-offset",
            Self::Mismatch => "checksum-mismatch",
        }
    }
}

/// How far a file is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Of the whole file.
    pub length: u64,
    /// That are on the server's disk, from the beginning and without gaps.
    pub received: u64,
}

impl Progress {
    /// Whether all of it is there.
    pub const fn whole(self) -> bool {
        self.received == self.length
    }

    /// How far it is with a piece of `size` bytes that begins at `offset`. It must begin where the last one ended, and end
    /// no later than the file.
    pub fn with(self, offset: u64, size: u64) -> Result<Self, UploadProblem> {
        if offset != self.received {
            return Err(UploadProblem::NotAtOffset);
        }
        match offset.checked_add(size) {
            Some(received) if received <= self.length => Ok(Self { received, ..self }),
            _ => Err(UploadProblem::TooBig),
        }
    }
}

/// The most unfinished files of one person.
pub const MOST_UPLOADS: i64 = 40;
/// The most bytes of one person's unfinished files together.
pub const MOST_BYTES: i64 = 256 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What happens to a piece on its way.
    #[derive(Debug, Clone, Copy)]
    enum Fate {
        Arrives,
        Twice,
        AnswerLost,
        Lost,
        /// Sent from where the phone once was.
        Stale,
    }

    proptest! {
        #[test]
        fn whatever_happens_on_the_way_what_is_whole_is_what_was_sent(
            file in proptest::collection::vec(any::<u8>(), 1..200),
            way in proptest::collection::vec((1usize..40, prop_oneof![
                Just(Fate::Arrives), Just(Fate::Twice), Just(Fate::AnswerLost), Just(Fate::Lost), Just(Fate::Stale),
            ]), 0..80),
        ) {
            let mut server = (Progress { length: file.len() as u64, received: 0 }, Vec::new());
            let take = |server: &mut (Progress, Vec<u8>), offset: usize, piece: &[u8]| {
                let next = server.0.with(offset as u64, piece.len() as u64)?;
                server.0 = next;
                server.1.extend_from_slice(piece);
                Ok::<(), UploadProblem>(())
            };
            // Where the phone believes the server to be.
            let mut phone = 0;
            let calm = std::iter::repeat_n((7, Fate::Arrives), file.len() + 1);
            for (size, fate) in way.into_iter().chain(calm) {
                let offset = if matches!(fate, Fate::Stale) { phone / 2 } else { phone };
                let piece = &file[offset..(offset + size).min(file.len())];
                let before = server.0;
                let answer = match fate {
                    Fate::Lost => continue,
                    Fate::Twice => take(&mut server, offset, piece).and_then(|()| take(&mut server, offset, piece)),
                    _ => take(&mut server, offset, piece),
                };
                prop_assert!(server.0.received >= before.received, "what is there stays there");
                prop_assert_eq!(&server.1[..], &file[..server.1.len()], "and has no gap");
                // Refused or unanswered: the phone asks where to go on.
                let told = !matches!(fate, Fate::AnswerLost) || answer.is_err();
                if told {
                    phone = usize::try_from(server.0.received).expect("small");
                }
            }
            prop_assert!(server.0.whole());
            prop_assert_eq!(server.1, file);
        }

        #[test]
        fn no_piece_reaches_beyond_the_end(length in any::<u64>(), offset in any::<u64>(), size in any::<u64>()) {
            let at = Progress { length, received: offset.min(length) };
            match at.with(offset, size) {
                Ok(next) => prop_assert!(next.received <= length && next.received >= at.received),
                Err(why) => prop_assert!(matches!(why, UploadProblem::NotAtOffset | UploadProblem::TooBig)),
            }
        }
    }
}
