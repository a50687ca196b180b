use super::*;

/// A database that may grow by so many pages of its file and no more, as on a full disk.
async fn with_room(db: &Db, pages: i64) {
    let Db::Sqlite { write, .. } = db else { panic!("a file") };
    let now: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(write).await.expect("counts");
    let most = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {}", now + pages));
    sqlx::query(most).execute(write).await.expect("is limited");
}

async fn put(db: &Db, name: &str, size: usize) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    let sql = "INSERT INTO setting (name, value) VALUES ($1, $2)";
    tx.run(sql, vals![name, "x".repeat(size)]).await?;
    tx.commit().await
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_half_written_and_it_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("full.db").display());
    let db = Db::open(&url, IfMissing::Make).await.expect("opens");
    for n in 0..3 {
        // A limit holds for one connection, and one that met it may have been thrown away since.
        with_room(&db, 2).await;
        let refused = put(&db, &format!("large {n}"), 1_000_000).await;
        assert!(matches!(refused, Err(StoreError::Full)), "{refused:?}");
        put(&db, &format!("small {n}"), 10).await.expect("fits, and nothing is held up by what did not");
    }
    with_room(&db, 10_000).await;
    put(&db, "large", 1_000_000).await.expect("fits now");
    let names = (&db).rows("SELECT name FROM setting ORDER BY name", Vec::new()).await.expect("reads");
    let names: Vec<String> = names.iter().map(|r| r.get("name").expect("a name")).collect();
    assert_eq!(names, ["large", "small 0", "small 1", "small 2"]);
    db.close().await;
}

#[tokio::test]
async fn every_commit_of_the_writer_waits_for_the_disk_and_deleted_text_is_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("city.db").display());
    let db = Db::open(&url, IfMissing::Make).await.expect("opens");
    let Db::Sqlite { write, .. } = &db else { panic!("a file") };
    for (pragma, value) in [("PRAGMA synchronous", 2_i64), ("PRAGMA secure_delete", 1)] {
        let found: i64 = sqlx::query_scalar(pragma).fetch_one(write).await.expect("says");
        assert_eq!(found, value, "{pragma}");
    }
    db.close().await;
}
