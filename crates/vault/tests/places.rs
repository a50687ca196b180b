//! What was put is there, whole, until it is taken away; nothing else is touched. The bucket runs where a store is named in
//! `FREERANGE_TEST_S3` (an address with a bucket, `http://127.0.0.1:8806/freerange`), see `scripts/with-s3`.

use freerange_vault::{Pieces, Settings, Vault, VaultError};
use uuid::Uuid;

fn bucket() -> Option<Vault> {
    let endpoint = std::env::var("FREERANGE_TEST_S3").ok()?;
    // A folder of its own in the bucket, so that runs do not see each other.
    let endpoint = format!("{}/{}", endpoint.trim_end_matches('/'), Uuid::new_v4());
    let settings =
        Settings { endpoint, region: "us-east-1".to_owned(), key_id: "key".to_owned(), secret: "secret".to_owned() };
    Some(Vault::bucket(&settings).expect("an address"))
}

async fn holds_what_it_was_given(vault: &Vault) {
    let (one, other) = (Uuid::now_v7(), Uuid::now_v7());
    assert_eq!(vault.get(one).await.expect("answers"), None);
    assert!(vault.list().await.expect("lists").is_empty());
    vault.put(one, b"first".to_vec()).await.expect("is kept");
    vault.put(one, b"second".to_vec()).await.expect("is replaced");
    vault.put(other, vec![0; 300_000]).await.expect("is kept");
    assert_eq!(vault.get(one).await.expect("answers").as_deref(), Some(b"second".as_slice()));
    assert_eq!(vault.get(other).await.expect("answers").map(|b| b.len()), Some(300_000));
    assert_eq!(vault.list().await.expect("lists"), [one, other].into());
    for _ in 0..2 {
        vault.delete(one).await.expect("is gone, however often");
    }
    assert_eq!(vault.get(one).await.expect("answers"), None);
    assert_eq!(vault.list().await.expect("lists"), [other].into());
}

#[tokio::test]
async fn a_place_holds_what_it_was_given_until_it_is_taken_away() {
    let folder = tempfile::tempdir().expect("a folder");
    holds_what_it_was_given(&Vault::folder(folder.path().join("not/yet/there"))).await;
    match bucket() {
        Some(bucket) => holds_what_it_was_given(&bucket).await,
        None => eprintln!("the bucket was skipped: set FREERANGE_TEST_S3, as scripts/with-s3 does"),
    }
}

#[tokio::test]
async fn a_half_written_file_goes_with_its_name_and_other_files_are_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let vault = Vault::folder(folder.path());
    let id = Uuid::now_v7();
    std::fs::write(folder.path().join(format!("{id}.half")), "ha").expect("as a crash leaves it");
    std::fs::write(folder.path().join("README"), "not ours").expect("somebody's");
    assert_eq!(vault.get(id).await.expect("answers"), None, "half a file is no file");
    assert_eq!(vault.list().await.expect("lists"), [id].into(), "but it is seen");
    vault.delete(id).await.expect("is gone");
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("reads").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["README"]);
}

#[tokio::test]
async fn pieces_wait_on_disk_for_one_writer_at_a_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let pieces = Pieces::new(folder.path().join("waiting"));
    let id = Uuid::now_v7();
    let piece = pieces.open(id).await.expect("begins");
    assert!(matches!(pieces.open(id).await, Err(VaultError::Busy)), "one writer");
    let piece = piece.write(0, b"abcdef".to_vec()).await.expect("is written");
    drop(piece);
    let piece = pieces.open(id).await.expect("opens again");
    assert_eq!(piece.there(4).expect("counts"), 4, "what was not acknowledged does not count");
    assert_eq!(piece.there(9).expect("counts"), 6, "what is not there does not count");
    // From where the last acknowledged piece ended; what lay behind it is gone.
    let piece = piece.write(4, b"XY".to_vec()).await.expect("is written");
    let (piece, bytes) = piece.read(6).await.expect("is read");
    assert_eq!(bytes, b"abcdXY");
    assert!(piece.read(7).await.is_err());
    pieces.delete(id).await.expect("is gone");
    pieces.delete(id).await.expect("however often");
    let piece = pieces.open(id).await.expect("begins anew");
    assert_eq!(piece.there(u64::MAX).expect("counts"), 0);
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_an_error_and_not_an_absence() {
    // A port on which nobody listens: taken by us, and let go.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let settings = Settings {
        endpoint: format!("http://127.0.0.1:{port}/bucket"),
        region: "us-east-1".to_owned(),
        key_id: "key".to_owned(),
        secret: "secret".to_owned(),
    };
    let vault = Vault::bucket(&settings).expect("an address");
    assert!(matches!(vault.get(Uuid::now_v7()).await, Err(VaultError::Store(_))));
    assert!(!format!("{settings:?}").contains("secret"), "the key is shown to nobody");
    for endpoint in ["not an address", "ftp://host/bucket", "https://host/"] {
        let wrong = Settings { endpoint: endpoint.to_owned(), ..settings.clone() };
        assert!(matches!(Vault::bucket(&wrong), Err(VaultError::Address(_))), "{endpoint}");
    }
}
