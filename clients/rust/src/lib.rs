//! A client of the API of a warren node, with nothing but the standard library.
//!
//! ```no_run
//! let client = warren::Client::new("http://127.0.0.1:9471", "token")?;
//! let page = client.list_torrents(&warren::ListTorrentsQuery::default())?;
//! # Ok::<(), warren::Error>(())
//! ```
//!
//! It speaks HTTP without TLS: a node's management is on the machine itself.

use std::io::{BufRead, BufReader, Read};
use std::marker::PhantomData;

mod api;
mod http;
mod json;

pub use api::*;
pub use json::{Bytes, Json};

use http::escape;
use json::Value;

/// Why something did not work.
#[derive(Debug)]
pub enum Error {
    /// The node cannot be reached, or the connection was lost.
    Io(std::io::Error),
    /// What was answered makes no sense.
    Protocol(String),
    /// The node says what is wrong (RFC 9457).
    Problem(Box<ProblemDocument>),
}

impl Error {
    /// Reports whether this is a problem of a type: its last word, such as `not-found`.
    pub fn is(&self, kind: &str) -> bool {
        matches!(self, Error::Problem(p) if p.type_.rsplit(':').next() == Some(kind))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Io(e) => write!(f, "{e}"),
            Error::Protocol(e) => write!(f, "{e}"),
            Error::Problem(p) => write!(f, "{}: {}", p.title, p.detail),
        }
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        Error::Io(e)
    }
}

/// Asks one node.
#[derive(Debug, Clone)]
pub struct Client {
    host: String,
    token: String,
}

impl Client {
    /// Returns a client of the node at an address such as `http://127.0.0.1:9471`, with a
    /// token that was made for it.
    pub fn new(base: &str, token: &str) -> Result<Client, Error> {
        match base.strip_prefix("http://") {
            Some(host) => Ok(Client { host: host.trim_end_matches('/').to_string(), token: token.to_string() }),
            None => Err(Error::Protocol(format!("{base}: want http://HOST:PORT"))),
        }
    }

    fn ask(&self, method: &str, path: &str, query: &[(&str, String)], kind: &str, body: Option<Vec<u8>>) -> Result<http::Answer, Error> {
        let query: Vec<String> = query.iter().map(|(k, v)| format!("{k}={}", escape(v))).collect();
        let path = if query.is_empty() { path.to_string() } else { format!("{path}?{}", query.join("&")) };
        let request = http::Request { host: &self.host, token: &self.token, method, path: &path, kind, body };
        let mut answer = http::ask(&request)?;
        if answer.status < 300 {
            return Ok(answer);
        }
        let mut text = String::new();
        answer.body.read_to_string(&mut text)?;
        let mut problem = json::parse(&text).and_then(|j| ProblemDocument::read(&j)).unwrap_or_default();
        if problem.status == 0 {
            problem.status = i64::from(answer.status);
            problem.title = answer.reason;
        }
        Err(Error::Problem(Box::new(problem)))
    }

    fn send(&self, method: &str, path: &str, query: &[(&str, String)], kind: &str, body: Option<Vec<u8>>) -> Result<Vec<u8>, Error> {
        let mut out = Vec::new();
        self.ask(method, path, query, kind, body)?.body.read_to_end(&mut out)?;
        Ok(out)
    }

    fn fetch<T: Value>(&self, method: &str, path: &str, query: &[(&str, String)], kind: &str, body: Option<Vec<u8>>) -> Result<T, Error> {
        let text = String::from_utf8(self.send(method, path, query, kind, body)?);
        T::read(&json::parse(&text.map_err(|_| Error::Protocol("an answer that is not UTF-8".into()))?)?)
    }

    fn stream<T: Value>(&self, path: &str, query: &[(&str, String)]) -> Result<Events<T>, Error> {
        Ok(Events { lines: self.ask("GET", path, query, "", None)?.body, kind: PhantomData })
    }
}

/// The events of an answer. Each is read as an object that has the name of the event as
/// its one property.
pub struct Events<T> {
    lines: BufReader<http::Body>,
    kind: PhantomData<T>,
}

impl<T: Value> Iterator for Events<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let (mut name, mut data, mut line) = (String::new(), String::new(), String::new());
        loop {
            line.clear();
            match self.lines.read_line(&mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(e) => return Some(Err(e.into())),
            }
            let (field, value) = line.trim_end().split_once(':').unwrap_or((line.trim_end(), ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => name = value.to_string(),
                "data" => data += value,
                "" if value.is_empty() && !data.is_empty() => {
                    return Some(json::parse(&data).and_then(|d| T::read(&json::object(vec![(name.as_str(), d)]))));
                }
                _ => {}
            }
        }
    }
}
