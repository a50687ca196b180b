//! The notebook as an app: all of it is there, in one version, and none of it is anybody's.

use crate::house::house;
use axum::http::StatusCode;

#[tokio::test]
async fn the_worker_keeps_every_part_and_the_shell_names_no_other() {
    let house = house().await;
    let worker = house.send("nobody", "/notebook/sw.js", None).await;
    let list = worker.body.split_once("const FILES = ").expect("the list").1;
    let files: Vec<String> = serde_json::from_str(list.split_once(";\n").expect("its end").0).expect("addresses");
    for file in &files {
        assert_eq!(house.send("nobody", file, None).await.status, StatusCode::OK, "{file}");
    }
    // Every file of the folder is a part, so that none is forgotten on a phone without a signal.
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/notebook")).expect("the folder");
    for name in folder.map(|f| f.expect("readable").file_name().to_string_lossy().into_owned()) {
        let own = matches!(name.as_str(), "shell.html" | "sw.js");
        assert!(own || files.iter().any(|f| f.ends_with(&format!("/{name}"))), "{name} is no part");
    }
    let shell = house.send("nobody", "/notebook", None).await.body;
    for part in shell.split('"').filter(|p| p.starts_with("/notebook/app/")) {
        assert!(files.iter().any(|f| f == part), "{part} is not kept");
    }
    assert!(files.len() > 40 && !shell.contains("{{"), "{shell}");
}

#[tokio::test]
async fn the_shell_is_the_same_for_everybody_and_says_nothing_of_anybody() {
    let house = house().await;
    let nobody = house.send("nobody", "/notebook", None).await.body;
    for walker in ["mira", "boss", "admin"] {
        assert_eq!(house.send(walker, "/notebook", None).await.body, nobody, "{walker}");
    }
}

#[tokio::test]
async fn a_part_of_another_version_is_not_there() {
    let house = house().await;
    let shell = house.send("nobody", "/notebook", None).await.body;
    let script = shell.split('"').find(|p| p.ends_with("/app.js")).expect("the script").to_owned();
    assert_eq!(house.send("nobody", &script, None).await.status, StatusCode::OK);
    let other = script.replacen("/app/", "/app/0", 1);
    assert_eq!(house.send("nobody", &other, None).await.status, StatusCode::NOT_FOUND);
}
