//! Files from the notebook on a telephone, over the wire: broken off, sent twice, damaged, somebody else's, taken back.

use axum::http::StatusCode;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use freerange_domain::id::MediaId;
use freerange_media::digest;

use crate::house::{Got, House, house};

/// A second of silence at 8 kHz.
fn wav() -> Vec<u8> {
    let samples = vec![0_u8; 16_000];
    let mut file = Vec::new();
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36_u32 + 16_000).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend_from_slice(&8_000_u32.to_le_bytes());
    file.extend_from_slice(&16_000_u32.to_le_bytes());
    file.extend_from_slice(b"\x02\0\x10\0data");
    file.extend_from_slice(&16_000_u32.to_le_bytes());
    file.extend_from_slice(&samples);
    file
}

fn base64(hex: &str) -> String {
    let bytes: Vec<u8> =
        (0..64).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("digits")).collect();
    STANDARD.encode(bytes)
}

fn sum(bytes: &[u8]) -> String {
    base64(&digest(bytes))
}

struct Phone<'a> {
    house: &'a House,
    walker: &'static str,
    id: String,
    note: String,
    mime: &'static str,
    text: &'static str,
    file: Vec<u8>,
}

impl<'a> Phone<'a> {
    fn new(house: &'a House) -> Self {
        let (id, note) = (MediaId::new().to_string(), house.ids["note"].clone());
        Self { house, walker: "mira", id, note, mime: "audio/wav", text: "How the stairs sound", file: wav() }
    }

    async fn begin(&self) -> Got {
        let checksum = sum(&self.file);
        let fields = [
            ("id", &*self.id),
            ("note", &*self.note),
            ("mime", self.mime),
            ("text", self.text),
            ("checksum", &*checksum),
        ];
        let metadata = fields.map(|(name, value)| format!("{name} {}", STANDARD.encode(value))).join(",");
        let length = self.file.len().to_string();
        let headers = [("tus-resumable", "1.0.0"), ("upload-length", &*length), ("upload-metadata", &*metadata)];
        self.house.ask("POST", self.walker, "/notebook/files", b"", &headers).await
    }

    fn path(&self) -> String {
        format!("/notebook/files/{}", self.id)
    }

    async fn piece(&self, offset: usize, bytes: &[u8], checksum: &str) -> Got {
        let (offset, checksum) = (offset.to_string(), format!("sha256 {checksum}"));
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("content-type", "application/offset+octet-stream"),
            ("upload-offset", &*offset),
            ("upload-checksum", &*checksum),
        ];
        self.house.ask("PATCH", self.walker, &self.path(), bytes, &headers).await
    }

    async fn send(&self, from: usize, to: usize) -> Got {
        let bytes = &self.file[from..to];
        self.piece(from, bytes, &sum(bytes)).await
    }

    async fn bare(&self, method: &str) -> Got {
        self.house.ask(method, self.walker, &self.path(), b"", &[("tus-resumable", "1.0.0")]).await
    }

    /// How far the server says it is.
    async fn offset(&self) -> usize {
        let got = self.bare("HEAD").await;
        assert_eq!(got.status, StatusCode::OK);
        assert_eq!(got.headers["tus-resumable"], "1.0.0");
        offset(&got)
    }
}

fn offset(got: &Got) -> usize {
    got.headers["upload-offset"].to_str().expect("text").parse().expect("a number")
}

#[tokio::test]
async fn a_file_that_is_broken_off_goes_on_where_it_was_and_hangs_on_its_note_in_the_end() {
    let house = house().await;
    let phone = Phone::new(&house);
    let begun = phone.begin().await;
    assert_eq!(begun.status, StatusCode::CREATED);
    assert_eq!(begun.headers["location"], phone.path());
    let sent = phone.send(0, 5_000).await;
    assert_eq!((sent.status, offset(&sent)), (StatusCode::NO_CONTENT, 5_000));
    // The answer was lost: the same piece again is not taken twice, and the conflict is the protocol's own.
    let twice = phone.send(0, 5_000).await;
    assert_eq!((twice.status, twice.body.as_str()), (StatusCode::CONFLICT, ""));
    // Beginning again is going on.
    let again = phone.begin().await;
    assert_eq!((again.status, offset(&again), phone.offset().await), (StatusCode::CREATED, 5_000, 5_000));
    // A damaged piece leaves everything as it is.
    let damaged = phone.piece(5_000, &phone.file[5_000..9_000], &sum(b"something else")).await;
    assert_eq!((damaged.status.as_u16(), phone.offset().await), (460, 5_000));
    // A gap is none of the file.
    assert_eq!(phone.send(6_000, 7_000).await.status, StatusCode::CONFLICT);
    let last = phone.send(5_000, phone.file.len()).await;
    assert_eq!(last.status, StatusCode::NO_CONTENT, "{}", last.body);
    assert_eq!(phone.offset().await, phone.file.len());
    let kept = phone.begin().await;
    assert!(kept.status == StatusCode::CONFLICT && kept.body.contains("file-kept"), "{} {}", kept.status, kept.body);
    let note = house.send("boss", &house.path("/api/v1/notes/:note"), None).await.body;
    assert!(note.contains(&format!("\"media\":[{{\"id\":\"{}\",\"sound\":true", phone.id)), "{note}");
    let page = house.send("boss", &house.path("/notes/:note"), None).await.body;
    assert!(page.contains("<audio controls") && page.contains("How the stairs sound"), "{page}");
    // It is sent as what it is, in part when asked so, and not again when it is known.
    let media = format!("/media/{}", phone.id);
    let whole = house.ask("GET", "boss", &media, b"", &[("accept-encoding", "gzip")]).await;
    assert!(whole.headers["content-type"] == "audio/wav" && whole.headers["accept-ranges"] == "bytes");
    assert!(whole.headers.get("content-encoding").is_none() && whole.headers["cache-control"] == "private, no-cache");
    assert!(whole.headers["content-security-policy"].to_str().expect("text").contains("sandbox"));
    let part = house.ask("GET", "boss", &media, b"", &[("range", "bytes=8-11")]).await;
    assert_eq!((part.status, part.body.as_str()), (StatusCode::PARTIAL_CONTENT, "WAVE"));
    assert_eq!(part.headers["content-range"], format!("bytes 8-11/{}", phone.file.len()));
    let tag = whole.headers["etag"].to_str().expect("text");
    let known = house.ask("GET", "boss", &media, b"", &[("if-none-match", tag)]).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    let nowhere = house.ask("GET", "boss", &media, b"", &[("range", "bytes=99999-")]).await;
    assert_eq!(nowhere.status, StatusCode::RANGE_NOT_SATISFIABLE);
}

#[tokio::test]
async fn what_arrives_whole_but_different_is_sent_again_from_the_beginning() {
    let house = house().await;
    let phone = Phone::new(&house);
    phone.begin().await;
    let mut other = phone.file.clone();
    other[100] ^= 1;
    let wrong = phone.piece(0, &other, &sum(&other)).await;
    assert_eq!((wrong.status.as_u16(), phone.offset().await), (460, 0));
    assert_eq!(phone.send(0, phone.file.len()).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn only_its_owner_reaches_a_file_and_only_on_a_note_of_their_own() {
    let house = house().await;
    let phone = Phone::new(&house);
    phone.begin().await;
    let id = phone.id.clone();
    let other = Phone { walker: "other", id, ..Phone::new(&house) };
    for got in [other.begin().await, other.send(0, 100).await, other.bare("DELETE").await] {
        assert!(
            got.status == StatusCode::CONFLICT && got.body.contains("upload-elsewhere"),
            "{} {}",
            got.status,
            got.body
        );
    }
    assert_eq!(other.bare("HEAD").await.status, StatusCode::CONFLICT);
    let on_hers = Phone { walker: "other", ..Phone::new(&house) };
    assert_eq!(on_hers.begin().await.status, StatusCode::FORBIDDEN);
    let nobody = Phone { walker: "nobody", ..Phone::new(&house) };
    assert_eq!(nobody.begin().await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(phone.offset().await, 0, "and hers is as it was");
    assert_eq!(phone.bare("DELETE").await.status, StatusCode::NO_CONTENT);
    assert_eq!(phone.bare("HEAD").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_with_a_reason_and_forgotten() {
    let house = house().await;
    let not_here = Phone { note: MediaId::new().to_string(), ..Phone::new(&house) };
    let got = not_here.begin().await;
    assert!(
        got.status == StatusCode::CONFLICT && got.body.contains("note-not-here-yet"),
        "{} {}",
        got.status,
        got.body
    );
    let film = Phone { mime: "video/mp4", ..Phone::new(&house) };
    assert_eq!(film.begin().await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let silent = Phone { text: " ", ..Phone::new(&house) };
    assert_eq!(silent.begin().await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let large = Phone { file: vec![0; 13 * 1024 * 1024], ..Phone::new(&house) };
    assert_eq!(large.begin().await.status, StatusCode::PAYLOAD_TOO_LARGE);
    // It says it is a picture and is not: only its bytes tell.
    let lying = Phone { mime: "image/jpeg", file: b"<svg onload=alert(1)>".to_vec(), ..Phone::new(&house) };
    assert_eq!(lying.begin().await.status, StatusCode::CREATED);
    let got = lying.send(0, lying.file.len()).await;
    assert!(
        got.status == StatusCode::UNPROCESSABLE_ENTITY && got.body.contains("picture-type"),
        "{} {}",
        got.status,
        got.body
    );
    assert_eq!(lying.bare("HEAD").await.status, StatusCode::NOT_FOUND);
    // More bytes than it has.
    let phone = Phone::new(&house);
    phone.begin().await;
    let long = [phone.file.as_slice(), b"more"].concat();
    assert_eq!(phone.piece(0, &long, &sum(&long)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let old = house.ask("HEAD", "mira", &phone.path(), b"", &[("tus-resumable", "0.2.2")]).await;
    assert_eq!(
        (old.status, &old.headers["tus-version"]),
        (StatusCode::PRECONDITION_FAILED, &"1.0.0".parse().expect("a value"))
    );
}

#[tokio::test]
async fn what_is_taken_back_while_it_arrives_is_gone_and_says_so() {
    let house = house().await;
    let phone = Phone::new(&house);
    phone.begin().await;
    phone.send(0, 5_000).await;
    let taken = house.send("nobody", &house.path("/told/:code/withdrawal"), Some("")).await;
    assert!(taken.status.is_redirection(), "{}", taken.status);
    for got in [phone.send(5_000, 6_000).await, phone.bare("HEAD").await, phone.begin().await] {
        assert_eq!(got.status, StatusCode::GONE);
    }
    assert!(phone.begin().await.body.contains("taken-back"));
    let waiting: Vec<_> = std::fs::read_dir(house.folder().join("uploads")).expect("a folder").flatten().collect();
    assert!(waiting.is_empty(), "{waiting:?}");
    // The picture of the same consent went too, and its file with it.
    let files: Vec<_> = std::fs::read_dir(house.folder().join("media")).expect("a folder").flatten().collect();
    assert!(files.is_empty(), "{files:?}");
}

#[tokio::test]
async fn the_server_says_what_it_can() {
    let house = house().await;
    let got = house.ask("OPTIONS", "nobody", "/notebook/files", b"", &[]).await;
    assert_eq!(got.status, StatusCode::NO_CONTENT);
    assert_eq!(got.headers["tus-extension"], "creation,checksum,termination");
    assert_eq!(got.headers["tus-checksum-algorithm"], "sha256");
}
