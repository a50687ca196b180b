//! Files in a bucket of an S3-compatible store. Addresses are signed for each request (AWS Signature Version 4), spoken to
//! over one connection each; what the store has answered with 200 it keeps.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Method, Request, StatusCode, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use rusty_s3::{Credentials, S3Action as _, UrlStyle, actions::ListObjectsV2};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use url::Url;
use uuid::Uuid;

use crate::{Result, VaultError};

/// How long a signed address opens.
const OPENS: Duration = Duration::from_mins(5);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// No answer is larger: files are at most some megabytes.
const LARGEST: usize = 64 * 1024 * 1024;

/// Where the bucket is and who we are there.
#[derive(Clone)]
pub struct Settings {
    /// The address with the bucket as its path, `https://s3.city.example/freerange-media`; below it, a folder in the bucket.
    pub endpoint: String,
    /// The region, `eu-central-1`; stores that know none take any word.
    pub region: String,
    /// The name of the key.
    pub key_id: String,
    /// The key.
    pub secret: String,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// A bucket.
pub struct Bucket {
    bucket: rusty_s3::Bucket,
    credentials: Credentials,
    /// What stands before each name: nothing, or a folder with a slash.
    folder: String,
    tls: TlsConnector,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bucket").field("address", &self.bucket.base_url().as_str()).finish_non_exhaustive()
    }
}

impl Bucket {
    /// Does not speak to the store yet.
    pub fn new(settings: &Settings) -> Result<Self> {
        let mut address = Url::parse(&settings.endpoint).map_err(|e| VaultError::Address(e.to_string()))?;
        if !matches!(address.scheme(), "http" | "https") {
            return Err(VaultError::Address("it must begin with https:// (or http:// for trying out)".to_owned()));
        }
        let path = address.path().trim_matches('/').to_owned();
        let (name, folder) = path.split_once('/').unwrap_or((&path, ""));
        if name.is_empty() {
            return Err(VaultError::Address("it must end with the name of the bucket".to_owned()));
        }
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        address.set_path("/");
        let bucket = rusty_s3::Bucket::new(address, UrlStyle::Path, name.to_owned(), settings.region.clone())
            .map_err(|e| VaultError::Address(e.to_string()))?;
        let mut roots = rustls::RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .map_err(|e| VaultError::Address(e.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let credentials = Credentials::new(&settings.key_id, &settings.secret);
        Ok(Self { bucket, credentials, folder, tls: TlsConnector::from(Arc::new(config)) })
    }

    fn key(&self, id: Uuid) -> String {
        format!("{}{}", self.folder, id.hyphenated())
    }

    pub(crate) async fn put(&self, id: Uuid, bytes: Vec<u8>) -> Result<()> {
        let key = self.key(id);
        let address = self.bucket.put_object(Some(&self.credentials), &key).sign(OPENS);
        match self.send(Method::PUT, &address, bytes).await? {
            (StatusCode::OK, _) => Ok(()),
            (StatusCode::INSUFFICIENT_STORAGE, _) => Err(VaultError::Full),
            (status, _) => Err(unexpected(status)),
        }
    }

    pub(crate) async fn get(&self, id: Uuid) -> Result<Option<Vec<u8>>> {
        let key = self.key(id);
        let address = self.bucket.get_object(Some(&self.credentials), &key).sign(OPENS);
        match self.send(Method::GET, &address, Vec::new()).await? {
            (StatusCode::OK, bytes) => Ok(Some(bytes.into())),
            (StatusCode::NOT_FOUND, body) if says(&body, "NoSuchKey") => Ok(None),
            (status, _) => Err(unexpected(status)),
        }
    }

    pub(crate) async fn delete(&self, id: Uuid) -> Result<()> {
        let key = self.key(id);
        let address = self.bucket.delete_object(Some(&self.credentials), &key).sign(OPENS);
        match self.send(Method::DELETE, &address, Vec::new()).await? {
            (StatusCode::OK | StatusCode::NO_CONTENT, _) => Ok(()),
            (StatusCode::NOT_FOUND, body) if says(&body, "NoSuchKey") => Ok(()),
            (status, _) => Err(unexpected(status)),
        }
    }

    pub(crate) async fn list(&self) -> Result<BTreeSet<Uuid>> {
        let mut all = BTreeSet::new();
        let mut next: Option<String> = None;
        loop {
            let mut action = ListObjectsV2::new(&self.bucket, Some(&self.credentials));
            action.with_prefix(self.folder.as_str());
            if let Some(token) = &next {
                action.with_continuation_token(token.as_str());
            }
            let (status, body) = self.send(Method::GET, &action.sign(OPENS), Vec::new()).await?;
            if status != StatusCode::OK {
                return Err(unexpected(status));
            }
            let body = std::str::from_utf8(&body).map_err(|e| VaultError::Store(e.to_string()))?;
            let found = ListObjectsV2::parse_response(body).map_err(|e| VaultError::Store(e.to_string()))?;
            let names = found.contents.iter().filter_map(|c| c.key.strip_prefix(&self.folder));
            all.extend(names.filter_map(|n| Uuid::try_parse(n).ok()));
            next = found.next_continuation_token;
            if next.is_none() {
                return Ok(all);
            }
        }
    }

    async fn send(&self, method: Method, address: &Url, body: Vec<u8>) -> Result<(StatusCode, Bytes)> {
        match tokio::time::timeout(PATIENCE, self.exchange(method, address, body)).await {
            Ok(answered) => answered,
            Err(_) => Err(VaultError::Store("no answer within a minute".to_owned())),
        }
    }

    async fn exchange(&self, method: Method, address: &Url, body: Vec<u8>) -> Result<(StatusCode, Bytes)> {
        let host = address.host_str().ok_or_else(|| VaultError::Address("it names no host".to_owned()))?;
        let port = address.port_or_known_default().unwrap_or(443);
        let named = if address.port().is_some() { format!("{host}:{port}") } else { host.to_owned() };
        let path = address.query().map_or_else(|| address.path().to_owned(), |q| format!("{}?{q}", address.path()));
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, named)
            .body(Full::new(Bytes::from(body)))
            .map_err(|e| VaultError::Store(e.to_string()))?;
        // An address in brackets is how a URL writes IPv6; the resolver wants it bare.
        let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let socket = TcpStream::connect((bare.as_str(), port)).await.map_err(unreachable)?;
        if address.scheme() == "http" {
            return speak(socket, request).await;
        }
        let name = rustls::pki_types::ServerName::try_from(bare).map_err(|e| VaultError::Address(e.to_string()))?;
        speak(self.tls.connect(name, socket).await.map_err(unreachable)?, request).await
    }
}

/// One request and its answer over a connection that ends with it.
async fn speak<S>(stream: S, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes)>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |e: hyper::Error| VaultError::Store(e.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let asked = async {
        let answer = sender.send_request(request).await.map_err(broken)?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), LARGEST).collect().await;
        let body = body.map_err(|e| VaultError::Store(e.to_string()))?.to_bytes();
        Ok((status, body))
    };
    let mut connection = std::pin::pin!(connection);
    let mut asked = std::pin::pin!(asked);
    let mut ended = false;
    loop {
        tokio::select! {
            answered = &mut asked => return answered,
            // The connection may end as soon as the whole answer is there; then only the answer is waited for.
            _ = &mut connection, if !ended => ended = true,
        }
    }
}

fn says(body: &[u8], word: &str) -> bool {
    std::str::from_utf8(body).is_ok_and(|text| text.contains(word))
}

fn unexpected(status: StatusCode) -> VaultError {
    VaultError::Store(format!("it answered {status}"))
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn unreachable(error: std::io::Error) -> VaultError {
    VaultError::Store(format!("it cannot be reached: {error}"))
}
