//! HTTP/1.1 (RFC 9112) to a node on this machine: one connection for each request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::Error;

/// An answer whose body is still to be read.
pub struct Answer {
    pub status: u16,
    pub reason: String,
    pub body: BufReader<Body>,
}

/// The body of an answer.
pub struct Body {
    from: BufReader<TcpStream>,
    left: Left,
}

enum Left {
    Bytes(u64),
    Chunk(u64),
    ToEnd,
    Nothing,
}

impl Read for Body {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        if let Left::Chunk(0) = self.left {
            let mut line = String::new();
            self.from.read_line(&mut line)?;
            let size = u64::from_str_radix(line.trim().split(';').next().unwrap_or(""), 16);
            let size = size.map_err(|_| std::io::Error::other("a chunk without a size"))?;
            self.left = if size == 0 { Left::Nothing } else { Left::Chunk(size) };
        }
        let most = match self.left {
            Left::Bytes(n) | Left::Chunk(n) => n.min(to.len() as u64) as usize,
            Left::ToEnd => to.len(),
            Left::Nothing => 0,
        };
        let n = if most > 0 { self.from.read(&mut to[..most])? } else { 0 };
        if n == 0 && most > 0 && !matches!(self.left, Left::ToEnd) {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        self.left = match self.left {
            Left::Bytes(all) => Left::Bytes(all - n as u64),
            Left::Chunk(all) if all == n as u64 => {
                let mut end = [0; 2];
                self.from.read_exact(&mut end)?;
                Left::Chunk(0)
            }
            Left::Chunk(all) => Left::Chunk(all - n as u64),
            Left::ToEnd => Left::ToEnd,
            Left::Nothing => Left::Nothing,
        };
        Ok(n)
    }
}

/// What is asked.
pub struct Request<'a> {
    pub host: &'a str, // HOST:PORT
    pub token: &'a str,
    pub method: &'a str,
    pub path: &'a str,
    pub kind: &'a str,
    pub body: Option<Vec<u8>>,
}

/// Asks, and reads the head of the answer. Reading ends after a minute without a byte.
pub fn ask(r: &Request) -> Result<Answer, Error> {
    let mut c = TcpStream::connect(r.host)?;
    c.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut head = format!(
        "{} {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n",
        r.method, r.path, r.host, r.token
    );
    if let Some(body) = &r.body {
        head += &format!("Content-Type: {}\r\nContent-Length: {}\r\n", r.kind, body.len());
    }
    head += "\r\n";
    c.write_all(head.as_bytes())?;
    if let Some(body) = &r.body {
        c.write_all(body)?;
    }
    let mut from = BufReader::new(c);
    let mut line = String::new();
    from.read_line(&mut line)?;
    let mut words = line.trim().splitn(3, ' ');
    let status = words.nth(1).and_then(|s| s.parse().ok());
    let status = status.ok_or_else(|| Error::Protocol("no answer of HTTP".into()))?;
    let reason = words.next().unwrap_or("").to_string();
    let mut left = if status == 204 { Left::Nothing } else { Left::ToEnd };
    loop {
        line.clear();
        from.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        match (name.to_ascii_lowercase().as_str(), value.trim()) {
            ("content-length", n) if status != 204 => {
                left = Left::Bytes(n.parse().map_err(|_| Error::Protocol("a length that is none".into()))?);
            }
            ("transfer-encoding", "chunked") => left = Left::Chunk(0),
            _ => {}
        }
    }
    Ok(Answer { status, reason, body: BufReader::new(Body { from, left }) })
}

/// Makes a text part of a path or of a query.
pub fn escape(text: &str) -> String {
    let mut out = String::new();
    for b in text.bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(b as char),
            b => out += &format!("%{b:02X}"),
        }
    }
    out
}
