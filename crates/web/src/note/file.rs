//! `GET /media/{id}`: a picture or sound of a note. It is asked for anew each time, because it may have been taken back; only
//! when it is the same it is not sent again. A sound can be asked for in part, so that players can jump.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use freerange_domain::id::MediaId;

use crate::{
    problem::Problem,
    request::{Answer, Ctx},
};

pub(super) async fn show(ctx: Ctx, Path(id): Path<MediaId>, asked: HeaderMap) -> Answer {
    let file = ctx.app.store.media_file(&ctx.actor, id).await?;
    let named = |name: header::HeaderName| asked.get(name).and_then(|v| v.to_str().ok());
    let tag = format!("\"{}\"", file.sha256);
    let mut headers = HeaderMap::new();
    let mut set = |name: header::HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    // Opened by itself it is a file and nothing else: it can ask for nothing and run nothing.
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    set(header::CACHE_CONTROL, "private, no-cache");
    set(header::CONTENT_DISPOSITION, "inline");
    set(header::ETAG, &tag);
    if named(header::IF_NONE_MATCH).is_some_and(|known| known.split(',').any(|k| k.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    set(header::CONTENT_TYPE, &file.mime);
    set(header::ACCEPT_RANGES, "bytes");
    let size = file.bytes.len();
    // A part of another version would not fit to what is there: then all of it.
    let same = named(header::IF_RANGE).is_none_or(|known| known == tag);
    match named(header::RANGE).filter(|_| same).map_or(Part::All, |range| part(range, size)) {
        Part::All => Ok((headers, file.bytes).into_response()),
        Part::From(first, last) => {
            set(header::CONTENT_RANGE, &format!("bytes {first}-{last}/{size}"));
            let bytes = file.bytes.get(first..=last).unwrap_or_default().to_vec();
            Ok((StatusCode::PARTIAL_CONTENT, headers, bytes).into_response())
        }
        Part::Nowhere => Err(Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "problem-unreadable")),
    }
}

/// Which part of a file is asked for: first and last byte.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    All,
    From(usize, usize),
    Nowhere,
}

/// `bytes=0-99`, `bytes=100-`, `bytes=-100` (RFC 9110, 14.1.2). Several parts, and what is no range, is all of it.
fn part(range: &str, size: usize) -> Part {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|r| r.split_once('-')) else { return Part::All };
    let (first, last) = match (first.trim(), last.trim()) {
        ("", last) => match last.parse::<usize>() {
            Ok(count) if count > 0 => (size.saturating_sub(count), usize::MAX),
            Ok(_) => return Part::Nowhere,
            Err(_) => return Part::All,
        },
        (first, "") => match first.parse() {
            Ok(first) => (first, usize::MAX),
            Err(_) => return Part::All,
        },
        (first, last) => match (first.parse(), last.parse()) {
            (Ok(first), Ok(last)) if first <= last => (first, last),
            _ => return Part::All,
        },
    };
    if first >= size { Part::Nowhere } else { Part::From(first, last.min(size - 1)) }
}

#[cfg(test)]
mod tests {
    use super::{Part, part};

    #[test]
    fn a_part_is_inside_the_file_or_nowhere() {
        assert_eq!(part("bytes=0-0", 10), Part::From(0, 0));
        assert_eq!(part("bytes=4-", 10), Part::From(4, 9));
        assert_eq!(part("bytes=4-99", 10), Part::From(4, 9));
        assert_eq!(part("bytes=-3", 10), Part::From(7, 9));
        assert_eq!(part("bytes=-30", 10), Part::From(0, 9));
        assert_eq!(part("bytes=10-", 10), Part::Nowhere);
        assert_eq!(part("bytes=-0", 10), Part::Nowhere);
        assert_eq!(part("bytes=0-", 0), Part::Nowhere);
        for odd in ["bytes=5-4", "bytes=a-", "bytes=1-2,4-5", "lines=1-2", "bytes=", "", "bytes=--1"] {
            assert_eq!(part(odd, 10), Part::All, "{odd}");
        }
    }
}
